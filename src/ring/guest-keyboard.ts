import type { InputConsumer } from '../input/guest-input.js'
import { binding } from '../native/load.js'
import { InputTranslation } from './input-translation.js'
import { KeyboardRing } from './keyboard-ring.js'
import { keyboardPage } from './layout.js'
import type { LaidOutMemory } from './memory.js'
import type { Feature } from './negotiation.js'
import type { Scanout } from './scanouts.js'

/** What viewers of all scanouts type and point at, on its way to the one frontend. */
export class GuestKeyboard {
  readonly #ring: KeyboardRing
  readonly #attached = new Map<Scanout, () => void>()
  #translation: InputTranslation | undefined

  /** @param bell rings the frontend's doorbell */
  constructor({ memory, layout }: LaidOutMemory, bell: () => void) {
    const producer = new binding.RingProducer(memory, layout.keyboardOffset, keyboardPage.in)
    this.#ring = new KeyboardRing(producer, bell)
  }

  /** A frontend that agreed upon these features; keys that were down are forgotten. */
  connect(features: ReadonlySet<Feature>): void {
    this.#ring.close()
    this.#translation = new InputTranslation(features)
  }

  disconnect(): void {
    this.#ring.close()
    this.#translation = undefined
  }

  /** @param first scanout 0, which places lie in */
  attach(scanout: Scanout, first: Scanout): void {
    const consumer: InputConsumer = {
      input: (events) => {
        const x = (scanout.state?.x ?? 0) - (first.state?.x ?? 0)
        const y = (scanout.state?.y ?? 0) - (first.state?.y ?? 0)
        const place = { x, y, range: first.surface.mode }
        if (this.#translation) this.#ring.send(this.#translation.translate(events, place))
      },
      room: () => this.#ring.room(),
    }
    this.#attached.set(scanout, scanout.surface.input.attach(consumer))
  }

  detach(scanout: Scanout): void {
    this.#attached.get(scanout)?.()
    this.#attached.delete(scanout)
  }

  /** Idempotent. */
  close(): void {
    this.disconnect()
    for (const detach of this.#attached.values()) detach()
    this.#attached.clear()
  }
}
