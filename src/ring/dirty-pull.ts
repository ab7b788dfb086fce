/** A guest that tracks itself and says nothing for so long is taken to have dirtied everything. */
export const silenceMs = 10_000

export interface DirtyPullHost {
  /** Takes the bits that are set. @returns true where there were any */
  takeBits(): boolean
  /** Asks for what is not in the bitmap yet. The answer has the same serial. */
  ask(serial: number): void
  /** Everything may have changed. */
  lost(): void
}

/**
 * Takes the dirty bitmap of a guest that tracks itself, and asks for more as long as there is some: the guest then gets the
 * pages that it stored to out of reach, sets their bits, and answers. One request at a time. A guest that is not asked says
 * by itself when it stores again.
 *
 * A bit is set when its page is out of reach, and taken before the pixels are read: what is stored after the reading
 * faults, and has its bit set again.
 */
export class DirtyPull {
  readonly #host: DirtyPullHost
  /** There was something to take, so that there may be more. */
  #active = true
  /** Of the request under way; 0: none. */
  #asked = 0
  #serial = 0
  #silence: NodeJS.Timeout | undefined

  constructor(host: DirtyPullHost) {
    this.#host = host
  }

  /** Ahead of a frame whose pixels are read after this. */
  beforeFrame(): void {
    if (this.#host.takeBits()) this.#active = true
    if (!this.#active || this.#asked !== 0) return
    this.#serial = (this.#serial + 1) >>> 0 || 1
    this.#asked = this.#serial
    this.#silence = setTimeout(() => this.#giveUp(), silenceMs).unref()
    this.#host.ask(this.#asked)
  }

  /** @param serial of the request that it answers, or 0: the guest says so of its own accord */
  answered(serial: number): void {
    if (serial === 0) this.#active = true
    if (serial === 0 || serial !== this.#asked) return
    this.#settle()
    // The next frame takes the bits, and goes on where there are some.
    this.#active = false
  }

  /** Idempotent. Nobody watches, or the guest is another one. */
  stop(): void {
    this.#settle()
    this.#active = true
  }

  #giveUp(): void {
    this.stop()
    this.#host.lost()
  }

  #settle(): void {
    clearTimeout(this.#silence)
    this.#asked = 0
  }
}
