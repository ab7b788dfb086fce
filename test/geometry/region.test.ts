import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { area, type Rect, rect } from '../../src/geometry/rect.js'
import { Region } from '../../src/geometry/region.js'
import { Bitmap } from '../support/bitmap.js'
import { arbitraryRect, assertDisjoint, toFlat } from '../support/rects.js'

const side = 24
const someRect = arbitraryRect(side, side)
const someRects = fc.array(someRect, { maxLength: 12 })

function pixels(region: Region): string {
  return Bitmap.ofRects(side, side, region.rects()).toString()
}

/** Bands in order, equal y in a band, nothing that touches sideways, no two bands that are one. */
function assertCanonical(region: Region): void {
  const rects = region.rects()
  const bands = new Map<string, Rect[]>()
  for (const r of rects) {
    assert.ok(area(r) > 0)
    bands.set(`${r.y1} ${r.y2}`, [...(bands.get(`${r.y1} ${r.y2}`) ?? []), r])
  }
  const list = [...bands.values()]
  assert.deepEqual(list.flat(), rects, 'the rects of a band are together')
  list.forEach((band, i) => {
    for (let k = 1; k < band.length; k++) assert.ok(band[k - 1]!.x2 < band[k]!.x1, 'a gap between intervals')
    const below = list[i + 1]
    if (!below) return
    assert.ok(band[0]!.y2 <= below[0]!.y1, 'bands from top to bottom')
    const intervals = (b: Rect[]) => b.map((r) => `${r.x1}-${r.x2}`).join()
    if (band[0]!.y2 === below[0]!.y1)
      assert.notEqual(intervals(band), intervals(below), 'equal bands are one')
  })
}

/** What a verb does to a region, and what the same does to a bitmap. */
const verbs: Record<string, (region: Region, model: Bitmap, rects: Rect[]) => void> = {
  add(region, model, rects) {
    region.add(Region.of(...rects))
    for (const r of rects) model.fill(r)
  },
  addRect(region, model, rects) {
    for (const r of rects) {
      region.addRect(r)
      model.fill(r)
    }
  },
  addRects(region, model, rects) {
    region.addRects(toFlat(rects), rects.length)
    for (const r of rects) model.fill(r)
  },
  setRects(region, model, rects) {
    region.setRects(toFlat(rects), rects.length)
    model.bits.fill(0)
    for (const r of rects) model.fill(r)
  },
  subtract(region, model, rects) {
    region.subtract(Region.of(...rects))
    for (const r of rects) model.fill(r, false)
  },
  subtractRect(region, model, rects) {
    for (const r of rects.slice(0, 1)) {
      region.subtractRect(r)
      model.fill(r, false)
    }
  },
  intersect(region, model, rects) {
    region.intersect(Region.of(...rects))
    const other = Bitmap.ofRects(side, side, rects)
    model.bits.forEach((bit, i) => {
      model.bits[i] = bit & other.bits[i]!
    })
  },
  intersectRect(region, model, rects) {
    const [r = rect(0, 0, side, side)] = rects
    region.intersectRect(r)
    verbs.intersect!(region, model, [r])
  },
  copyFrom(region, model, rects) {
    region.copyFrom(Region.of(...rects))
    model.bits.set(Bitmap.ofRects(side, side, rects).bits)
  },
  clear(region, model) {
    region.clear()
    model.bits.fill(0)
  },
}

const someSteps = fc.array(fc.tuple(fc.constantFrom(...Object.keys(verbs)), someRects), { maxLength: 8 })

