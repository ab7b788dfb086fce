import assert from 'node:assert/strict'
import fc from 'fast-check'
import { overlaps, type Rect, rect } from '../../src/geometry/rect.js'
import type { Bitmap } from './bitmap.js'

/** A rect inside width × height, sometimes empty. */
export function arbitraryRect(width: number, height: number): fc.Arbitrary<Rect> {
  return fc
    .tuple(fc.nat(width), fc.nat(height), fc.nat(width), fc.nat(height))
    .map(([xa, ya, xb, yb]) => rect(Math.min(xa, xb), Math.min(ya, yb), Math.max(xa, xb), Math.max(ya, yb)))
}

export function toFlat(rects: readonly Rect[]): Int32Array {
  return Int32Array.from(rects.flatMap((r) => [r.x1, r.y1, r.x2, r.y2]))
}

export function fromFlat(flat: Int32Array, count: number): Rect[] {
  return Array.from({ length: count }, (_, i) =>
    rect(flat[4 * i]!, flat[4 * i + 1]!, flat[4 * i + 2]!, flat[4 * i + 3]!),
  )
}

export function assertDisjoint(rects: readonly Rect[]): void {
  for (let i = 0; i < rects.length; i++) {
    for (let j = i + 1; j < rects.length; j++) {
      assert.ok(
        !overlaps(rects[i]!, rects[j]!),
        `${JSON.stringify(rects[i])} meets ${JSON.stringify(rects[j])}`,
      )
    }
  }
}

/** None of the rects could be one row or one column smaller without losing a pixel of the mask. */
export function assertTight(rects: readonly Rect[], mask: Bitmap): void {
  for (const r of rects) {
    const edges = [
      rect(r.x1, r.y1, r.x2, r.y1 + 1),
      rect(r.x1, r.y2 - 1, r.x2, r.y2),
      rect(r.x1, r.y1, r.x1 + 1, r.y2),
      rect(r.x2 - 1, r.y1, r.x2, r.y2),
    ]
    for (const edge of edges) {
      if (!mask.meets(edge)) assert.fail(`${JSON.stringify(r)} has an edge of nothing in\n${mask}`)
    }
  }
}
