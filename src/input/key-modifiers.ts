import { KEY } from './codes.js'
import type { InputState } from './input-state.js'

/** What is held beside a key. AltGr is no Alt: it chooses characters. */
export interface KeyModifiers {
  readonly shift: boolean
  readonly alt: boolean
  readonly ctrl: boolean
  readonly meta: boolean
  readonly altGr: boolean
}

export function modifiersOf(state: InputState): KeyModifiers {
  const either = (left: number, right: number) => state.isDown(left) || state.isDown(right)
  return {
    shift: either(KEY.LEFTSHIFT, KEY.RIGHTSHIFT),
    alt: state.isDown(KEY.LEFTALT),
    ctrl: either(KEY.LEFTCTRL, KEY.RIGHTCTRL),
    meta: either(KEY.LEFTMETA, KEY.RIGHTMETA),
    altGr: state.isDown(KEY.RIGHTALT),
  }
}
