import type { RingProducer } from '../native/binding.js'
import { encodeKeyboard, type KeyboardEvent } from './keyboard-events.js'
import { eventBytes } from './layout.js'

/** Events that wait for a full ring. Beyond, presses and motion are dropped; of each release the newest is kept. */
export const maxWaitingEvents = 64
/** Nothing tells when there is room again: it is tried. */
const retryMs = 10

/** Input on its way to the frontend. */
export class KeyboardRing {
  readonly #ring: RingProducer
  readonly #bell: () => void
  readonly #slot = new Uint8Array(eventBytes)
  readonly #view = new DataView(this.#slot.buffer)
  #waiting: KeyboardEvent[] = []
  #retry: NodeJS.Timeout | undefined
  #room: { readonly made: Promise<void>; readonly make: () => void } | undefined

  /** @param bell rings the frontend's doorbell */
  constructor(ring: RingProducer, bell: () => void) {
    this.#ring = ring
    this.#bell = bell
  }

  send(events: readonly KeyboardEvent[]): void {
    for (const event of events) this.#queue(event)
    if (!this.#retry) this.#flush()
  }

  /** undefined: it could take more without losing any. Else resolves when it is worth to ask again. */
  room(): Promise<void> | undefined {
    if (this.#waiting.length === 0) return undefined
    if (!this.#room) {
      let make = () => {}
      const made = new Promise<void>((resolve) => {
        make = resolve
      })
      this.#room = { made, make }
    }
    return this.#room.made
  }

  /** Idempotent. What waits is forgotten: the frontend is another one, or none. */
  close(): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#waiting = []
    this.#makeRoom()
  }

  #queue(event: KeyboardEvent): void {
    if (this.#waiting.length >= maxWaitingEvents) {
      if (!isRelease(event)) return
      this.#waiting = this.#waiting.filter((other) => !isSameRelease(other, event))
    }
    this.#waiting.push(event)
  }

  #flush(): void {
    this.#retry = undefined
    let sent = 0
    for (const event of this.#waiting) {
      encodeKeyboard(this.#view, 0, event)
      if (this.#ring.post(this.#slot, 1) === 0) break
      sent++
    }
    this.#waiting.splice(0, sent)
    if (this.#ring.takeBell()) this.#bell()
    if (this.#waiting.length > 0) this.#retry = setTimeout(() => this.#flush(), retryMs).unref()
    else this.#makeRoom()
  }

  #makeRoom(): void {
    this.#room?.make()
    this.#room = undefined
  }
}

/** Something would stay pressed if it were lost. The frontend hears of a finger that left at the next SYN. */
function isRelease(event: KeyboardEvent): boolean {
  if (event.type === 'key') return !event.pressed
  return event.type === 'mtouch' && (event.event === 'up' || event.event === 'syn')
}

function isSameRelease(a: KeyboardEvent, b: KeyboardEvent): boolean {
  if (!isRelease(a)) return false
  if (a.type === 'key') return b.type === 'key' && a.keycode === b.keycode
  return a.type === 'mtouch' && b.type === 'mtouch' && a.event === b.event && a.contact === b.contact
}
