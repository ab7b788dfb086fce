/**
 * What this holds: whatever a program writes, the picture that was drawn step by step is the one that is drawn from nothing; a
 * scroll is one copy and the new line, a clear one fill; and nothing is drawn that did not change.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { width } from '../../src/geometry/rect.js'
import type { PixelFormatName } from '../../src/pixels/format.js'
import { TestDisplay } from '../support/text-displays.js'

const formats: PixelFormatName[] = ['xrgb8888', 'rgb888', 'rgb565', 'xrgb1555', 'c8', 'rgb332']

/** What programs write, and what they should not. */
const word = fc.oneof(
  fc.constantFrom(
    'a',
    'Zz',
    'hello world',
    '\n',
    '\r\n',
    '\r',
    '\t',
    '\b',
    '日本語',
    'e\u0301',
    'क्ष',
    '😀',
    '─│┌',
    '\x1b',
  ),
  fc.constantFrom(
    '\x1b[H',
    '\x1b[2J',
    '\x1b[K',
    '\x1b[1K',
    '\x1bM',
    '\x1bD',
    '\x1bc',
    '\x1b7',
    '\x1b8',
    '\x1b(0q\x1b(B',
  ),
  fc.constantFrom(
    '\x1b[?1049h',
    '\x1b[?1049l',
    '\x1b[?25l',
    '\x1b[?25h',
    '\x1b[?5h',
    '\x1b[?5l',
    '\x1b[?7l',
    '\x1b[?7h',
  ),
  fc.constantFrom(
    '\x1b[3 q',
    '\x1b[6 q',
    '\x1b[0 q',
    '\x1b]4;1;#123456\x1b\\',
    '\x1b]11;#203040\x07',
    '\x1b]111\x07',
  ),
  fc
    .tuple(fc.constantFrom(...'ABCDEFGHIJKLMPSTXZ@dmr'), fc.array(fc.nat(9), { maxLength: 3 }))
    .map(([final, numbers]) => `\x1b[${numbers.join(';')}${final}`),
  fc.constantFrom(
    '\x1b[1m',
    '\x1b[2m',
    '\x1b[3m',
    '\x1b[4m',
    '\x1b[7m',
    '\x1b[8m',
    '\x1b[9m',
    '\x1b[53m',
    '\x1b[0m',
  ),
  fc.nat(255).map((n) => `\x1b[38;5;${n}m`),
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((rgb) => `\x1b[48;2;${rgb.join(';')}m`),
)
const output = fc.oneof(
  { weight: 4, arbitrary: fc.array(word, { maxLength: 12 }).map((words) => Buffer.from(words.join(''))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
)

for (const format of formats) {
  test(`any bytes, step by step or at once: ${format}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(output, { minLength: 1, maxLength: 6 }), async (steps) => {
        const shown = await TestDisplay.create(undefined, { format })
        try {
          for (const step of steps) await shown.show(step)
          assert.deepEqual(shown.screen.pixels(), await shown.repainted())
        } finally {
          await shown.close()
        }
      }),
      { numRuns: 60 },
    )
  })
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i}`).join('\r\n')

test('a line more is one copy and that line', async (t) => {
  const shown = await TestDisplay.create(t, { columns: 40, rows: 20 })
  await shown.show(numbered(0, 20))
  const ops = await shown.show('\r\nnew')
  assert.equal(ops.filter(({ op }) => op === 'copy').length, 1)
  const copy = ops.find(({ op }) => op === 'copy')
  assert.deepEqual(copy, { op: 'copy', rect: { x1: 0, y1: 0, x2: 320, y2: 19 * 16 }, fromX: 0, fromY: 16 })
  const blits = ops.filter(({ op }) => op === 'blit')
  assert.ok(blits.length <= 3, 'the line, and where the cursor was and is')
})

for (const [what, keys, copies] of [
  ['a line is inserted', '\x1b[5;1H\x1b[L', 1],
  ['three lines are deleted', '\x1b[5;1H\x1b[3M', 1],
  ['a region scrolls', '\x1b[4;12r\x1b[12;1H\n\n\x1b[r', 1],
  ['a region scrolls back', '\x1b[4;12r\x1b[4;1H\x1bM\x1b[r', 1],
  ['two regions scroll', '\x1b[1;8r\x1b[8;1H\n\x1b[10;20r\x1b[20;1H\n\x1b[r', 2],
] as const) {
  test(`${what}: copied`, async (t) => {
    const shown = await TestDisplay.create(t, { columns: 40, rows: 20 })
    await shown.show(numbered(0, 20))
    const ops = await shown.show(keys)
    assert.equal(ops.filter(({ op }) => op === 'copy').length, copies)
    assert.ok(ops.filter(({ op }) => op === 'blit').length <= 2)
    assert.deepEqual(shown.screen.pixels(), await shown.repainted())
  })
}

test('a clear is a fill', async (t) => {
  const shown = await TestDisplay.create(t, { columns: 40, rows: 20 })
  await shown.show(numbered(0, 20))
  const ops = await shown.show('\x1b[?25l\x1b[44m\x1b[2J')
  assert.deepEqual(
    ops.map(({ op }) => op),
    ['fill'],
  )
})

test('only what changed is drawn, and a run of one colour by one op', async (t) => {
  const shown = await TestDisplay.create(t, { columns: 40, rows: 20 })
  await shown.show(`\x1b[?25l${numbered(0, 20)}`)
  assert.deepEqual(await shown.show('\x1b[3;6H2'), [])
  const flushes = shown.screen.flushes
  assert.deepEqual(await shown.show('\x1b[3;1Hline'), [], 'the same again')
  assert.equal(shown.screen.flushes, flushes)
  const [op, ...more] = await shown.show('\x1b[3;1Hother words')
  assert.deepEqual(more, [])
  assert.equal(width(op!.rect), 'other words'.length * 8)
  const colours = await shown.show('\x1b[5;1H\x1b[31mred \x1b[32mgreen\x1b[m')
  assert.equal(colours.filter(({ op }) => op === 'blit').length, 2)
})
