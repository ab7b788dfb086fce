import type { InputSource } from '../input/input-source.js'
import { keysymToCode } from '../input/keysym.js'
import { Pointer } from '../input/pointer.js'
import { scancodeToCode } from '../input/xt-scancode.js'
import type { Display } from './display.js'

/** One viewer's keys and pointer, on their way to the guest. Of a view-only viewer nothing passes. */
export class ClientInput {
  readonly #display: Display
  readonly #source: InputSource | undefined
  readonly #pointer = new Pointer()
  #unknownKeys = 0

  constructor(display: Display, viewOnly: boolean) {
    this.#display = display
    this.#source = viewOnly ? undefined : display.input.open()
  }

  /** Presses and releases that were ignored, because no key of the guest's keyboard gives that keysym. */
  get unknownKeys(): number {
    return this.#unknownKeys
  }

  /** @param scancode where the key is, from viewers that tell it; its keysym says where it is on a US keyboard */
  key(keysym: number, down: boolean, scancode = 0): void {
    const code = scancodeToCode(scancode) ?? keysymToCode(keysym)
    if (code === undefined) this.#unknownKeys++
    else this.#source?.key(code, down)
  }

  pointer(mask: number, x: number, y: number): void {
    this.#source?.send(this.#pointer.move(mask, x, y, this.#display.mode))
  }

  /** The viewer is gone: nothing stays pressed. Idempotent. */
  close(): void {
    this.#source?.close()
  }
}
