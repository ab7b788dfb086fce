import type { RingConsumer } from '../native/binding.js'
import { decodeOut, type OutEvent } from './events.js'
import { eventBytes, framebufferPage } from './layout.js'

export interface OutRingHost {
  /** What the event points to stays as it is until this returns. */
  event(event: OutEvent): void
  /** The ring cannot be trusted: everything may have changed. */
  lost(): void
  /** A flood has had its share: drain() is due again. */
  more(): void
}

/** Events that are handled in a window of so long. What is beyond waits in the ring, or is lost there as "all dirty". */
export const maxEventsInWindow = 2048
const windowMs = 10

/** What the frontend tells, taken as fast as it comes, but for floods. */
export class OutRing {
  readonly #consumer: RingConsumer
  readonly #host: OutRingHost
  readonly #slots = new Uint8Array(framebufferPage.out.slots * eventBytes)
  readonly #view = new DataView(this.#slots.buffer)
  #draining = false
  #windowStartMs = Number.NEGATIVE_INFINITY
  #taken = 0
  #later: NodeJS.Timeout | undefined

  constructor(consumer: RingConsumer, host: OutRingHost) {
    this.#consumer = consumer
    this.#host = host
  }

  /** Handles what is there. Called by what it calls, it does nothing. */
  drain(): void {
    if (this.#draining) return
    this.#draining = true
    try {
      this.#drain()
    } finally {
      this.#draining = false
    }
  }

  /** What was told until now counts no more. */
  skip(): void {
    this.#consumer.skip()
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#later)
  }

  #drain(): void {
    const now = performance.now()
    if (now - this.#windowStartMs >= windowMs) {
      this.#windowStartMs = now
      this.#taken = 0
    }
    while (this.#taken < maxEventsInWindow) {
      const count = this.#consumer.take(this.#slots)
      if (count === 0) return
      this.#taken += Math.abs(count)
      if (count < 0) {
        this.#host.lost()
        continue
      }
      for (let i = 0; i < count; i++) {
        const event = decodeOut(this.#view, i * eventBytes)
        if (event) this.#host.event(event)
      }
      if (!this.#consumer.release(count)) return
    }
    this.#later ??= setTimeout(() => {
      this.#later = undefined
      this.#host.more()
    }, windowMs).unref()
  }
}
