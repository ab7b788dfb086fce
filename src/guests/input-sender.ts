import { EV, SYN } from '../input/codes.js'
import { type InputEvent, synReport } from '../input/event.js'
import type { GuestInput, InputConsumer } from '../input/guest-input.js'
import * as wire from './wire.js'

/** Events that wait for a process that does not read; more are dropped, and SYN_DROPPED says so. */
export const maxWaitingEvents = 1024
/** Nothing tells when there is room again: it is tried. */
const retryMs = 10

const lost: readonly InputEvent[] = [{ type: EV.SYN, code: SYN.DROPPED, value: 0 }, synReport]

/** Input on its way to a process that takes it by messages (libumfb). */
export class InputSender implements InputConsumer {
  readonly #send: (body: Uint8Array) => boolean
  readonly #detach: () => void
  readonly #waiting: InputEvent[] = []
  #dropping = false
  #retry: NodeJS.Timeout | undefined
  #room: { readonly made: Promise<void>; readonly make: () => void } | undefined

  /** @param send the body of a message; false where the process's queue is full */
  constructor(input: GuestInput, send: (body: Uint8Array) => boolean) {
    this.#send = send
    this.#detach = input.attach(this)
  }

  input(events: readonly InputEvent[]): void {
    if (this.#dropping) return
    if (this.#waiting.length + events.length > maxWaitingEvents) {
      this.#dropping = true
      return
    }
    this.#waiting.push(...events)
    if (!this.#retry) this.#flush()
  }

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

  /** Idempotent. */
  close(): void {
    this.#detach()
    clearTimeout(this.#retry)
    this.#waiting.length = 0
    this.#room?.make()
  }

  #flush(): void {
    this.#retry = undefined
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, wire.maxInputEvents)
      if (!this.#send(wire.input.encode({ count: batch.length, reserved: 0, events: batch }))) {
        this.#retry = setTimeout(() => this.#flush(), retryMs)
        return
      }
      this.#waiting.splice(0, batch.length)
      if (this.#waiting.length === 0 && this.#dropping) {
        this.#dropping = false
        this.#waiting.push(...lost)
      }
    }
    this.#room?.make()
    this.#room = undefined
  }
}
