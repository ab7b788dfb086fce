import { EventEmitter, once } from 'node:events'
import type { DrawOp } from '../draw/op.js'
import { InvalidArgumentError } from '../errors.js'
import { intersection, isEmpty, type Rect, rect } from '../geometry/rect.js'
import type { InputEvent } from '../input/event.js'
import { GuestInput } from '../input/guest-input.js'
import type { TrackerStatus } from '../native/binding.js'
import type { Palette } from '../pixels/format.js'
import { FrameClock } from './frame-clock.js'
import { createMode, type Mode, type ModeOptions, modeBytes } from './mode.js'
import { isPan } from './pan.js'
import { Picture } from './picture.js'
import { Seat, type SeatHost } from './seat.js'
import type { Attachment, Demand, Frame, Sink } from './sink.js'
import { SurfaceMemory } from './surface-memory.js'
import type { SurfaceOptions } from './surface-options.js'
import type { Teller, ToldOp } from './told-drawing.js'

export interface SurfaceStats {
  /** Looks at the tracker. */
  readonly ticks: number
  /** Frames with damage. */
  readonly frames: number
  /** Dirty pages that the tracker told of, before refinement. */
  readonly pages: number
  readonly tracking: Readonly<TrackerStatus>
}

/**
 * Mapped pixels, a tracker on them, and the one clock that turns stores into damage and hands it to the sinks.
 *
 * No sink and no 'damage' listener: the clock stands still. Nothing has to be called after a store, and nothing
 * marked, but for writers that pass by every armed mapping, as pwrite(2) on the memfd does: for those there is markDirty().
 */
export class Surface extends SurfaceMemory {
  /** The guest's keyboard, pointer and touch screen, as viewers share them. */
  readonly input = new GuestInput()
  readonly #picture: Picture
  readonly #clock: FrameClock
  readonly #tellers = new Set<Teller>()
  readonly #seatHost: SeatHost
  #mode: Mode
  #ticks = 0
  #frames = 0
  #closed = false
  /** Says 'settled' when a present has ended or a sink has left, for drain(). */
  readonly #settled = new EventEmitter()

  /**
   * @throws InvalidArgumentError for an option out of range
   * @throws TrackerUnavailableError when the tracker that was asked for by name does not work here
   */
  static async create(options: SurfaceOptions): Promise<Surface> {
    return new Surface(options)
  }

