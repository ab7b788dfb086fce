import { KEY } from './codes.js'
import { type KeyEncoding, type KeyModes, withAlt } from './key-encoding.js'
import type { KeyModifiers } from './key-modifiers.js'
import { keypadKeys } from './keypad.js'

/** xterm's ctlseqs, "PC-Style Function Keys". */

/** CSI letter, with modifiers CSI 1;n letter; in application mode SS3 letter. */
const cursorKeys = new Map<number, string>([
  [KEY.UP, 'A'],
  [KEY.DOWN, 'B'],
  [KEY.RIGHT, 'C'],
  [KEY.LEFT, 'D'],
  [KEY.HOME, 'H'],
  [KEY.END, 'F'],
])

/** SS3 letter, with modifiers CSI 1;n letter. */
const firstFunctionKeys = new Map<number, string>([...'PQRS'].map((letter, n) => [KEY.F1 + n, letter]))

/** CSI number ~, with modifiers CSI number;n ~. */
const numberedKeys = new Map<number, number>([
  [KEY.INSERT, 2],
  [KEY.DELETE, 3],
  [KEY.PAGEUP, 5],
  [KEY.PAGEDOWN, 6],
  ...[15, 17, 18, 19, 20, 21].map((number, n) => [KEY.F1 + 4 + n, number] as const),
  [KEY.F11, 23],
  [KEY.F12, 24],
  ...[25, 26, 28, 29, 31, 32, 33, 34].map((number, n) => [KEY.F13 + n, number] as const),
])

/** SS3 letter in application mode: Enter, and what stands for '*' to '9', and '='. */
function keypadLetter(printed: string): string {
  if (printed === '\r') return 'M'
  return printed === '=' ? 'X' : String.fromCharCode(printed.charCodeAt(0) - 0x2a + 0x6a)
}

/** 1 and what is held, a bit each. @returns 1 for none */
function modifierNumber({ shift, alt, ctrl, meta }: KeyModifiers): number {
  return 1 + Number(shift) + 2 * Number(alt) + 4 * Number(ctrl) + 8 * Number(meta)
}

function key(code: number, modifiers: KeyModifiers, { applicationCursor }: KeyModes): string | undefined {
  const number = modifierNumber(modifiers)
  const cursor = cursorKeys.get(code)
  const letter = cursor ?? firstFunctionKeys.get(code)
  if (letter !== undefined) {
    if (number > 1) return `\x1b[1;${number}${letter}`
    return cursor === undefined || applicationCursor ? `\x1bO${letter}` : `\x1b[${letter}`
  }
  const numbered = numberedKeys.get(code)
  if (numbered !== undefined) return `\x1b[${numbered}${number > 1 ? `;${number}` : ''}~`
  switch (code) {
    case KEY.ESC:
      return withAlt('\x1b', modifiers)
    case KEY.BACKSPACE:
      return withAlt(modifiers.ctrl ? '\b' : '\x7f', modifiers)
    case KEY.TAB:
      return withAlt(modifiers.shift ? '\x1b[Z' : '\t', modifiers)
    case KEY.ENTER:
      return withAlt('\r', modifiers)
    default:
      return undefined
  }
}

export const xtermKeys: KeyEncoding = {
  key,
  keypad: (code, numLock, modifiers, modes) => {
    const { printed, withoutNumLock } = keypadKeys.get(code)!
    if (!numLock && withoutNumLock !== undefined) return key(withoutNumLock, modifiers, modes)
    // Digits stay digits with Num Lock, or nobody could type them into an editor.
    const isSequence = modes.applicationKeypad && (!numLock || printed === '\r')
    return withAlt(isSequence ? `\x1bO${keypadLetter(printed)}` : printed, modifiers)
  },
}