describe('Region', () => {
  it('does to its rects what each verb does to a bitmap', () => {
    fc.assert(
      fc.property(someSteps, (steps) => {
        const region = new Region()
        const model = new Bitmap(side, side)
        for (const [verb, rects] of steps) {
          verbs[verb]!(region, model, rects)
          assert.equal(pixels(region), model.toString(), verb)
          assertCanonical(region)
          assert.equal(region.area, model.area)
          assert.equal(region.isEmpty, model.area === 0)
          for (let y = -1; y <= side; y++) {
            for (let x = -1; x <= side; x++) assert.equal(region.contains(x, y), model.get(x, y))
          }
        }
      }),
    )
  })

  it('never has more rects than it may, and then covers more, inside the box of what it was given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), someSteps, (maxRects, steps) => {
        const region = new Region(maxRects)
        const exact = new Region()
        const scratch = new Bitmap(side, side)
        const everything = new Region()
        for (const [verb, rects] of steps) {
          verbs[verb]!(region, scratch, rects)
          verbs[verb]!(exact, scratch, rects)
          everything.addRects(toFlat(rects), rects.length)
          assert.ok(region.rectCount <= maxRects)
          assert.ok(
            Bitmap.ofRects(side, side, region.rects()).covers(Bitmap.ofRects(side, side, exact.rects())),
          )
          const box = everything.bounds
          for (const r of region.rects()) {
            assert.ok(box.x1 <= r.x1 && box.y1 <= r.y1 && r.x2 <= box.x2 && r.y2 <= box.y2)
          }
          assertCanonical(region)
        }
      }),
    )
  })

  it('bounds a comb of columns crossed by rows, which has a rect for each crossing', () => {
    const teeth = 500
    const columns = Array.from({ length: teeth }, (_, i) => rect(4 * i, 0, 4 * i + 1, 4 * teeth))
    const rows = Array.from({ length: teeth }, (_, i) => rect(2, 4 * i, 3 + (i % 2), 4 * i + 2))
    const region = new Region(1024)
    region.setRects(toFlat([...columns, ...rows]), 2 * teeth)
    assert.ok(region.rectCount <= 1024)
    for (const r of [...columns, ...rows])
      assert.ok(region.contains(r.x1, r.y1) && region.contains(r.x2 - 1, r.y2 - 1))
  })

  it('bounds far negative and far positive coordinates by one rect', () => {
    const region = new Region(1)
    region.addRect(rect(-1e9, -1e9, -1e9 + 4, 5))
    region.addRect(rect(-5, 1e12, 1e12, 1e13))
    region.addRect(rect(3, 4, 5, 6))
    assert.equal(region.rectCount, 1)
    assert.ok(region.contains(3, 4))
  })

  it('has the smallest bounds', () => {
    fc.assert(
      fc.property(someRects, (rects) => {
        const region = Region.of(...rects)
        const full = rects.filter((r) => area(r) > 0)
        const least = (pick: (r: Rect) => number) => Math.min(...full.map(pick))
        const most = (pick: (r: Rect) => number) => Math.max(...full.map(pick))
        const bounds = full.length
          ? rect(
              least((r) => r.x1),
              least((r) => r.y1),
              most((r) => r.x2),
              most((r) => r.y2),
            )
          : rect(0, 0, 0, 0)
        assert.deepEqual(region.bounds, bounds)
      }),
    )
  })

  it('is equal to a region of the same pixels, in whatever order they came', () => {
    fc.assert(
      fc.property(someRects, someRects, (a, b) => {
        const one = Region.of(...a, ...b)
        const other = Region.of(...b)
        other.add(Region.of(...a))
        assert.ok(one.equals(other))
        const same = pixels(Region.of(...a)) === pixels(Region.of(...b))
        assert.equal(Region.of(...a).equals(Region.of(...b)), same)
      }),
    )
  })

  it('moves by translate', () => {
    const region = Region.of(rect(0, 0, 4, 2), rect(6, 1, 8, 5))
    region.translate(-3, 10)
    assert.ok(region.equals(Region.of(rect(-3, 10, 1, 12), rect(3, 11, 5, 15))))
  })

  it('rounds fractions outward', () => {
    assert.deepEqual(Region.of(rect(0.5, 1.2, 2.1, 3)).rects(), [rect(0, 1, 3, 3)])
  })

  it('is not changed by what is added to itself or to a copy', () => {
    const region = Region.of(rect(0, 0, 4, 2), rect(6, 1, 8, 5))
    const copy = new Region()
    copy.copyFrom(region)
    region.add(region)
    assert.ok(region.equals(copy))
    copy.addRect(rect(0, 0, 20, 20))
    assertDisjoint(region.rects())
    assert.equal(region.area, 16)
    region.subtract(region)
    assert.ok(region.isEmpty)
  })
})
