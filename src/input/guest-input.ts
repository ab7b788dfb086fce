import { type InputEvent, synReport } from './event.js'
import { InputSource } from './input-source.js'
import { InputState } from './input-state.js'

/** Who takes the events to a guest: a connection, an open event device. */
export interface InputConsumer {
  /** One batch: it ends with SYN_REPORT. */
  input(events: readonly InputEvent[]): void
  /** undefined: it could take more without losing any. Else resolves when it is worth to ask again. */
  room?(): Promise<void> | undefined
}

/** Where the names of touches start over (TRKID_MAX of linux/input/mt.h). */
const maxTrackingId = 0xffff

/**
 * The keyboard, pointer and touch screen of one guest, which all viewers share. Keys and buttons are counted: one that
 * two hold goes up when the last of them lets go, and a press of a key that is down is its repetition.
 *
 * Locks and layouts are the guest's: only places of keys go to it.
 */
export class GuestInput {
  /** What all events so far come to. */
  readonly state = new InputState()
  readonly #consumers = new Set<InputConsumer>()
  /** Keys and buttons that are down, with the number of those who hold each. */
  readonly #holders = new Map<number, number>()
  #lastTrackingId = -1

  /** @returns what takes it away again; idempotent */
  attach(consumer: InputConsumer): () => void {
    this.#consumers.add(consumer)
    return () => this.#consumers.delete(consumer)
  }

  /** For one viewer, or one that types: what it holds is released by its close(). */
  open(): InputSource {
    return new InputSource(this)
  }

  /** To the guest as they are: whose keys they are is not counted. SYN_REPORT is added where it is missing. */
  send(events: readonly InputEvent[]): void {
    const last = events.at(-1)
    if (!last) return
    const isWhole = last.type === synReport.type && last.code === synReport.code
    const batch = isWhole ? events : [...events, synReport]
    for (const event of batch) this.state.apply(event)
    for (const consumer of this.#consumers) consumer.input(batch)
  }

  /** Resolves when it is worth to ask again; undefined: every consumer could take more. */
  room(): Promise<void> | undefined {
    const full = [...this.#consumers]
      .map((consumer) => consumer.room?.())
      .filter((room) => room !== undefined)
    return full.length === 0 ? undefined : Promise.all(full).then(() => undefined)
  }

  /** One more holds the key. @returns true where it is the first */
  hold(code: number): boolean {
    const holders = this.#holders.get(code) ?? 0
    this.#holders.set(code, holders + 1)
    return holders === 0
  }

  /** One of its holders lets go. @returns true where it was the last */
  letGo(code: number): boolean {
    const holders = this.#holders.get(code) ?? 0
    if (holders > 1) this.#holders.set(code, holders - 1)
    else this.#holders.delete(code)
    return holders === 1
  }

  /** A name for one more touch. */
  nextTrackingId(): number {
    this.#lastTrackingId = (this.#lastTrackingId + 1) & maxTrackingId
    return this.#lastTrackingId
  }
}
