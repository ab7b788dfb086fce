import type { RingConsumer } from '../native/binding.js'
import { binding } from '../native/load.js'
import { decodeIn, type InEvent } from './events.js'
import { decodeKeyboard, type KeyboardEvent } from './keyboard-events.js'
import { eventBytes, framebufferPage, keyboardPage, type RingPlace } from './layout.js'
import type { LaidOutMemory } from './memory.js'

/** One ring to the frontend: takes what is there, at most a ring's worth, so that a flood starves nobody. */
class InRing<E> {
  readonly #consumer: RingConsumer
  readonly #events: Uint8Array
  readonly #view: DataView
  readonly #decode: (view: DataView, offset: number) => E | undefined
  readonly #take: (event: E) => void

  constructor(
    { memory }: LaidOutMemory,
    pageOffset: number,
    place: RingPlace,
    decode: (view: DataView, offset: number) => E | undefined,
    take: (event: E) => void,
  ) {
    this.#consumer = new binding.RingConsumer(memory, pageOffset, place)
    this.#events = new Uint8Array(place.slots * eventBytes)
    this.#view = new DataView(this.#events.buffer)
    this.#decode = decode
    this.#take = take
  }

  /** @returns true where there is more */
  look(): boolean {
    const count = this.#consumer.take(this.#events)
    if (count < 0) return true
    // They were copied: who is told of them may look again.
    const more = this.#consumer.release(count)
    const events = Array.from({ length: count }, (_, i) => this.#decode(this.#view, i * eventBytes))
    for (const event of events) if (event !== undefined) this.#take(event)
    return more
  }
}

export interface InHandler {
  event(event: InEvent): void
  keyboard(event: KeyboardEvent): void
}

/** The rings to the frontend, of both pages. */
export class InRings {
  readonly #framebuffer: InRing<InEvent>
  readonly #keyboard: InRing<KeyboardEvent>

  constructor(memory: LaidOutMemory, handler: InHandler) {
    const { framebufferOffset, keyboardOffset } = memory.layout
    this.#framebuffer = new InRing(memory, framebufferOffset, framebufferPage.in, decodeIn, (event) =>
      handler.event(event),
    )
    this.#keyboard = new InRing(memory, keyboardOffset, keyboardPage.in, decodeKeyboard, (event) =>
      handler.keyboard(event),
    )
  }

  /** @returns true where there is more */
  look(): boolean {
    const more = this.#framebuffer.look()
    return this.#keyboard.look() || more
  }
}
