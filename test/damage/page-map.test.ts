import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { maxRectsPerRun, type PageLayout, rectToRuns, runsToRects } from '../../src/damage/page-map.js'
import { rect } from '../../src/geometry/rect.js'
import { Bitmap } from '../support/bitmap.js'
import { arbitraryRect, assertDisjoint, fromFlat } from '../support/rects.js'

const someLayout: fc.Arbitrary<PageLayout> = fc
  .record({
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 12 }),
    bytesPerPixel: fc.constantFrom(1, 2, 3, 4),
    padding: fc.nat(40),
    offsetBytes: fc.nat(90),
    pageSize: fc.integer({ min: 4, max: 64 }),
  })
  .map(({ padding, ...rest }) => ({ ...rest, strideBytes: rest.width * rest.bytesPerPixel + padding }))

/** Dirty or clean for each page, and the runs that say the same. */
const somePages = fc.array(fc.boolean(), { maxLength: 80 })

function toRuns(dirty: boolean[]): Uint32Array {
  const runs: number[] = []
  dirty.forEach((isDirty, page) => {
    if (!isDirty) return
    if (dirty[page - 1]) runs[runs.length - 1]!++
    else runs.push(page, 1)
  })
  return Uint32Array.from(runs)
}

/** Byte by byte: a pixel is in the picture of the dirty pages when one of its bytes is. */
function model(dirty: boolean[], layout: PageLayout): Bitmap {
  const { width, height, strideBytes, offsetBytes, bytesPerPixel, pageSize } = layout
  const bitmap = new Bitmap(width, height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let byte = 0; byte < bytesPerPixel; byte++) {
        const at = offsetBytes + y * strideBytes + x * bytesPerPixel + byte
        if (dirty[Math.floor(at / pageSize)]) bitmap.set(x, y)
      }
    }
  }
  return bitmap
}

function map(runs: number[], layout: PageLayout) {
  const out = new Int32Array(4 * maxRectsPerRun * runs.length)
  return fromFlat(out, runsToRects(Uint32Array.from(runs), runs.length / 2, layout, out))
}

/** 32 bits a pixel, 4 KiB pages, no padding. */
function plain(width: number, height: number): PageLayout {
  return { width, height, strideBytes: 4 * width, offsetBytes: 0, bytesPerPixel: 4, pageSize: 4096 }
}

describe('runsToRects', () => {
  it('gives exactly the pixels that have a byte in a dirty page', () => {
    fc.assert(
      fc.property(someLayout, somePages, (layout, dirty) => {
        const runs = toRuns(dirty)
        const out = new Int32Array(4 * maxRectsPerRun * (runs.length / 2))
        const rects = fromFlat(out, runsToRects(runs, runs.length / 2, layout, out))
        assert.equal(
          Bitmap.ofRects(layout.width, layout.height, rects).toString(),
          model(dirty, layout).toString(),
        )
        assertDisjoint(rects)
        rects.forEach((r, i) => {
          assert.ok(r.x1 >= 0 && r.y1 >= 0 && r.x2 <= layout.width && r.y2 <= layout.height)
          assert.ok(r.x1 < r.x2 && r.y1 < r.y2, 'no empty rect')
          assert.ok(i === 0 || rects[i - 1]!.y1 <= r.y1, 'y1 never decreases')
        })
      }),
      { numRuns: 1000 },
    )
  })

  it('maps a page inside one row to a part of that row', () => {
    assert.deepEqual(map([1, 1], plain(2048, 10)), [rect(1024, 0, 2048, 1)])
  })

  it('maps a page over several rows to a head, full rows and a tail', () => {
    assert.deepEqual(map([1, 1], plain(300, 50)), [
      rect(124, 3, 300, 4),
      rect(0, 4, 300, 6),
      rect(0, 6, 248, 7),
    ])
  })

  it('has the last row that the page touches', () => {
    const rects = map([0, 1], plain(1000, 10))
    assert.deepEqual(rects, [rect(0, 0, 1000, 1), rect(0, 1, 24, 2)])
  })

  it('makes one rect of a stripe of pages', () => {
    assert.deepEqual(map([0, 1, 2, 1, 4, 1], plain(2048, 10)), [rect(0, 0, 1024, 3)])
  })

  it('gives nothing for padding, nor for bytes before the first and after the last pixel', () => {
    const layout = { ...plain(1024, 2), strideBytes: 3 * 4096, offsetBytes: 4096 }
    assert.deepEqual(map([0, 1, 2, 2, 5, 9], layout), [])
  })

  it('joins runs with only padding between them', () => {
    const layout = { ...plain(1024, 4), strideBytes: 2 * 4096 }
    assert.deepEqual(map([0, 1, 2, 1], layout), [rect(0, 0, 1024, 2)])
  })

  it('counts a pixel that straddles two pages with both', () => {
    const layout = { ...plain(1000, 9), bytesPerPixel: 3, strideBytes: 3000, pageSize: 1000 }
    assert.deepEqual(map([0, 1], layout), [rect(0, 0, 334, 1)])
    assert.deepEqual(map([1, 1], layout), [rect(333, 0, 667, 1)])
  })

  it('handles a run that ends at 4 GiB and beyond', () => {
    assert.deepEqual(map([0, 0xffffffff], plain(800, 600)), [rect(0, 0, 800, 600)])
    assert.deepEqual(map([0xffffffff, 0xffffffff], plain(800, 600)), [])
  })
})

describe('rectToRuns', () => {
  const someCase = someLayout.chain((layout) =>
    fc.tuple(fc.constant(layout), arbitraryRect(layout.width, layout.height)),
  )

  it('gives exactly the pages that hold a pixel of the rect', () => {
    fc.assert(
      fc.property(someCase, ([layout, r]) => {
        const { strideBytes, offsetBytes, bytesPerPixel, pageSize } = layout
        const dirty: boolean[] = []
        for (let y = r.y1; y < r.y2; y++) {
          for (let at = r.x1 * bytesPerPixel; at < r.x2 * bytesPerPixel; at++) {
            dirty[Math.floor((offsetBytes + y * strideBytes + at) / pageSize)] = true
          }
        }
        const out = new Uint32Array(2 * layout.height)
        const count = rectToRuns(r, layout, out)
        assert.deepEqual(out.slice(0, 2 * count), toRuns(Array.from(dirty, Boolean)))
      }),
      { numRuns: 500 },
    )
  })

  it('gives too many pages, never too few, when there is no room', () => {
    const layout = plain(4096, 10)
    const out = new Uint32Array(4)
    assert.equal(rectToRuns(rect(10, 2, 20, 9), layout, out), 2)
    assert.deepEqual([...out], [8, 1, 12, 21])
  })
})
