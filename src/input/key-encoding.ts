import type { KeyModifiers } from './key-modifiers.js'

/** Modes that a program has set on its terminal. */
export interface KeyModes {
  /** DECCKM. */
  readonly applicationCursor: boolean
  /** DECPAM. */
  readonly applicationKeypad: boolean
}

export const plainKeyModes: KeyModes = { applicationCursor: false, applicationKeypad: false }

/** What a terminal makes of a key. One file each. */
export interface KeyEncoding {
  /** Of a key that types no character. @returns undefined where it gives nothing */
  key(code: number, modifiers: KeyModifiers, modes: KeyModes): string | undefined
  /** Of a key of the keypad, with Num Lock on or off. */
  keypad(code: number, numLock: boolean, modifiers: KeyModifiers, modes: KeyModes): string | undefined
}

/** Alt is an escape before it. */
export function withAlt(typed: string, { alt }: KeyModifiers): string {
  return alt && typed !== '' ? `\x1b${typed}` : typed
}

/** "c" → Ctrl-C; what has no control character stays as it is. Ctrl with 2 to 8, / and ? as terminals since the VT100 have it. */
export function controlOf(typed: string): string {
  const digit = '2345678'.indexOf(typed)
  if (typed === ' ') return '\0'
  if (typed === '/') return '\x1f'
  if (typed === '?') return '\x7f'
  if (typed.length === 1 && digit >= 0) return '\0\x1b\x1c\x1d\x1e\x1f\x7f'[digit]!
  const code = typed.toUpperCase().charCodeAt(0)
  return typed.length === 1 && code >= 0x40 && code < 0x60 ? String.fromCharCode(code & 0x1f) : typed
}
