import type { RingProducer } from '../native/binding.js'
import { encodeIn, type InEvent } from './events.js'
import { eventBytes } from './layout.js'

/** When a full ring is tried again: nothing tells when there is room. */
const retryMs = 10

/**
 * What the backend asks of the frontend's drawing. Of each kind only the newest counts: so what waits for a full ring is
 * bounded, and nothing is lost.
 */
export class Requests {
  readonly #ring: RingProducer
  readonly #bell: () => void
  readonly #slot = new Uint8Array(eventBytes)
  readonly #view = new DataView(this.#slot.buffer)
  readonly #waiting = new Map<InEvent['type'], InEvent>()
  #retry: NodeJS.Timeout | undefined

  /** @param bell rings the frontend's doorbell */
  constructor(ring: RingProducer, bell: () => void) {
    this.#ring = ring
    this.#bell = bell
  }

  send(request: InEvent): void {
    // At the end of the order, behind what waits.
    this.#waiting.delete(request.type)
    this.#waiting.set(request.type, request)
    if (!this.#retry) this.#flush()
  }

  /** Idempotent. What waits is forgotten. */
  close(): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#waiting.clear()
  }

  #flush(): void {
    this.#retry = undefined
    for (const [type, request] of this.#waiting) {
      encodeIn(this.#view, 0, request)
      if (this.#ring.post(this.#slot, 1) === 0) {
        this.#retry = setTimeout(() => this.#flush(), retryMs).unref()
        break
      }
      this.#waiting.delete(type)
    }
    if (this.#ring.takeBell()) this.#bell()
  }
}
