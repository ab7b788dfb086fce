import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TerminalKeys } from '../../src/guests/terminal-keys.js'
import { KEY } from '../../src/input/codes.js'
import { GuestInput } from '../../src/input/guest-input.js'
import { Typist } from '../../src/input/typist.js'

/** What a terminal with a layout gets of a text that is typed with the same layout. */
async function typed(text: string, layout: string): Promise<string> {
  const input = new GuestInput()
  let got = ''
  const keys = new TerminalKeys(input, layout, (bytes) => {
    got += Buffer.from(bytes).toString()
  })
  await new Typist(input).type(text, { layout, intervalMs: 0 })
  keys.close()
  await new Typist(input).type('a', { intervalMs: 0 })
  return got
}

const cases: [text: string, layout: string, got: string][] = [
  ['Hello, 1! {{}', 'us', 'Hello, 1! {}'],
  ['zYé', 'fr', 'zYé'],
  ['ä@€ß', 'de', 'ä@€ß'],
  ['a\tb\n{esc}{backspace}', 'us', 'a\tb\r\x1b\x7f'],
  [
    '{up}{left}{pgdn}{home}{f1}{f5}{f6}{f12}',
    'us',
    '\x1b[A\x1b[D\x1b[6~\x1b[1~\x1b[[A\x1b[[E\x1b[17~\x1b[24~',
  ],
  ['{ctrl-c}{ctrl-space}{ctrl-[}{alt-x}{ctrl-up}', 'us', '\x03\0\x1b\x1bx\x1b[A'],
  ['{capslock}aB1{capslock}a', 'us', 'Ab1a'],
  ['{ctrl}{f13}{menu}', 'us', ''],
  ['ê', 'fr', 'e'],
]
for (const [text, layout, got] of cases) {
  test(`${text} on ${layout}`, async () => assert.equal(await typed(text, layout), got))
}

test('a key that is held repeats, and the keypad types digits', () => {
  const input = new GuestInput()
  let got = ''
  new TerminalKeys(input, 'us', (bytes) => {
    got += Buffer.from(bytes).toString()
  })
  const viewer = input.open()
  for (const down of [true, true, false]) viewer.key(KEY.A, down)
  viewer.key(KEY.KP7, true)
  viewer.key(KEY.KP0, true)
  assert.equal(got, 'aa70')
})
