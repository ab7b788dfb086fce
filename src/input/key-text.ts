import { KEY } from './codes.js'
import type { KeyModifiers } from './key-modifiers.js'
import type { Layout } from './layout.js'

/** A dead key's mark as a character of its own, where nothing goes with it. */
const loneMarks = new Map([
  ['\u0300', '`'],
  ['\u0301', "'"],
  ['\u0302', '^'],
  ['\u0303', '~'],
  ['\u0308', '"'],
])

function isMark(character: string): boolean {
  return /^\p{M}$/u.test(character)
}

/** What a keyboard with a layout types, press by press: Caps Lock and dead keys are remembered. */
export class KeyText {
  readonly #layout: Layout
  #capsLock = false
  #deadMark = ''

  constructor(layout: Layout) {
    this.#layout = layout
  }

  /**
   * A key was pressed, for the first time or by its repetition.
   * @returns the characters that it types: none for a dead key, two where a dead key's mark cannot be put on this one;
   *   undefined for a key that types none with these modifiers
   */
  press(code: number, isRepetition: boolean, modifiers: KeyModifiers): string | undefined {
    if (code === KEY.CAPSLOCK && !isRepetition) this.#capsLock = !this.#capsLock
    const character = this.#character(code, modifiers)
    if (character === undefined) return undefined
    const mark = this.#deadMark
    this.#deadMark = ''
    if (isMark(character)) {
      if (mark === '') {
        this.#deadMark = character
        return ''
      }
      // Twice, or two of them: the marks themselves.
      return (
        (loneMarks.get(mark) ?? mark) + (mark === character ? '' : (loneMarks.get(character) ?? character))
      )
    }
    if (mark === '') return character
    const composed = (character + mark).normalize('NFC')
    if ([...composed].length === 1) return composed
    const lone = loneMarks.get(mark) ?? ''
    return character === ' ' ? lone : lone + character
  }

  /** A key that types no character was pressed: what a dead key began is given up. */
  forgetMark(): void {
    this.#deadMark = ''
  }

  #character(code: number, { shift, altGr }: KeyModifiers): string | undefined {
    const typed = this.#layout.character(code, { shift, altGr })
    if (typed === undefined || !this.#capsLock || isMark(typed)) return typed
    // Caps Lock is Shift for letters alone.
    return shift ? typed.toLowerCase() : typed.toUpperCase()
  }
}
