import fc from 'fast-check'
import type { DrawOp } from '../../src/draw/op.js'
import { rectOfSize } from '../../src/geometry/rect.js'

/** Any op on a surface of this size, at times beyond its edges. Images have junk in them, and enough of it. */
export function arbitraryOp(surface: {
  width: number
  height: number
  bytesPerPixel: number
}): fc.Arbitrary<DrawOp> {
  const { width, height, bytesPerPixel } = surface
  const x = fc.integer({ min: -Math.ceil(width / 4), max: width })
  const y = fc.integer({ min: -Math.ceil(height / 4), max: height })
  const rect = fc
    .tuple(x, y, fc.integer({ min: 0, max: width + 3 }), fc.integer({ min: 0, max: height + 3 }))
    .map(([left, top, w, h]) => rectOfSize(left, top, w, h))
  const colour = fc.constantFrom(0, 1, 0x12345678, 0xffffffff, 0x80c0e0f0)
  const bytes = fc
    .integer({ min: 1 })
    .map((seed) =>
      Uint8Array.from({ length: (width + 9) * (height + 9) * bytesPerPixel }, (_, i) => (i * seed) >> 3),
    )
  const from = fc.nat({ max: 5 })
  return fc.oneof(
    fc.record({
      op: fc.constant('fill' as const),
      rect,
      colour,
      rop: fc.constantFrom('copy' as const, 'copy' as const, 'xor' as const),
    }),
    fc.record({ op: fc.constant('copy' as const), rect, fromX: x, fromY: y }),
    // Scrolls: what most copies are.
    fc
      .tuple(rect, fc.constantFrom(-3, -2, -1, 1, 2), fc.constantFrom(0, 0, 0, 2))
      .map(([to, dy, dx]) => ({ op: 'copy' as const, rect: to, fromX: to.x1 - dx, fromY: to.y1 - dy })),
    fc.record({
      op: fc.constant('blit' as const),
      rect,
      image: fc.record({
        bits: bytes,
        foreground: colour,
        background: fc.option(colour, { nil: undefined }),
      }),
      fromX: from,
      fromY: from,
    }),
    fc.record({
      op: fc.constant('blit' as const),
      rect,
      image: fc.record({ pixels: bytes }),
      fromX: from,
      fromY: from,
    }),
  )
}
