import { setTimeout as delay } from 'node:timers/promises'
import type { DeviceMemory } from '../native/binding.js'
import { type Attachment, attachTo } from './attach.js'
import type { Link } from './link.js'

const firstDelayMs = 20
const longestDelayMs = 1000

/** Finds a backend again for device memory that exists, as often as it goes. */
export class Reconnector {
  readonly #path: string
  readonly #program: string
  readonly #memory: DeviceMemory
  readonly #stopped = new AbortController()

  constructor(path: string, program: string, memory: DeviceMemory) {
    this.#path = path
    this.#program = program
    this.#memory = memory
  }

  /** @returns undefined where stop() was called meanwhile */
  async reconnect(): Promise<Link | undefined> {
    const { signal } = this.#stopped
    for (let delayMs = firstDelayMs; ; delayMs = Math.min(2 * delayMs, longestDelayMs)) {
      const attachment = await this.#attempt(signal)
      if (attachment) return attachment.link
      if (signal.aborted) return undefined
      await delay(delayMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Idempotent. */
  stop(): void {
    this.#stopped.abort()
  }

  async #attempt(signal: AbortSignal): Promise<Attachment | undefined> {
    // Whatever the reason is, it may have gone at the next attempt: a backend that is being replaced refuses, too.
    return await attachTo(this.#path, this.#program, this.#memory, {}, signal).catch(() => undefined)
  }
}
