/** Half a period, as in X's and DEC's terminals. */
const halfPeriodMs = 530

/** Where nothing happened for so long, the cursor stays. */
const maxIdleMs = 15_000

/** Whether the cursor can be seen right now. It blinks while somebody watches and something happened lately, else it stands. */
export class CursorBlink {
  readonly #changed: () => void
  #timer: NodeJS.Timeout | undefined
  #enabled = false
  #visible = true
  #lastActivityMs = 0

  /** @param changed the cursor came or went */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  get visible(): boolean {
    return this.#visible
  }

  /** @param enabled there is a blinking cursor, and somebody watches */
  set enabled(enabled: boolean) {
    if (enabled === this.#enabled) return
    this.#enabled = enabled
    this.touch()
  }

  /** Something happened: the cursor shows, and blinks from now on. */
  touch(): void {
    this.#lastActivityMs = performance.now()
    this.#show(true)
    if (!this.#enabled) this.#stop()
    else if (this.#timer) this.#timer.refresh()
    else this.#timer = setInterval(() => this.#blink(), halfPeriodMs).unref()
  }

  close(): void {
    this.#stop()
  }

  #blink(): void {
    const isIdle = performance.now() - this.#lastActivityMs > maxIdleMs
    this.#show(isIdle || !this.#visible)
    if (isIdle) this.#stop()
  }

  #stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #show(visible: boolean): void {
    if (visible === this.#visible) return
    this.#visible = visible
    this.#changed()
  }
}
