import fc from 'fast-check'
import type { DrawOp } from '../../src/draw/op.js'
import { intersection, type Rect, rectOfSize } from '../../src/geometry/rect.js'

interface Size {
  readonly width: number
  readonly height: number
}

const colours = fc.constantFrom(0, 1, 0x12345678, 0xffffffff, 0x80c0e0f0)

/** Rects of all sizes, at times beyond the edges. */
export function arbitraryRect({ width, height }: Size): fc.Arbitrary<Rect> {
  return fc
    .tuple(
      fc.integer({ min: -Math.ceil(width / 4), max: width }),
      fc.integer({ min: -Math.ceil(height / 4), max: height }),
      fc.integer({ min: 0, max: width + 3 }),
      fc.integer({ min: 0, max: height + 3 }),
    )
    .map(([x, y, w, h]) => rectOfSize(x, y, w, h))
}

/** Inside of the surface, of a few pixels. */
export function smallRect({ width, height }: Size): fc.Arbitrary<Rect> {
  return fc
    .tuple(
      fc.nat(width - 1),
      fc.nat(height - 1),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 8 }),
    )
    .map(([x, y, w, h]) => rectOfSize(x, y, Math.min(w, width - x), Math.min(h, height - y)))
}

/** Any fill or blit; images have junk in them, and enough of it. */
export function arbitraryPaint(rects: fc.Arbitrary<Rect>): fc.Arbitrary<DrawOp> {
  const seeds = fc.integer({ min: 1, max: 999 })
  const junk = (bytes: number, seed: number) => Uint8Array.from({ length: bytes }, (_, i) => (i * seed) >> 3)
  const from = fc.nat({ max: 5 })
  const blits = fc.tuple(rects, from, from, seeds, colours, fc.option(colours, { nil: undefined }))
  return fc.oneof(
    fc.record({
      op: fc.constant('fill' as const),
      rect: rects,
      colour: colours,
      rop: fc.constantFrom('copy' as const, 'copy' as const, 'xor' as const),
    }),
    blits.map(([rect, fromX, fromY, seed, foreground, background]) => {
      const [w, h] = [fromX + rect.x2 - rect.x1, fromY + rect.y2 - rect.y1]
      const bits = junk(Math.ceil(w / 8) * h, seed)
      return { op: 'blit' as const, rect, image: { bits, foreground, background }, fromX, fromY }
    }),
    blits.map(([rect, fromX, fromY, seed]) => {
      const [w, h] = [fromX + rect.x2 - rect.x1, fromY + rect.y2 - rect.y1]
      return { op: 'blit' as const, rect, image: { pixels: junk(w * h * 4, seed) }, fromX, fromY }
    }),
  )
}

/** Any copy, from near more often than from anywhere. */
export function arbitraryCopy(size: Size, rects: fc.Arbitrary<Rect>): fc.Arbitrary<DrawOp> {
  const near = fc
    .tuple(rects, fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }))
    .map(([rect, dx, dy]) => ({ op: 'copy' as const, rect, fromX: rect.x1 - dx, fromY: rect.y1 - dy }))
  const far = fc
    .tuple(rects, arbitraryRect(size))
    .map(([rect, { x1, y1 }]) => ({ op: 'copy' as const, rect, fromX: x1, fromY: y1 }))
  return fc.oneof({ weight: 2, arbitrary: near }, { weight: 1, arbitrary: far })
}

/** A whole area moves by a little, and what comes into view is filled: a console's line, a window that is dragged. */
export function arbitraryScroll({ width, height }: Size): fc.Arbitrary<DrawOp[]> {
  const areas = [rectOfSize(0, 0, width, height), rectOfSize(3, 2, width - 9, height - 5)]
  return fc
    .tuple(fc.constantFrom(...areas), fc.constantFrom([0, -2], [0, -2], [-3, 0], [0, 1], [1, 1]), colours)
    .map(([area, [dx = 0, dy = 0], colour]) => {
      const from = intersection(area, rectOfSize(area.x1 - dx, area.y1 - dy, width, height))
      const to = { x1: from.x1 + dx, y1: from.y1 + dy, x2: from.x2 + dx, y2: from.y2 + dy }
      const rect = intersection(to, area)
      const copy = { op: 'copy' as const, rect, fromX: rect.x1 - dx, fromY: rect.y1 - dy }
      const rows = dy < 0 ? { ...area, y1: rect.y2 } : { ...area, y2: rect.y1 }
      const columns = dx < 0 ? { ...area, x1: rect.x2 } : { ...area, x2: rect.x1 }
      const strips = [...(dy === 0 ? [] : [rows]), ...(dx === 0 ? [] : [columns])]
      return [copy, ...strips.map((strip) => ({ op: 'fill' as const, rect: strip, colour }))]
    })
}
