import type { Userfaultfd as UserfaultfdHandle } from '../native/binding.js'

/** Lets any number of callers wait for the one moment at which a userfaultfd has something to read. */
export class Readiness {
  readonly #handle: UserfaultfdHandle
  readonly #waiting = new Set<() => void>()

  constructor(handle: UserfaultfdHandle) {
    this.#handle = handle
  }

  /** Resolves when there may be something to read, when `signal` is aborted, or by wakeAll(). */
  async wait(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return
    const { promise, resolve } = withResolvers()
    if (this.#waiting.size === 0) this.#handle.wait(() => this.wakeAll())
    this.#waiting.add(resolve)
    signal?.addEventListener('abort', resolve)
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', resolve)
      if (this.#waiting.delete(resolve) && this.#waiting.size === 0) this.#handle.stopWaiting()
    }
  }

  wakeAll(): void {
    const woken = [...this.#waiting]
    this.#waiting.clear()
    for (const resolve of woken) resolve()
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil
  })
  return { promise, resolve }
}
