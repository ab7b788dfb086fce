import { EV, firstButton, KEY } from './codes.js'
import { type InputEvent, keyValues } from './event.js'
import { InputState } from './input-state.js'
import { controlOf, type KeyEncoding, type KeyModes, plainKeyModes, withAlt } from './key-encoding.js'
import { modifiersOf } from './key-modifiers.js'
import { KeyText } from './key-text.js'
import { keypadKeys } from './keypad.js'
import { Layout } from './layout.js'

/** What has no part in what others type: held, or a switch. */
const silentKeys: ReadonlySet<number> = new Set([
  KEY.LEFTSHIFT,
  KEY.RIGHTSHIFT,
  KEY.LEFTCTRL,
  KEY.RIGHTCTRL,
  KEY.LEFTALT,
  KEY.RIGHTALT,
  KEY.LEFTMETA,
  KEY.RIGHTMETA,
  KEY.CAPSLOCK,
  KEY.NUMLOCK,
])

export interface TerminalKeysOptions {
  /** A name of layoutNames. */
  readonly layout: string
  readonly encoding: KeyEncoding
  /** Asked at each key. Default: none is set. */
  readonly modes?: () => KeyModes
}

/** A keyboard's events as the bytes of a terminal, for programs that read their keyboard there. Num Lock is on at first. */
export class TerminalKeys {
  /** What is held. */
  readonly state = new InputState()
  readonly #text: KeyText
  /** Of a layout without Latin letters, whose keys give the control characters of a US keyboard. */
  readonly #us = Layout.named('us')
  readonly #encoding: KeyEncoding
  readonly #modes: () => KeyModes
  #numLock = true

  /** @throws InvalidArgumentError an unknown layout */
  constructor({ layout, encoding, modes = () => plainKeyModes }: TerminalKeysOptions) {
    this.#text = new KeyText(Layout.named(layout))
    this.#encoding = encoding
    this.#modes = modes
  }

  /** @param event of any type; those that are no key's change nothing. @returns what the terminal gives, or '' */
  type(event: InputEvent): string {
    this.state.apply(event)
    const { type, code, value } = event
    if (type !== EV.KEY || value === keyValues.released || code >= firstButton) return ''
    if (code === KEY.NUMLOCK && value === keyValues.pressed) this.#numLock = !this.#numLock
    const modifiers = modifiersOf(this.state)
    const typed = this.#text.press(code, value === keyValues.repeated, modifiers)
    if (typed !== undefined) {
      return withAlt(modifiers.ctrl ? controlOf(this.#latin(typed, code)) : typed, modifiers)
    }
    if (silentKeys.has(code)) return ''
    this.#text.forgetMark()
    const sequence = keypadKeys.has(code)
      ? this.#encoding.keypad(code, this.#numLock, modifiers, this.#modes())
      : this.#encoding.key(code, modifiers, this.#modes())
    return sequence ?? ''
  }

  #latin(typed: string, code: number): string {
    return /[^\0-\x7f]/.test(typed) ? (this.#us.character(code) ?? typed) : typed
  }
}
