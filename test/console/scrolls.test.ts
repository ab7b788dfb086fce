import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findScrolls } from '../../src/console/scrolls.js'

const rows = (text: string) => Uint32Array.from(text, (character) => character.charCodeAt(0))

const cases: [what: string, before: string, after: string, found: ReturnType<typeof findScrolls>][] = [
  ['one line more', 'abcdef', 'bcdefg', [{ from: 1, to: 0, count: 5 }]],
  ['two lines less', 'abcdef', '12abcd', [{ from: 0, to: 2, count: 4 }]],
  ['a region', 'abcdefgh', 'abdeXfgh', [{ from: 3, to: 2, count: 2 }]],
  [
    'two regions',
    'abcdefgh',
    'bcdXYefg',
    [
      { from: 1, to: 0, count: 3 },
      { from: 4, to: 5, count: 3 },
    ],
  ],
  [
    'up, the upper ones first: the lower ones lie on them',
    'abcdefghij',
    'bcdeghijXY',
    [
      { from: 1, to: 0, count: 4 },
      { from: 6, to: 4, count: 4 },
    ],
  ],
  [
    'down, the lower ones first',
    'abcdefghij',
    'XYabcdfghi',
    [
      { from: 5, to: 6, count: 4 },
      { from: 0, to: 2, count: 4 },
    ],
  ],
  ['rows that are there twice, between others', 'a  b  c  ', '  b  c  d', [{ from: 1, to: 0, count: 7 }]],
  ['nothing but the same again', 'aaaaaa', 'aaaaaa', []],
  ['nothing known', 'abcdef', 'uvwxyz', []],
  ['a single line', 'abcdef', 'aXcdbe', [{ from: 2, to: 2, count: 0 }].slice(1)],
]
for (const [what, before, after, found] of cases) {
  test(what, () => assert.deepEqual(findScrolls(rows(before), rows(after)), found))
}

test('whatever is found lies on the screen, and says what has moved', () => {
  const screen = fc.uint8Array({ minLength: 1, maxLength: 40, max: 12 })
  fc.assert(
    fc.property(screen, screen, (a, b) => {
      const length = Math.min(a.length, b.length)
      const [before, after] = [Uint32Array.from(a.slice(0, length)), Uint32Array.from(b.slice(0, length))]
      for (const { from, to, count } of findScrolls(before, after)) {
        assert.ok(from !== to && count >= 2 && from >= 0 && from + count <= length && to + count <= length)
        assert.deepEqual(before.slice(from, from + count), after.slice(to, to + count))
      }
    }),
  )
})
