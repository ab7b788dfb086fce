import { InvalidArgumentError } from '../errors.js'
import { maxCursorSide } from './layout.js'
import type { OutQueue } from './out-queue.js'

/** A cursor's shape: pixels 0xAARRGGBB, not premultiplied, in bytes B, G, R, A. */
export interface CursorImage {
  /** 1 to 256, as is the height. */
  readonly width: number
  readonly height: number
  /** width × height × 4 bytes. */
  readonly pixels: Uint8Array
  /** The pixel that points. Default: 0, 0. */
  readonly hotX?: number
  readonly hotY?: number
}

/** What a scanout's cursor looks like, and where it is. No table of device memory has it, so it is kept here. */
export class Cursor {
  readonly #queue: OutQueue
  readonly #scanout: number
  #image: Required<CursorImage> | undefined
  /** Anything was ever said of it. */
  #spoken = false
  #x = 0
  #y = 0

  constructor(queue: OutQueue, scanout: number) {
    this.#queue = queue
    this.#scanout = scanout
  }

  /** @throws InvalidArgumentError */
  set(image: CursorImage | undefined, x: number, y: number): void {
    this.#queue.checkOpen()
    checkPlace(x, y)
    this.#image = image && checkImage(image)
    this.#x = x
    this.#y = y
    this.#spoken = true
    this.repeat()
  }

  /** @throws InvalidArgumentError */
  move(x: number, y: number): void {
    this.#queue.checkOpen()
    checkPlace(x, y)
    this.#x = x
    this.#y = y
    if (this.#image) this.#say('moved')
  }

  /** Says it again, for whom may have missed it. */
  repeat(): void {
    if (this.#spoken) this.#say(this.#image ? 'shape' : 'hidden')
  }

  #say(kind: 'hidden' | 'moved' | 'shape'): void {
    if (!this.#queue.tells || !this.#queue.wants('cursor')) return
    const { width, height, pixels, hotX, hotY } = kind === 'shape' ? this.#image! : noImage
    const heapOffset = kind === 'shape' ? this.#queue.allocate(pixels.length) : 0
    if (heapOffset === undefined) {
      this.#queue.onDropped()
      return
    }
    if (kind === 'shape') this.#queue.heap.write(heapOffset, pixels, 0, width * 4, width * 4, height)
    const place = { scanout: this.#scanout, x: this.#x, y: this.#y }
    this.#queue.say({ type: 'cursor', kind, ...place, hotX, hotY, width, height, heapOffset })
  }
}

const noImage: Required<CursorImage> = { width: 0, height: 0, pixels: new Uint8Array(), hotX: 0, hotY: 0 }

/** As far as coordinates go. */
const farthest = 2 ** 29

function checkPlace(x: number, y: number): void {
  for (const [name, value] of Object.entries({ x, y })) {
    if (Number.isInteger(value) && Math.abs(value) <= farthest) continue
    throw new InvalidArgumentError(
      `${name}: expected a whole number from ${-farthest} to ${farthest}, received ${value}`,
    )
  }
}

function checkImage({ width, height, pixels, hotX = 0, hotY = 0 }: CursorImage): Required<CursorImage> {
  for (const [name, value, least, most] of [
    ['width', width, 1, maxCursorSide],
    ['height', height, 1, maxCursorSide],
    ['hotX', hotX, 0, width - 1],
    ['hotY', hotY, 0, height - 1],
  ] as const) {
    if (Number.isInteger(value) && value >= least && value <= most) continue
    throw new InvalidArgumentError(
      `cursor.${name}: expected a whole number from ${least} to ${most}, received ${value}`,
    )
  }
  const needed = width * height * 4
  if (!(pixels instanceof Uint8Array) || pixels.length < needed) {
    throw new InvalidArgumentError(
      `cursor.pixels: expected a Uint8Array of ${needed} bytes, received ${pixels?.length}`,
    )
  }
  return { width, height, pixels: pixels.slice(0, needed), hotX, hotY }
}
