import { EV, SYN_REPORT } from './codes.js'
import type { InputEvent } from './event.js'
import { keysymToCode } from './keysym.js'

export const synReport: InputEvent = { type: EV.SYN, code: SYN_REPORT, value: 0 }

/** Values of EV_KEY. */
const released = 0
const pressed = 1
const repeated = 2

/** The keys that one viewer holds. */
export class Keyboard {
  readonly #held = new Set<number>()
  #unknownKeysyms = 0

  /** Key events that were ignored, because no key of the guest's keyboard gives that keysym. */
  get unknownKeysyms(): number {
    return this.#unknownKeysyms
  }

  /** A press of a held key is its repetition; a release of a key that is not held means nothing. */
  keysym(keysym: number, down: boolean): InputEvent[] {
    const code = keysymToCode(keysym)
    if (code === undefined) {
      this.#unknownKeysyms++
      return []
    }
    const held = this.#held.has(code)
    if (!down && !held) return []
    if (down) this.#held.add(code)
    else this.#held.delete(code)
    return [{ type: EV.KEY, code, value: down ? (held ? repeated : pressed) : released }, synReport]
  }

  /** Lets go of everything: the viewer left, or may send no input any more. */
  releaseAll(): InputEvent[] {
    if (this.#held.size === 0) return []
    const events = [...this.#held].map((code): InputEvent => ({ type: EV.KEY, code, value: released }))
    this.#held.clear()
    return [...events, synReport]
  }
}
