/** More addresses are not remembered; the one that failed longest ago is forgotten first. */
const maxAddresses = 1024
const maxDelayMs = 10_000

interface Failures {
  readonly count: number
  /** No answer to this address is given before. */
  readonly nextAnswerMs: number
}

/**
 * Slows down who guesses passwords. An answer to an address that has failed waits for the one before it, be it on another
 * connection; at most `maxDelayMs`, so that a guesser cannot lock out for good who shares its address.
 */
export class LoginDelay {
  readonly #delayMs: number
  readonly #failures = new Map<string, Failures>()

  constructor(delayMs: number) {
    this.#delayMs = delayMs
  }

  /** How many milliseconds the answer to a login from this address must wait, which is counted as the latest. */
  reserve(address: string, ok: boolean, nowMs: number): number {
    const before = this.#failures.get(address)
    const waitMs = Math.max(0, (before?.nextAnswerMs ?? 0) - nowMs)
    this.#failures.delete(address)
    if (!ok) {
      const count = (before?.count ?? 0) + 1
      const delayMs = Math.min(this.#delayMs * 2 ** Math.min(count - 1, 16), maxDelayMs)
      this.#failures.set(address, { count, nextAnswerMs: nowMs + waitMs + delayMs })
      if (this.#failures.size > maxAddresses) this.#failures.delete(this.#failures.keys().next().value!)
    }
    return Math.min(waitMs, maxDelayMs)
  }
}
