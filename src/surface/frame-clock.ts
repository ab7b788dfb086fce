export interface FrameClockOptions {
  /** Between two ticks at the least: 1000 / frames a second. */
  readonly intervalMs: number
  /** One frame. Returns true if anything moved. */
  readonly tick: () => boolean
  /**
   * Asked when nothing has moved for a while. True: whatever moves next will call wake(), and there is no need to look.
   */
  readonly rest: () => boolean
}

/** After this long without movement the clock rests or starts to back off: longer than the pauses inside of an animation. */
const quietMs = 200
/** The longest time between two looks at an idle surface, and so the longest that a first store waits to be seen. */
const idleIntervalMs = 40
/** How fast the interval grows from one idle look to the next. */
const backOff = 1.25

/**
 * The one timer of a surface. While there is work it ticks at the frame rate. When nothing moves it rests, where the next
 * store wakes it by itself; else it backs off, since a tracker that is polled costs a little at each look. wake() brings it
 * back at once. Resting or stopped, it costs nothing.
 */
export class FrameClock {
  readonly #options: FrameClockOptions
  #timer: NodeJS.Timeout | undefined
  #timerMs = 0
  #immediate: NodeJS.Immediate | undefined
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
    this.#cancel()
  }

  /** Ticks as soon as the frame rate allows: at once after idleness, and at full rate for a while. */
  wake(): void {
    const now = performance.now()
    this.#lastMoveMs = now
    this.#currentMs = this.#options.intervalMs
    if (this.#running) this.#schedule(Math.max(0, this.#lastTickMs + this.#options.intervalMs - now))
  }

  #cancel(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    clearImmediate(this.#immediate)
    this.#immediate = undefined
  }

  #schedule(delayMs: number): void {
    if (this.#immediate) return
    if (delayMs === 0) {
      // A timer of 0 is one of 1 ms.
      clearTimeout(this.#timer)
      this.#timer = undefined
      // Not unref(): the loop would sleep before an immediate that only unreferenced ones have asked for.
      this.#immediate = setImmediate(this.#onTimer)
    } else if (this.#timer && delayMs === this.#timerMs) {
      // A steady beat makes no garbage.
      this.#timer.refresh()
    } else {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(this.#onTimer, delayMs).unref()
      this.#timerMs = delayMs
    }
  }

  readonly #onTimer = (): void => {
    const now = performance.now()
    this.#lastTickMs = now
    this.#immediate = undefined
    // Planned first, so that a wake() inside of the tick, or a tick that throws, leaves a running clock.
    this.#schedule(this.#currentMs)
    const moved = this.#options.tick()
    if (!this.#running) return
    if (moved) {
      this.#lastMoveMs = now
      this.#currentMs = this.#options.intervalMs
    } else if (now - this.#lastMoveMs <= quietMs) {
      return
    } else if (this.#options.rest()) {
      this.#cancel()
    } else {
      this.#currentMs = Math.min(
        this.#currentMs * backOff,
        Math.max(idleIntervalMs, this.#options.intervalMs),
      )
    }
  }
}
