/** As Linux's and X's keyboards do, but later: viewers' own repetition is to come first. */
const delayMs = 800
const intervalMs = 40
/** A release that got lost on the way is not to type for ever. */
const maxHeldMs = 30_000

/** Repeats a key that is held where the viewer does not: one that repeats by itself is left alone. */
export class KeyRepeat {
  readonly #repeat: (code: number) => void
  #code: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(repeat: (code: number) => void) {
    this.#repeat = repeat
  }

  pressed(code: number): void {
    this.stop()
    this.#code = code
    const endMs = performance.now() + maxHeldMs
    const next = () => {
      if (performance.now() > endMs) return
      this.#timer = setTimeout(next, intervalMs).unref()
      this.#repeat(code)
    }
    this.#timer = setTimeout(next, delayMs).unref()
  }

  released(code: number): void {
    if (code === this.#code) this.stop()
  }

  /** Nothing is repeated any more: the viewer does it, or the console is gone. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#code = undefined
  }
}
