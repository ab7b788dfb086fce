import { KEY } from './codes.js'
import type { KeyEncoding } from './key-encoding.js'
import { keypadKeys } from './keypad.js'

/** What the Linux console gives for keys that type no character (console_codes(4); keymaps(5), the default strings). */
const sequences = new Map<number, string>([
  [KEY.ESC, '\x1b'],
  [KEY.BACKSPACE, '\x7f'],
  [KEY.TAB, '\t'],
  [KEY.ENTER, '\r'],
  [KEY.UP, '\x1b[A'],
  [KEY.DOWN, '\x1b[B'],
  [KEY.RIGHT, '\x1b[C'],
  [KEY.LEFT, '\x1b[D'],
  [KEY.HOME, '\x1b[1~'],
  [KEY.INSERT, '\x1b[2~'],
  [KEY.DELETE, '\x1b[3~'],
  [KEY.END, '\x1b[4~'],
  [KEY.PAGEUP, '\x1b[5~'],
  [KEY.PAGEDOWN, '\x1b[6~'],
])
for (let n = 0; n < 5; n++) sequences.set(KEY.F1 + n, `\x1b[[${'ABCDE'[n]}`)
for (let n = 5; n < 10; n++) sequences.set(KEY.F1 + n, `\x1b[${12 + n}~`)
for (let n = 0; n < 2; n++) sequences.set(KEY.F11 + n, `\x1b[${23 + n}~`)

/** The kernel's own console, as programs that draw on /dev/fb0 know it. */
export const linuxKeys: KeyEncoding = {
  key: (code, { alt }) => {
    const sequence = sequences.get(code)
    return sequence !== undefined && alt ? `\x1b${sequence}` : sequence
  },
  keypad: (code, numLock) => {
    const { printed, withoutNumLock } = keypadKeys.get(code)!
    return numLock || withoutNumLock === undefined ? printed : sequences.get(withoutNumLock)
  },
}
