/** Most of the time that drawing may take while more comes all the time: the rest is the shell's. */
const drawShare = 1 / 16

/** Time for drawing that a pause saves up: after it, a few frames come without delay. */
const maxSavedMs = 40

/**
 * Says when to draw: at once after a pause, then at most once a frame, and never so often that drawing takes more than its
 * share of the time. While nothing changes there is no timer.
 */
export class DrawClock {
  readonly #intervalMs: number
  readonly #draw: () => void
  #timer: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined
  #lastStartMs = Number.NEGATIVE_INFINITY
  #savedMs = maxSavedMs
  #savedAtMs = 0

  constructor(fps: number, draw: () => void) {
    this.#intervalMs = 1000 / fps
    this.#draw = draw
  }

  /** A draw is planned. */
  get pending(): boolean {
    return this.#timer !== undefined || this.#immediate !== undefined
  }

  /** There is something to draw. */
  request(): void {
    if (this.pending) return
    const now = performance.now()
    this.#save(now)
    const frameMs = this.#lastStartMs + this.#intervalMs - now
    const shareMs = this.#savedMs > 0 ? 0 : -this.#savedMs / drawShare
    const delayMs = Math.max(frameMs, shareMs)
    if (delayMs <= 0) this.#immediate = setImmediate(this.#run)
    else this.#timer = setTimeout(this.#run, delayMs)
  }

  /** Draws now what is to be drawn. */
  readonly #run = (): void => {
    this.cancel()
    const start = performance.now()
    this.#save(start)
    this.#lastStartMs = start
    this.#draw()
    this.#savedMs -= performance.now() - start
  }

  /** If a draw is planned, it is done now: who looks at the screen must not see an old one. */
  flush(): void {
    if (this.pending) this.#run()
  }

  cancel(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
    this.#timer = undefined
    this.#immediate = undefined
  }

  #save(now: number): void {
    this.#savedMs = Math.min(maxSavedMs, this.#savedMs + (now - this.#savedAtMs) * drawShare)
    this.#savedAtMs = now
  }
}
