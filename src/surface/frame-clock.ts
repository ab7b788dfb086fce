export interface FrameClockOptions {
  /** Between two ticks at the least: 1000 / frames a second. */
  readonly intervalMs: number
  /** One frame. Returns true if anything moved. */
  readonly tick: () => boolean
}

/** After this long without movement the clock starts to back off: longer than the pauses inside of an animation. */
const quietMs = 500
/** The longest time between two looks at an idle surface, and so the longest that a first store waits to be seen. */
const idleIntervalMs = 40
/** How fast the interval grows from one idle look to the next. */
const backOff = 1.25

/**
 * The one timer of a surface. While there is work it ticks at the frame rate; when nothing moves it backs off, since
 * a tracker that is polled costs a little at each look; wake() brings it back at once. Stopped, it costs nothing.
 */
export class FrameClock {
  readonly #options: FrameClockOptions
  #timer: NodeJS.Timeout | undefined
  #timerMs = 0
  #running = false
  #lastTickMs = Number.NEGATIVE_INFINITY
  #lastMoveMs = 0
  #currentMs: number

  constructor(options: FrameClockOptions) {
    this.#options = options
    this.#currentMs = options.intervalMs
  }

  get running(): boolean {
    return this.#running
  }

  /** Milliseconds to the next tick as planned now: intervalMs, or more when idle. */
  get intervalMs(): number {
    return this.#currentMs
  }

  start(): void {
    if (this.#running) return
    this.#running = true
    this.wake()
  }

  stop(): void {
    this.#running = false
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Ticks as soon as the frame rate allows: at once after idleness, and at full rate for a while. */
  wake(): void {
    const now = performance.now()
    this.#lastMoveMs = now
    this.#currentMs = this.#options.intervalMs
    if (this.#running) this.#schedule(Math.max(0, this.#lastTickMs + this.#options.intervalMs - now))
  }

  #schedule(delayMs: number): void {
    if (this.#timer && delayMs === this.#timerMs) {
      // A steady beat makes no garbage.
      this.#timer.refresh()
      return
    }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#onTimer, delayMs)
    this.#timer.unref()
    this.#timerMs = delayMs
  }

  readonly #onTimer = (): void => {
    const now = performance.now()
    this.#lastTickMs = now
    // Planned first, so that a wake() inside of the tick, or a tick that throws, leaves a running clock.
    this.#schedule(this.#currentMs)
    const moved = this.#options.tick()
    if (!this.#running) return
    if (moved) {
      this.#lastMoveMs = now
      this.#currentMs = this.#options.intervalMs
    } else if (now - this.#lastMoveMs > quietMs) {
      this.#currentMs = Math.min(
        this.#currentMs * backOff,
        Math.max(idleIntervalMs, this.#options.intervalMs),
      )
    }
  }
}
