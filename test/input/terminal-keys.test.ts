import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KEY } from '../../src/input/codes.js'
import { keyEvent } from '../../src/input/event.js'
import { GuestInput } from '../../src/input/guest-input.js'
import { type KeyEncoding, type KeyModes, plainKeyModes } from '../../src/input/key-encoding.js'
import { linuxKeys } from '../../src/input/linux-keys.js'
import { TerminalKeys } from '../../src/input/terminal-keys.js'
import { Typist } from '../../src/input/typist.js'
import { xtermKeys } from '../../src/input/xterm-keys.js'

/** What a terminal with a layout gets of a text that is typed with the same layout. */
async function typed(
  text: string,
  layout: string,
  encoding: KeyEncoding,
  modes: KeyModes = plainKeyModes,
): Promise<string> {
  const input = new GuestInput()
  const keys = new TerminalKeys({ layout, encoding, modes: () => modes })
  let got = ''
  input.attach({
    input: (events) => {
      for (const event of events) got += keys.type(event)
    },
  })
  await new Typist(input).type(text, { layout, intervalMs: 0 })
  return got
}

type Case = [text: string, layout: string, got: string, modes?: Partial<KeyModes>]

/** What both give. */
const common: Case[] = [
  ['Hello, 1! {{}', 'us', 'Hello, 1! {}'],
  ['zYé', 'fr', 'zYé'],
  ['ä@€ß', 'de', 'ä@€ß'],
  ['a\tb\n{esc}{backspace}', 'us', 'a\tb\r\x1b\x7f'],
  ['{ctrl-c}{ctrl-space}{ctrl-[}{alt-x}', 'us', '\x03\0\x1b\x1bx'],
  ['{ctrl-/}{ctrl-2}{ctrl-8}{ctrl-_}', 'us', '\x1f\0\x7f\x1f'],
  ['{capslock}aB1{capslock}a', 'us', 'Ab1a'],
  ['{ctrl}{menu}', 'us', ''],
  ['жЩ', 'ru', 'жЩ'],
  ['{ctrl-с}', 'ru', '\x03'],
  ['êñ', 'us-intl', 'êñ'],
  ['^é', 'fr', '^é'],
]
const linux: Case[] = [
  ['{up}{left}{pgdn}{home}{ctrl-up}', 'us', '\x1b[A\x1b[D\x1b[6~\x1b[1~\x1b[A'],
  ['{f1}{f5}{f6}{f12}{f13}', 'us', '\x1b[[A\x1b[[E\x1b[17~\x1b[24~'],
]
const xterm: Case[] = [
  ['{up}{left}{home}{end}', 'us', '\x1b[A\x1b[D\x1b[H\x1b[F'],
  ['{up}{left}{home}{end}', 'us', '\x1bOA\x1bOD\x1bOH\x1bOF', { applicationCursor: true }],
  ['{ctrl-right}{shift-up}{alt-down}{ctrl-shift-home}', 'us', '\x1b[1;5C\x1b[1;2A\x1b[1;3B\x1b[1;6H'],
  ['{ctrl-right}', 'us', '\x1b[1;5C', { applicationCursor: true }],
  ['{pgup}{pgdn}{insert}{delete}{ctrl-delete}', 'us', '\x1b[5~\x1b[6~\x1b[2~\x1b[3~\x1b[3;5~'],
  ['{f1}{f4}{shift-f1}{f5}{ctrl-f5}{f6}', 'us', '\x1bOP\x1bOS\x1b[1;2P\x1b[15~\x1b[15;5~\x1b[17~'],
  ['{f10}{f11}{f12}{f13}{f20}', 'us', '\x1b[21~\x1b[23~\x1b[24~\x1b[25~\x1b[34~'],
  ['{shift-tab}{alt-enter}{ctrl-backspace}{alt-backspace}', 'us', '\x1b[Z\x1b\r\b\x1b\x7f'],
]
for (const [name, encoding, cases] of [
  ['linux', linuxKeys, [...common, ...linux]],
  ['xterm', xtermKeys, [...common, ...xterm]],
] as const) {
  for (const [text, layout, got, modes] of cases) {
    test(`${name}: ${text} on ${layout}${modes ? ', application mode' : ''}`, async () =>
      assert.equal(await typed(text, layout, encoding, { ...plainKeyModes, ...modes }), got))
  }
}

/** What single keys give that no text names, pressed one after the other. */
function pressed(encoding: KeyEncoding, codes: readonly number[], modes = plainKeyModes): string {
  const keys = new TerminalKeys({ layout: 'us', encoding, modes: () => modes })
  return codes.map((code) => keys.type(keyEvent(code, true)) + keys.type(keyEvent(code, false))).join('')
}

test('a key that is held repeats', () => {
  const input = new GuestInput()
  const keys = new TerminalKeys({ layout: 'us', encoding: xtermKeys })
  let got = ''
  input.attach({
    input: (events) =>
      events.forEach((event) => {
        got += keys.type(event)
      }),
  })
  const viewer = input.open()
  for (const down of [true, true, false]) viewer.key(KEY.A, down)
  assert.equal(got, 'aa')
})

test('the keypad types digits, and without Num Lock moves', () => {
  const keypad = [KEY.KP7, KEY.KP0, KEY.KPDOT, KEY.KPPLUS, KEY.KPENTER]
  assert.equal(pressed(linuxKeys, keypad), '70.+\r')
  assert.equal(pressed(xtermKeys, keypad), '70.+\r')
  assert.equal(pressed(linuxKeys, [KEY.NUMLOCK, ...keypad]), '\x1b[1~\x1b[2~\x1b[3~+\r')
  assert.equal(pressed(xtermKeys, [KEY.NUMLOCK, ...keypad]), '\x1b[H\x1b[2~\x1b[3~+\r')
  const application = { applicationCursor: false, applicationKeypad: true }
  assert.equal(pressed(xtermKeys, keypad, application), '70.+\x1bOM')
  assert.equal(pressed(xtermKeys, [KEY.NUMLOCK, KEY.KP5, KEY.KPPLUS], application), '\x1bOu\x1bOk')
})

test('marks that go with nothing are typed themselves; a key between gives one up', () => {
  const circumflex = KEY.LEFTBRACE
  const keys = (codes: number[]) => {
    const french = new TerminalKeys({ layout: 'fr', encoding: xtermKeys })
    return codes
      .map((code) => french.type(keyEvent(code, true)) + french.type(keyEvent(code, false)))
      .join('')
  }
  assert.equal(keys([circumflex, KEY.SPACE]), '^')
  assert.equal(keys([circumflex, circumflex]), '^')
  assert.equal(keys([circumflex, KEY.X]), '^x')
  assert.equal(keys([circumflex, KEY.LEFT, KEY.E]), '\x1b[De')
})
