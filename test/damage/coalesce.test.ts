import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { coalesce, maxRectsAtOnce } from '../../src/damage/coalesce.js'
import { area, type Rect, rect } from '../../src/geometry/rect.js'
import { Region } from '../../src/geometry/region.js'
import { Bitmap } from '../support/bitmap.js'
import { maskKinds, seeded } from '../support/masks.js'
import { assertDisjoint, assertTight } from '../support/rects.js'
import { toRegion } from '../support/regions.js'

const someMask = fc
  .record({
    kind: fc.constantFrom(...Object.keys(maskKinds)),
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 30 }),
    seed: fc.nat(),
  })
  .map(({ kind, width, height, seed }) => maskKinds[kind]!(width, height, seeded(seed)))

const someRectPixels = fc.constantFrom(0, 0.5, 1, 3, 8, 64, 1e6)

function merged(rectPixels: number, ...rects: Rect[]) {
  return coalesce(Region.of(...rects), { rectPixels })
}

describe('coalesce', () => {
  it('covers the region with tight, disjoint rects, and costs no more than the region itself', () => {
    fc.assert(
      fc.property(someMask, someRectPixels, (mask, rectPixels) => {
        const region = toRegion(mask)
        const rects = coalesce(region, { rectPixels })
        assert.ok(Bitmap.ofRects(mask.width, mask.height, rects).covers(mask))
        assertDisjoint(rects)
        assertTight(rects, mask)
        const cost = rects.reduce((sum, r) => sum + area(r) + rectPixels, 0)
        assert.ok(cost <= region.area + region.rectCount * rectPixels)
      }),
      { numRuns: 300 },
    )
  })

  it('covers no pixel more when rects cost nothing', () => {
    fc.assert(
      fc.property(someMask, (mask) => {
        const rects = coalesce(toRegion(mask), { rectPixels: 0 })
        assert.equal(Bitmap.ofRects(mask.width, mask.height, rects).toString(), mask.toString())
      }),
    )
  })

  it('gives the bounds when rects cost everything', () => {
    fc.assert(
      fc.property(someMask, (mask) => {
        const region = toRegion(mask)
        assert.deepEqual(coalesce(region, { rectPixels: 1e9 }), region.isEmpty ? [] : [region.bounds])
      }),
    )
  })

  it('merges two rects while the pixels between cost less than a rect', () => {
    const [a, b] = [rect(0, 0, 10, 4), rect(13, 0, 20, 4)]
    assert.deepEqual(merged(12, a, b), [a, b])
    assert.deepEqual(merged(13, a, b), [rect(0, 0, 20, 4)])
  })

  it('puts together what bands have cut', () => {
    const [a, b] = [rect(0, 0, 10, 30), rect(20, 10, 30, 40)]
    assert.deepEqual(merged(1, a, b), [a, b])
  })

  it('cuts a shape upright where that makes fewer rects', () => {
    const comb = Bitmap.parse('#.#.#.#', '#.#.#.#', '###.###', '#.#.#.#', '#.#.#.#')
    assert.equal(coalesce(toRegion(comb), { rectPixels: 0.5 }).length, 6)
  })

  it('fills a hole that is cheaper than the four rects around it', () => {
    const ring = Region.of(rect(0, 0, 100, 100))
    ring.subtractRect(rect(50, 50, 54, 54))
    assert.deepEqual(coalesce(ring, { rectPixels: 6 }), [rect(0, 0, 100, 100)])
    assert.equal(coalesce(ring, { rectPixels: 5 }).length, 4)
  })

  it('splits noise into places, and keeps its promises', () => {
    const random = seeded(1)
    const mask = new Bitmap(160, 120)
    for (let i = 0; i < 1800; i++) mask.set(Math.floor(random() * 160), Math.floor(random() * 120))
    const region = toRegion(mask)
    assert.ok(region.rectCount > 4 * maxRectsAtOnce)
    for (const rectPixels of [2, 50]) {
      const rects = coalesce(region, { rectPixels })
      assert.ok(Bitmap.ofRects(160, 120, rects).covers(mask))
      assertDisjoint(rects)
      assertTight(rects, mask)
    }
  })

  it('can split what no upright and no level line divides well', () => {
    const angle = Array.from({ length: 400 }, (_, i) => [
      rect(0, 2 * i + 1, 2, 2 * i + 2),
      rect(2 * i + 3, 0, 2 * i + 4, 1 + (i % 2)),
    ]).flat()
    const rects = merged(0.5, ...angle)
    assertDisjoint(rects)
    assert.equal(
      rects.reduce((sum, r) => sum + area(r), 0),
      angle.reduce((sum, r) => sum + area(r), 0),
    )
  })

  it('gives nothing for an empty region', () => {
    assert.deepEqual(merged(5), [])
  })
})
