import { type Rect, rect } from '../geometry/rect.js'
import type { Region } from '../geometry/region.js'

/** The rect with x and y exchanged. */
export function transpose(r: Rect): Rect {
  return rect(r.y1, r.x1, r.y2, r.x2)
}

/** A region's rects with those of equal width, one upon the other, put together: bands had cut them. */
export function stackBands(region: Region): Rect[] {
  const { flat, rectCount } = region
  const stacked: Rect[] = []
  /** Numbers of the rects that end where the band above ends, from left to right. */
  let above: number[] = []
  let band: number[] = []
  let next = 0
  for (let i = 0; i < 4 * rectCount; i += 4) {
    const [x1, y1, x2, y2] = [flat[i]!, flat[i + 1]!, flat[i + 2]!, flat[i + 3]!]
    if (i > 0 && y1 !== flat[i - 3]) {
      above = y1 === flat[i - 1] ? band : []
      band = []
      next = 0
    }
    while (next < above.length && stacked[above[next]!]!.x1 < x1) next++
    const at = above[next]
    const upper = at === undefined ? undefined : stacked[at]
    if (at !== undefined && upper?.x1 === x1 && upper.x2 === x2) {
      stacked[at] = rect(x1, upper.y1, x2, y2)
      band.push(at)
    } else {
      band.push(stacked.length)
      stacked.push(rect(x1, y1, x2, y2))
    }
  }
  return stacked
}

/**
 * Divides disjoint rects, at least two, between two halves of the plane and cuts those that lie in both. Each half has
 * fewer rects than the whole: where no upright line lies between two of the rects, all of them are above each other.
 */
export function splitInTwo(rects: readonly Rect[]): [Rect[], Rect[]] {
  const upright = rects.map(transpose)
  const x = cutLine(upright)
  const y = cutLine(rects)
  if (largerPart(upright, x) < largerPart(rects, y))
    return cut(upright, x).map(transposeAll) as [Rect[], Rect[]]
  return cut(rects, y)
}

function transposeAll(rects: readonly Rect[]): Rect[] {
  return rects.map(transpose)
}

/** The y that about half of the rects are above of, with at least one entirely above and one entirely below if it can be. */
function cutLine(rects: readonly Rect[]): number {
  const centres = Int32Array.from(rects, (r) => (r.y1 + r.y2) >> 1).sort()
  const least = rects.reduce((y, r) => Math.min(y, r.y2), Number.POSITIVE_INFINITY)
  const most = rects.reduce((y, r) => Math.max(y, r.y1), Number.NEGATIVE_INFINITY)
  return Math.min(most, Math.max(least, centres[centres.length >> 1]!))
}

function largerPart(rects: readonly Rect[], y: number): number {
  let above = 0
  let below = 0
  for (const r of rects) {
    if (r.y1 < y) above++
    if (r.y2 > y) below++
  }
  return Math.max(above, below)
}

function cut(rects: readonly Rect[], y: number): [Rect[], Rect[]] {
  const above = rects.filter((r) => r.y1 < y).map((r) => (r.y2 > y ? rect(r.x1, r.y1, r.x2, y) : r))
  const below = rects.filter((r) => r.y2 > y).map((r) => (r.y1 < y ? rect(r.x1, y, r.x2, r.y2) : r))
  return [above, below]
}
