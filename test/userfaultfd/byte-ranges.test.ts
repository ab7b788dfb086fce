import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ByteRange, merged, without } from '../../src/userfaultfd/byte-ranges.js'

const ranges = fc.array(
  fc
    .tuple(fc.nat(40), fc.integer({ min: 1, max: 10 }))
    .map(([start, length]) => ({ start, end: start + length })),
  { maxLength: 8 },
)
const bytesOf = (from: readonly ByteRange[]) =>
  new Set(from.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i)))
const ascending = (bytes: Set<number>) => [...bytes].sort((a, b) => a - b)

test('merged: the same bytes, ascending, disjoint, not adjacent', () => {
  fc.assert(
    fc.property(ranges, (from) => {
      const result = merged(from)
      assert.deepEqual(ascending(bytesOf(result)), ascending(bytesOf(from)))
      for (const [i, { start }] of result.entries()) if (i > 0) assert.ok(start > result[i - 1]!.end)
    }),
  )
})

test('without: what is left', () => {
  fc.assert(
    fc.property(ranges, (others) => {
      const range = { start: 10, end: 30 }
      const left = without(range, others)
      const taken = bytesOf(others)
      const expected = ascending(bytesOf([range])).filter((byte) => !taken.has(byte))
      assert.deepEqual(ascending(bytesOf(left)), expected)
      assert.ok(left.every(({ start, end }) => start < end))
    }),
  )
})
