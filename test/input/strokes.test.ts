import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { CannotTypeError, InvalidArgumentError } from '../../src/errors.js'
import { KEY } from '../../src/input/codes.js'
import { Layout, layoutNames } from '../../src/input/layout.js'
import { maxTextLength, toStrokes } from '../../src/input/strokes.js'

const { LEFTSHIFT, RIGHTALT, LEFTCTRL, LEFTALT } = KEY
const ascii = Array.from({ length: 0x5f }, (_, i) => String.fromCharCode(0x20 + i))

describe('text as keys', () => {
  const cases: [text: string, layout: string, strokes: number[][]][] = [
    ['aA1!', 'us', [[KEY.A], [LEFTSHIFT, KEY.A], [KEY[1]], [LEFTSHIFT, KEY[1]]]],
    ['zy', 'de', [[KEY.Y], [KEY.Z]]],
    [
      '@€',
      'de',
      [
        [RIGHTALT, KEY.Q],
        [RIGHTALT, KEY.E],
      ],
    ],
    ['a&é', 'fr', [[KEY.Q], [KEY[1]], [KEY[2]]]],
    [
      '"@£',
      'uk',
      [
        [LEFTSHIFT, KEY[2]],
        [LEFTSHIFT, KEY.APOSTROPHE],
        [LEFTSHIFT, KEY[3]],
      ],
    ],
    ['ê', 'fr', [[KEY.LEFTBRACE], [KEY.E]]],
    ['^', 'de', [[KEY.GRAVE], [KEY.SPACE]]],
    ['e\u0302', 'fr', [[KEY.LEFTBRACE], [KEY.E]]],
    ['ö', 'us-intl', [[RIGHTALT, KEY.P]]],
    ['привет', 'ru', [[KEY.G], [KEY.H], [KEY.B], [KEY.D], [KEY.T], [KEY.N]]],
    ['a\tb\nc\r\nd', 'us', [[KEY.A], [KEY.TAB], [KEY.B], [KEY.ENTER], [KEY.C], [KEY.ENTER], [KEY.D]]],
    ['{ctrl-c}{F1}{alt-Tab}{enter}', 'us', [[LEFTCTRL, KEY.C], [KEY.F1], [LEFTALT, KEY.TAB], [KEY.ENTER]]],
    [
      '{ctrl-alt-delete}{ctrl--}',
      'us',
      [
        [LEFTCTRL, LEFTALT, KEY.DELETE],
        [LEFTCTRL, KEY.MINUS],
      ],
    ],
    [
      '{ctrl-C}{shift-A}',
      'us',
      [
        [LEFTCTRL, LEFTSHIFT, KEY.C],
        [LEFTSHIFT, KEY.A],
      ],
    ],
    ['{ctrl-a}', 'fr', [[LEFTCTRL, KEY.Q]]],
    [
      '{{}',
      'us',
      [
        [LEFTSHIFT, KEY.LEFTBRACE],
        [LEFTSHIFT, KEY.RIGHTBRACE],
      ],
    ],
    ['{super}', 'us', [[KEY.LEFTMETA]]],
    ['', 'us', []],
  ]
  for (const [text, layout, strokes] of cases) {
    it(`${JSON.stringify(text)} on ${layout}`, () => assert.deepEqual(toStrokes(text, { layout }), strokes))
  }

  it('that is literal names no keys', () => {
    const braces = toStrokes('{f1}\r\n', { literal: true })
    assert.deepEqual(braces.slice(0, 2), [[LEFTSHIFT, KEY.LEFTBRACE], [KEY.F]])
    assert.deepEqual(braces.at(-1), [KEY.ENTER])
    assert.equal(braces.length, 5)
  })

  it('that the layout cannot type is told whole, with the layouts that can', () => {
    assert.throws(
      () => toStrokes('naïve 5 € 😀\u0007', { layout: 'us' }),
      (error: unknown) => {
        assert.ok(error instanceof CannotTypeError)
        assert.match(
          error.message,
          /layout us has no keys for ï \(U\+00EF\), € \(U\+20AC\), 😀 \(U\+1F600\), U\+0007; nothing/,
        )
        assert.doesNotMatch(error.message, /These layouts/)
        return true
      },
    )
    assert.throws(() => toStrokes('ß', { layout: 'us' }), /These layouts have them: .*\bde\b/)
  })

  const wrong: [text: string, options: object, message: RegExp][] = [
    ['{enterr}', {}, /expected a key like .*, received \{enterr\}/],
    ['a{{b{ctrl-', {}, /received "\{ctrl-"/],
    ['{}', {}, /behind "\{", received "\{\}"/],
    ['{ctl-c}', {}, /received \{ctl-c\}/],
    ['a', { layout: 'xx' }, /layout: expected one of be, .*, received "xx"/],
    ['a', { layout: 'toString' }, /layout: expected one of/],
    ['x'.repeat(maxTextLength + 1), {}, /at most 16384 characters/],
  ]
  for (const [text, options, message] of wrong) {
    it(`refuses ${text.slice(0, 20)}`, () => {
      assert.throws(
        () => toStrokes(text, options),
        (error: unknown) => error instanceof InvalidArgumentError && message.test(error.message),
      )
    })
  }

  it('never fails in another way, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          toStrokes(text, { layout: 'de' })
        } catch (error) {
          assert.ok(error instanceof CannotTypeError || error instanceof InvalidArgumentError, String(error))
        }
      }),
    )
  })
})

describe('layouts', () => {
  /** Greek and Russian letters stand where the Latin ones are elsewhere. */
  const other = ['gr', 'ru']
  for (const name of layoutNames.filter((name) => !other.includes(name))) {
    it(`${name} types all of ASCII`, () => {
      const layout = Layout.named(name)
      assert.deepEqual(
        ascii.filter((character) => !layout.strokes(character)),
        [],
      )
    })
  }

  it('press no key twice in a stroke', () => {
    for (const name of layoutNames) {
      for (const character of ascii) {
        for (const stroke of Layout.named(name).strokes(character) ?? []) {
          assert.equal(new Set(stroke).size, stroke.length)
        }
      }
    }
  })
})
