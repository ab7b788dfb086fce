import { EV, KEY } from '../input/codes.js'
import { type InputEvent, keyValues } from '../input/event.js'
import type { GuestInput, InputConsumer } from '../input/guest-input.js'
import { Layout } from '../input/layout.js'

/** What the Linux console gives for keys that type no character (console_codes(4); keymaps(5), the default strings). */
const sequences = new Map<number, string>([
  [KEY.ESC, '\x1b'],
  [KEY.BACKSPACE, '\x7f'],
  [KEY.TAB, '\t'],
  [KEY.ENTER, '\r'],
  [KEY.KPENTER, '\r'],
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

/** The keypad types what is printed on it, as with Num Lock. */
const keypad = new Map<number, string>([
  ...[...'789-456+1230.'].map((character, i) => [KEY.KP7 + i, character] as const),
  [KEY.KPASTERISK, '*'],
  [KEY.KPSLASH, '/'],
])

/**
 * Keys as a terminal has them, for programs that read their keyboard from standard input: what the kernel's console makes
 * of the same keys. Dead keys type nothing.
 */
export class TerminalKeys implements InputConsumer {
  readonly #input: GuestInput
  readonly #layout: Layout
  readonly #write: (bytes: Uint8Array) => void
  readonly #detach: () => void
  #capsLock = false

  /**
   * @param layout a name of layoutNames
   * @throws InvalidArgumentError an unknown layout
   */
  constructor(input: GuestInput, layout: string, write: (bytes: Uint8Array) => void) {
    this.#layout = Layout.named(layout)
    this.#input = input
    this.#write = write
    this.#detach = input.attach(this)
  }

  input(events: readonly InputEvent[]): void {
    const typed = events
      .filter(({ type, value }) => type === EV.KEY && value !== keyValues.released)
      .map((event) => this.#type(event))
      .join('')
    if (typed !== '') this.#write(Buffer.from(typed))
  }

  /** Idempotent. */
  close(): void {
    this.#detach()
  }

  #type({ code, value }: InputEvent): string {
    if (code === KEY.CAPSLOCK && value === keyValues.pressed) this.#capsLock = !this.#capsLock
    const { state } = this.#input
    const ctrl = state.isDown(KEY.LEFTCTRL) || state.isDown(KEY.RIGHTCTRL)
    const typed = sequences.get(code) ?? keypad.get(code) ?? this.#character(code)
    if (typed === undefined) return ''
    return (state.isDown(KEY.LEFTALT) ? '\x1b' : '') + (ctrl ? controlOf(typed) : typed)
  }

  #character(code: number): string | undefined {
    const { state } = this.#input
    const shift = state.isDown(KEY.LEFTSHIFT) || state.isDown(KEY.RIGHTSHIFT)
    const altGr = state.isDown(KEY.RIGHTALT)
    const typed = this.#layout.character(code, { shift, altGr })
    if (typed === undefined || /^\p{M}$/u.test(typed)) return undefined
    if (!this.#capsLock) return typed
    // Caps Lock is Shift for letters alone.
    return shift ? typed.toLowerCase() : typed.toUpperCase()
  }
}

/** "c" → Ctrl-C. What has no control character stays as it is. */
function controlOf(typed: string): string {
  const code = typed.toUpperCase().charCodeAt(0)
  if (typed === ' ') return '\0'
  return typed.length === 1 && code >= 0x40 && code < 0x60 ? String.fromCharCode(code & 0x1f) : typed
}
