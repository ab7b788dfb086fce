import { EventEmitter } from 'node:events'
import type { PictureOp } from '../../src/damage/picture-op.js'
import { type Rect, rect } from '../../src/geometry/rect.js'
import type { InputEvent } from '../../src/input/event.js'
import { GuestInput } from '../../src/input/guest-input.js'
import { greyPalette, type Palette } from '../../src/pixels/format.js'
import type { CursorShape } from '../../src/surface/cursor.js'
import type { Mode } from '../../src/surface/mode.js'
import { createMode, type ModeOptions, modeBytes } from '../../src/surface/mode.js'
import { ModeWishes, type ModeWishOptions } from '../../src/surface/mode-wishes.js'
import type { Attachment, Sink } from '../../src/surface/sink.js'
import type { Surface } from '../../src/surface/surface.js'

class FakeSeat implements Attachment {
  readonly sink: Sink
  readonly #display: FakeDisplay
  damage: Rect[]
  ops: PictureOp[] = []
  #news = false
  readonly failures: unknown[] = []
  #asked = false
  #presenting: AbortController | undefined
  closed = false

  constructor(sink: Sink, display: FakeDisplay) {
    this.sink = sink
    this.#display = display
    this.damage = [display.bounds]
  }

  get pending(): boolean {
    return this.#news || this.damage.length > 0 || this.ops.length > 0
  }

  get busy(): boolean {
    return this.#presenting !== undefined
  }

  request(full?: Rect): void {
    if (full) this.damage.push(full)
    this.#asked = true
    this.show()
  }

  news(): void {
    this.#news = true
    this.show()
  }

  show(): void {
    if (this.closed || !this.#asked || !this.pending || this.#presenting) return
    this.#asked = false
    this.#news = false
    const controller = new AbortController()
    this.#presenting = controller
    const taken = this.damage.splice(0)
    const { mode, pixels, palette } = this.#display
    const ops = this.ops.splice(0)
    const frame = { mode, pixels, palette, ops, damage: taken, sequence: 1 }
    const done = this.sink.present(frame, controller.signal)
    Promise.resolve(done).then(
      () => this.#settle(),
      (error: unknown) => {
        this.failures.push(error)
        this.damage.push(...taken)
        this.#settle()
        this.sink.presentFailed?.(error)
      },
    )
  }

  #settle(): void {
    this.#presenting = undefined
    this.#display.emit('settled')
    this.show()
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.#presenting?.abort(new Error('detached'))
  }
}

/** A surface without a clock and without memory of its own: a test says what is damaged, and sees what sinks ask for. */
export class FakeDisplay extends EventEmitter {
  readonly name = 'fake'
  mode: Mode
  pixels: Uint8Array
  palette: Palette = greyPalette()
  readonly inputs: InputEvent[] = []
  readonly input = new GuestInput()
  readonly seats: FakeSeat[] = []
  cursor: CursorShape | undefined
  pointer: { readonly x: number; readonly y: number } | undefined
  readonly #wishes = new ModeWishes({
    mode: () => this.mode,
    capacityBytes: () => 2 ** 26,
    tell: (wish) => this.emit('modeWanted', wish),
  })

  constructor(options: ModeOptions) {
    super()
    this.input.attach({ input: (events) => this.#input(events) })
    this.mode = createMode(options)
    this.pixels = new Uint8Array(modeBytes(this.mode))
  }

  /** For calls that take a surface. */
  get surface(): Surface {
    return this as unknown as Surface
  }

  get bounds(): Rect {
    return rect(0, 0, this.mode.width, this.mode.height)
  }

  attach(sink: Sink): Attachment {
    const seat = new FakeSeat(sink, this)
    this.seats.push(seat)
    return seat
  }

  damage(...rects: Rect[]): void {
    for (const seat of this.seats) {
      seat.damage.push(...rects)
      seat.show()
    }
  }

  /** What a sink takes as an op reaches it as one, what it does not as damage. */
  draw(...ops: PictureOp[]): void {
    for (const seat of this.seats) {
      for (const op of ops) {
        if (seat.sink.takesOps?.includes(op.op)) seat.ops.push(op)
        else seat.damage.push(op.rect)
      }
      seat.show()
    }
  }

  setMode(options: ModeOptions): void {
    this.mode = createMode(options)
    this.pixels = new Uint8Array(modeBytes(this.mode))
    for (const seat of this.seats) {
      seat.damage = [this.bounds]
      seat.ops = []
      seat.sink.modeChanged?.(this.mode, this.#wishes.toldBy)
      seat.show()
    }
    this.#wishes.answer(this.mode)
  }

  requestMode(size: { width: number; height: number }, options?: ModeWishOptions) {
    return this.#wishes.request(size, options)
  }

  setCursor(shape: CursorShape | undefined): void {
    this.cursor = shape
    for (const { sink } of this.seats) sink.cursorChanged?.()
  }

  moveCursor(x: number, y: number): void {
    this.pointer = { x, y }
    for (const { sink } of this.seats) sink.cursorChanged?.()
  }

  bell(): void {
    for (const { sink } of this.seats) sink.bell?.()
  }

  #input(events: readonly InputEvent[]): void {
    this.inputs.push(...events)
    this.emit('input', events)
  }
}
