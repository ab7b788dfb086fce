import type { InputEvent } from '../input/event.js'
import { Keyboard } from '../input/keyboard.js'
import { Pointer } from '../input/pointer.js'
import type { Display } from './display.js'

/** One viewer's keys and pointer, on their way to the guest. Of a view-only viewer nothing passes. */
export class ClientInput {
  readonly #display: Display
  readonly #viewOnly: boolean
  readonly #keyboard = new Keyboard()
  readonly #pointer = new Pointer()

  constructor(display: Display, viewOnly: boolean) {
    this.#display = display
    this.#viewOnly = viewOnly
  }

  key(keysym: number, down: boolean): void {
    if (!this.#viewOnly) this.#pass(this.#keyboard.keysym(keysym, down))
  }

  pointer(mask: number, x: number, y: number): void {
    if (!this.#viewOnly) this.#pass(this.#pointer.move(mask, x, y, this.#display.mode))
  }

  /** The viewer is gone: nothing stays pressed. Idempotent. */
  close(): void {
    this.#pass(this.#keyboard.releaseAll())
    this.#pass(this.#pointer.releaseAll())
  }

  #pass(events: readonly InputEvent[]): void {
    if (events.length > 0) this.#display.input(events)
  }
}
