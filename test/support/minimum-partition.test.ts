import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Bitmap } from './bitmap.js'
import { minimumPartition } from './minimum-partition.js'
import { optimum } from './optimum.js'

const someMask = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }))
  .chain(([width, height]) =>
    fc
      .array(fc.nat(1), { minLength: width * height, maxLength: width * height })
      .map((bits) => new Bitmap(width, height, Uint8Array.from(bits))),
  )

describe('minimumPartition', () => {
  it('is what trying everything finds', () => {
    const partition = { rect: 1, pixel: 0, overCover: false }
    fc.assert(
      fc.property(someMask, (mask) => {
        assert.equal(minimumPartition(mask), optimum(mask, partition))
      }),
      { numRuns: 1000 },
    )
  })

  it('knows rings, crosses and corners that touch', () => {
    assert.equal(minimumPartition(Bitmap.parse('###', '#.#', '###')), 4)
    assert.equal(minimumPartition(Bitmap.parse('.#.', '###', '.#.')), 3)
    assert.equal(minimumPartition(Bitmap.parse('#.#', '.#.', '#.#')), 5)
    assert.equal(minimumPartition(Bitmap.parse('...', '...')), 0)
  })
})

describe('optimum', () => {
  it('weighs rects against pixels', () => {
    const cross = Bitmap.parse('.#.', '###', '.#.')
    const cost = (rect: number) => optimum(cross, { rect, pixel: 1, overCover: true })
    assert.equal(cost(0), 5)
    assert.equal(cost(1), 3 + 5)
    assert.equal(cost(2), 2 + 9)
    assert.equal(cost(10), 10 + 9)
  })

  it('covers empty masks for nothing', () => {
    assert.equal(optimum(new Bitmap(5, 5), { rect: 1, pixel: 1, overCover: true }), 0)
  })
})
