import type { PictureOp, PictureOpName } from '../../src/damage/picture-op.js'
import type { Rect } from '../../src/geometry/rect.js'
import type { Frame, Sink } from '../../src/surface/sink.js'

/**
 * A viewer at its slowest and worst: does the ops and shows the damage of each frame a step at a time, as the test says,
 * and reads each rect's pixels when it comes to it. What it is not told it does not know.
 */
export class ReplayingSink implements Sink {
  readonly name = 'replaying'
  takesOps: readonly PictureOpName[]
  /** Ops that came as such. */
  readonly done: PictureOp[] = []
  /** Ops that it did not take. */
  readonly unasked: PictureOp[] = []
  /** What it shows: the surface's layout. */
  readonly picture: Uint8Array
  readonly #strideBytes: number
  readonly #bytesPerPixel: number
  #steps: (() => void)[] = []
  #present: { frame: Frame; resolve: () => void; reject: (error: Error) => void } | undefined
  #junk = 0

  constructor(frame: Omit<Frame, 'damage' | 'ops'>, takesOps: readonly PictureOpName[]) {
    this.picture = new Uint8Array(frame.pixels.length)
    this.#strideBytes = frame.mode.strideBytes
    this.#bytesPerPixel = frame.mode.format.bytesPerPixel
    this.takesOps = takesOps
  }

  /** A present is under way. */
  get busy(): boolean {
    return this.#present !== undefined
  }

  present(frame: Frame): Promise<void> {
    this.unasked.push(...frame.ops.filter(({ op }) => !this.takesOps.includes(op)))
    this.#steps = [
      ...frame.ops.map((op) => () => this.#repeat(op)),
      ...frame.damage.map((rect) => () => this.#show(frame, rect)),
    ]
    return new Promise((resolve, reject) => {
      this.#present = { frame, resolve, reject }
    })
  }

  /** @param count steps; the present ends with the last one */
  step(count: number): void {
    for (const step of this.#steps.splice(0, count)) step()
    if (this.#steps.length > 0) return
    this.#present?.resolve()
    this.#present = undefined
  }

  /** A present that fails may have done anything to what it was to change. */
  fail(): void {
    if (!this.#present) return
    const { frame, reject } = this.#present
    this.#present = undefined
    this.#steps = []
    for (const part of [...frame.ops.map(({ rect }) => rect), ...frame.damage]) this.lose(part)
    reject(new Error('the test says so'))
  }

  /** The viewer's picture is junk there. */
  lose(part: Rect): void {
    this.#eachRow(part, (from, to) => this.picture.fill(++this.#junk, from, to))
  }

  #repeat(op: PictureOp): void {
    this.done.push(op)
    if (op.op === 'copy') {
      this.#copy(this.picture.slice(), op.rect, op.fromX, op.fromY)
    } else {
      this.#eachRow(op.rect, (from, to) => {
        for (let i = from; i < to; i++) {
          this.picture[i] = op.colour >>> (8 * ((i - from) % this.#bytesPerPixel))
        }
      })
    }
  }

  /** A frame's rows may lie otherwise than in the surface: those of a dark screen are one. */
  #show({ pixels, mode }: Frame, part: Rect): void {
    for (let y = part.y1; y < part.y2; y++) {
      const from = y * mode.strideBytes + part.x1 * this.#bytesPerPixel
      const bytes = (part.x2 - part.x1) * this.#bytesPerPixel
      this.picture.set(
        pixels.subarray(from, from + bytes),
        y * this.#strideBytes + part.x1 * this.#bytesPerPixel,
      )
    }
  }

  #copy(source: Uint8Array, to: Rect, fromX: number, fromY: number): void {
    const shift = (fromY - to.y1) * this.#strideBytes + (fromX - to.x1) * this.#bytesPerPixel
    this.#eachRow(to, (from, end) => this.picture.set(source.subarray(from + shift, end + shift), from))
  }

  #eachRow(part: Rect, visit: (from: number, to: number) => void): void {
    for (let y = part.y1; y < part.y2; y++) {
      const row = y * this.#strideBytes
      visit(row + part.x1 * this.#bytesPerPixel, row + part.x2 * this.#bytesPerPixel)
    }
  }
}
