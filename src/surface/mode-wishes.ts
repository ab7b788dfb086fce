import { InvalidArgumentError } from '../errors.js'
import { type Mode, maxSide } from './mode.js'

/** A size that a viewer would like, as whoever speaks for the guest hears of it. The answer is a call of setMode(). */
export interface ModeWish {
  readonly width: number
  readonly height: number
  /** The guest will not. Without it, and without a new mode, the wish ends after a while. */
  refuse(): void
}

/** What became of a wish. */
export type ModeAnswer =
  /** The guest set a mode: perhaps another one than was wished for. */
  | { readonly outcome: 'set'; readonly mode: Mode }
  | {
      readonly outcome: /** Nobody speaks for the guest. */
        | 'prohibited'
        /** Device memory has no room for it. */
        | 'too-large'
        | 'refused'
        /** The guest said nothing. */
        | 'timeout'
        /** A newer wish took its place before the guest heard of it. */
        | 'replaced'
    }

export interface ModeWishOptions {
  /** Withdraws the wish. */
  readonly signal?: AbortSignal
  /** Who is told apart when the mode changes: see Sink.modeChanged. */
  readonly by?: object
}

export interface ModeWishHost {
  mode(): Mode
  /** Of device memory. */
  capacityBytes(): number
  /** @returns false where nobody listens */
  tell(wish: ModeWish): boolean
}

/** So long has a guest to answer. */
export const wishTimeoutMs = 3000
/** From one wish that the guest is told to the next: a viewer that drags its window has many. */
export const wishIntervalMs = 100

interface Pending {
  readonly width: number
  readonly height: number
  readonly by: object | undefined
  settle(answer: ModeAnswer): void
}

/**
 * The sizes that viewers would like. The guest hears of one at a time, and not too often; of those that come meanwhile the
 * newest waits, and no other.
 */
export class ModeWishes {
  readonly #host: ModeWishHost
  #told: Pending | undefined
  #next: Pending | undefined
  #timeout: NodeJS.Timeout | undefined
  #pause: NodeJS.Timeout | undefined

  constructor(host: ModeWishHost) {
    this.#host = host
  }

  /**
   * Asks the guest for another size.
   * @throws InvalidArgumentError for a size that no mode can have
   * @returns rejects with the signal's reason once that aborts
   */
  async request(
    size: { readonly width: number; readonly height: number },
    { signal, by }: ModeWishOptions = {},
  ): Promise<ModeAnswer> {
    const { width, height } = size
    for (const side of [width, height]) {
      if (!Number.isInteger(side) || side < 1 || side > maxSide) {
        throw new InvalidArgumentError(
          `size: expected 1 to ${maxSide} pixels a side, received ${width}x${height}`,
        )
      }
    }
    signal?.throwIfAborted()
    if (width * height * this.#host.mode().format.bytesPerPixel > this.#host.capacityBytes()) {
      return { outcome: 'too-large' }
    }
    return new Promise<ModeAnswer>((resolve, reject) => {
      const withdraw = () => {
        this.#forget(pending)
        reject(signal!.reason as Error)
      }
      const pending: Pending = {
        width,
        height,
        by,
        settle: (answer) => {
          signal?.removeEventListener('abort', withdraw)
          resolve(answer)
        },
      }
      signal?.addEventListener('abort', withdraw, { once: true })
      this.#next?.settle({ outcome: 'replaced' })
      this.#next = pending
      this.#tell()
    })
  }

  /** Whose wish the guest is to answer; undefined: a mode that it sets is of its own accord. */
  get toldBy(): object | undefined {
    return this.#told?.by
  }

  /** The guest has set a mode. */
  answer(mode: Mode): void {
    if (this.#told) this.#end({ outcome: 'set', mode })
  }

  /** Nobody answers any more. Idempotent. */
  close(): void {
    for (const pending of [this.#told, this.#next]) pending?.settle({ outcome: 'refused' })
    this.#told = undefined
    this.#next = undefined
    clearTimeout(this.#timeout)
    clearTimeout(this.#pause)
  }

  #tell(): void {
    const wish = this.#next
    if (!wish || this.#told) return
    const { width, height } = wish
    const mode = this.#host.mode()
    if (width === mode.width && height === mode.height) {
      this.#next = undefined
      wish.settle({ outcome: 'set', mode })
      return
    }
    if (this.#pause) return
    this.#next = undefined
    this.#told = wish
    this.#timeout = setTimeout(() => this.#end({ outcome: 'timeout' }), wishTimeoutMs).unref()
    this.#pause = setTimeout(() => {
      this.#pause = undefined
      this.#tell()
    }, wishIntervalMs).unref()
    const refuse = () => this.#told === wish && this.#end({ outcome: 'refused' })
    if (!this.#host.tell({ width, height, refuse }) && this.#told === wish) {
      this.#end({ outcome: 'prohibited' })
    }
  }

  #end(answer: ModeAnswer): void {
    const told = this.#told
    this.#told = undefined
    clearTimeout(this.#timeout)
    told?.settle(answer)
    this.#tell()
  }

  #forget(pending: Pending): void {
    if (this.#next === pending) this.#next = undefined
    if (this.#told !== pending) return
    this.#told = undefined
    clearTimeout(this.#timeout)
    this.#tell()
  }
}
