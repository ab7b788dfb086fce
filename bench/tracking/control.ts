import { binding } from '../../src/native/load.js'
import { encode, type Frame } from './frame.js'
import type { Size } from './size.js'

/** struct control, bench/native/control.h. */
const wordsOffset = 56

/** The page that the bench and its writer share: a workload's frames, which one is to be drawn, and what it cost. */
export class Control {
  readonly memory
  readonly bytes: Uint8Array
  readonly #words: Uint32Array
  readonly #times: BigUint64Array
  readonly #places: { first: number; count: number }[] = []

  constructor(frames: readonly Frame[], size: Size) {
    const encoded = frames.map((frame) => encode(frame, size))
    const count = encoded.reduce((sum, words) => sum + words.length, 0)
    this.memory = new binding.DeviceMemory(wordsOffset + 4 * count + 4)
    this.bytes = new Uint8Array(this.memory.buffer)
    this.#words = new Uint32Array(this.memory.buffer)
    this.#times = new BigUint64Array(this.memory.buffer, 32, 3)
    let first = 0
    for (const words of encoded) {
      this.#words.set(words, wordsOffset / 4 + first)
      this.#places.push({ first, count: words.length })
      first += words.length
    }
  }

  get frameCount(): number {
    return this.#places.length
  }

  /**
   * The frame to be drawn next.
   * @param number animates its content
   * @param delayUs that the writer sleeps before
   */
  set(index: number, number: number, delayUs = 0): void {
    const { first, count } = this.#places[index]!
    this.#words[2] = number
    this.#words[3] = first
    this.#words[4] = count
    this.#words[6] = delayUs
  }

  /** Of the last frame: 0 or an errno. */
  get error(): number {
    return this.#words[5]!
  }

  /** Of the last frame, the writer's own time on a processor. */
  get cpuNs(): number {
    return Number(this.#times[0])
  }

  /** Of the last frame, by the clock. */
  get wallNs(): number {
    return Number(this.#times[1])
  }

  /** When the last frame began: as process.hrtime. */
  get startedNs(): bigint {
    return this.#times[2]!
  }

  close(): void {
    this.memory.close()
  }
}