  private constructor(options: SurfaceOptions) {
    const mode = createMode(options)
    super(options, mode)
    const { fps = 60 } = options
    this.#mode = mode
    this.#picture = new Picture(this.memory, this.tracker, this.shadow, mode, this.seats)
    this.#clock = new FrameClock({
      intervalMs: 1000 / fps,
      tick: () => this.#tick(),
      rest: () => !this.seats.owe && (this.appearance.isBlank || this.tracker.watch()),
    })
    this.#seatHost = this.#createSeatHost()
    this.input.attach({ input: (events) => this.#input(events) })
    // A 'damage' listener is a watcher too.
    this.on('newListener', (event) => {
      if (event !== 'damage') return
      this.#clock.start()
      this.setWatched(true)
    })
    this.on('removeListener', () => this.#runClockIfWatched())
  }

  get mode(): Mode {
    return this.#mode
  }

  get bounds(): Rect {
    return rect(0, 0, this.#mode.width, this.#mode.height)
  }

  get closed(): boolean {
    return this.#closed
  }

  get stats(): SurfaceStats {
    this.checkOpen()
    return {
      ticks: this.#ticks,
      frames: this.#frames,
      pages: this.#picture.pages,
      tracking: this.tracker.status(),
    }
  }

  /** Hands the sink all of the surface first, then what changes. */
  attach(sink: Sink, { demand = 'push' }: { demand?: Demand } = {}): Attachment {
    this.checkOpen()
    const seat = new Seat(sink, demand, this.#seatHost)
    seat.reset()
    this.seats.enter(seat)
    this.#runClockIfWatched()
    this.#clock.wake()
    return seat
  }

  /**
   * Draws by one op, at once: what was stored or drawn before is under it, what is stored later is above. Sinks that can
   * are handed the op itself. Nobody else should draw where an exclusive-or is under way.
   * @throws InvalidArgumentError for a value out of range, or an image with too few bytes; nothing was drawn then
   */
  draw(op: DrawOp): void {
    this.checkOpen()
    if (this.#picture.draw(op)) this.#clock.wake()
  }

  /**
   * Somebody has drawn this in memory already. Sinks that can are handed the op, once the rest of its frame was told: see
   * ToldDrawing. Memory counts, whatever is told: the op's rect is compared with it at the next frame.
   * @throws InvalidArgumentError as of draw()
   */
  tell(op: ToldOp): void {
    this.checkOpen()
    if (this.#picture.tell(op)) this.#clock.wake()
  }

  /** Asks `teller` ahead of each frame. @returns what ends that; idempotent */
  attachTeller(teller: Teller): () => void {
    this.checkOpen()
    this.#tellers.add(teller)
    this.#clock.wake()
    return () => this.#tellers.delete(teller)
  }

  wake(): void {
    this.#clock.wake()
  }

  /**
   * Takes what is dirty now, and shows it. Pixels stored before the call are in the shadow when it returns.
   * @returns true if anything had changed
   */
  harvest(): boolean {
    this.checkOpen()
    return this.#tick()
  }

  /**
   * Takes what is dirty now and waits until every sink has shown it: the last picture before a close.
   * @returns false if a sink still owed something after `timeoutMs`
   */
  async drain(timeoutMs: number): Promise<boolean> {
    this.harvest()
    const signal = AbortSignal.timeout(timeoutMs)
    while (!this.#closed && !signal.aborted && this.seats.owe) {
      await once(this.#settled, 'settled', { signal }).catch(() => undefined)
    }
    return !this.seats.owe
  }

  /** The picture as of now, shadow and all. Its pixels are the shadow itself: copy what must outlive the next frame. */
  snapshot(): Omit<Frame, 'damage' | 'ops'> {
    this.harvest()
    return this.#frame()
  }

  /** Says that a writer that no tracker sees may have changed this part. Default: all. */
  markDirty(part: Rect = this.bounds): void {
    this.checkOpen()
    const inside = intersection(part, this.bounds)
    if (!isEmpty(inside)) this.#picture.markDirty(inside)
    this.#clock.wake()
  }

  /**
   * Another way to read the same memory: every sink starts over with all of it. Where nothing but the offset is new, it is
   * a pan().
   * @throws InvalidArgumentError when the mode does not fit into the capacity, which is fixed
   */
  setMode(options: ModeOptions): void {
    this.checkOpen()
    const mode = createMode(options)
    const needed = mode.offsetBytes + modeBytes(mode)
    if (needed > this.capacityBytes) {
      throw new InvalidArgumentError(
        `mode: ${mode.width}x${mode.height} ${mode.format.name} needs ${needed} bytes, the device has ${this.capacityBytes}. ` +
          'Choose a smaller mode, or create the surface with a larger capacityBytes.',
      )
    }
    if (isPan(this.#mode, mode)) this.#pan(mode)
    else this.#changeMode(mode)
    this.wishes.answer(mode)
  }

  /**
   * Shows another part of device memory in the same mode: a scroll, or the other one of two buffers. Sinks see what
   * differs, and hear of no mode. Nothing is read before the next frame.
   * @param offsetBytes of the first visible pixel
   * @throws InvalidArgumentError where the picture would not lie in device memory
   */
  pan(offsetBytes: number): void {
    this.setMode({ ...this.#mode, format: this.#mode.format.name, offsetBytes })
  }

  /**
   * Colours of an indexed format; of others they are kept for later.
   * @param palette 256 × 3 bytes: red, green, blue; copied
   */
  setPalette(palette: Palette): void {
    this.checkOpen()
    if (!this.appearance.setPalette(palette) || !this.#mode.format.indexed) return
    this.#picture.repaint()
    this.#clock.wake()
  }

  /**
   * Darkens the screen, or lets it be seen again. Meanwhile viewers and snapshots see black, and what is stored is not looked
   * at; it is shown at once with level 0. Nothing but this call brings the picture back: the guest decides.
   * @param level FB_BLANK_UNBLANK (0) to FB_BLANK_POWERDOWN (4) of linux/fb.h: from 1 on all are the same to viewers
   * @throws InvalidArgumentError
   */
  blank(level: number): void {
    this.checkOpen()
    if (!this.appearance.setBlankLevel(level)) return
    this.#picture.setBlank(this.appearance.isBlank)
    this.#clock.wake()
  }

  /** Idempotent. Presents under way are aborted; sinks hear surfaceClosed(). */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#clock.stop()
    this.wishes.close()
    this.seats.close()
    this.closeMemory()
    this.emit('close')
    this.removeAllListeners()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #input(events: readonly InputEvent[]): void {
    if (this.#closed) return
    this.emit('input', events)
    this.#clock.wake()
  }

  #createSeatHost(): SeatHost {
    const surface = this
    return {
      get bounds() {
        return surface.bounds
      },
      seatChanged: () => {
        this.#runClockIfWatched()
        this.#settled.emit('settled')
      },
      wake: () => this.#clock.wake(),
      leave: (seat) => {
        this.seats.leave(seat)
        this.#runClockIfWatched()
        this.#settled.emit('settled')
      },
    }
  }

  #runClockIfWatched(): void {
    if (this.#closed) return
    const listened = this.listenerCount('damage') > 0
    if (listened || this.seats.wantFrames) this.#clock.start()
    else this.#clock.stop()
    this.setWatched(listened || !this.seats.isEmpty)
  }

  #tick(): boolean {
    this.#ticks++
    for (const teller of this.#tellers) teller.tell()
    if (this.#closed) return false
    if (!this.appearance.isBlank) this.#picture.takeStores()
    const changed = this.#picture.takeChanged()
    if (changed) {
      this.#frames++
      this.emit('damage', changed)
    }
    this.seats.present(this.#makeFrame)
    return changed !== undefined
  }

  readonly #makeFrame = () => this.#frame()

  #frame(): Omit<Frame, 'damage' | 'ops'> {
    return this.appearance.frame(this.#mode, this.#picture.pixels, this.#frames)
  }

  #pan(mode: Mode): void {
    if (mode.offsetBytes === this.#mode.offsetBytes) return
    this.#mode = mode
    this.#picture.pan(mode)
    this.emit('pan', mode)
    this.#clock.wake()
  }

  #changeMode(mode: Mode): void {
    this.#mode = mode
    this.#picture.setMode(mode)
    this.#frames++
    this.seats.startOver(mode, this.wishes.toldBy)
    this.emit('mode', mode)
    this.#clock.wake()
  }
}
