import { area, type Rect } from '../geometry/rect.js'
import { Region } from '../geometry/region.js'
import { merge } from './merge.js'
import { splitInTwo, stackBands, transpose } from './partition.js'

/** What one more rect costs, in pixels: the exchange rate between sending rects and sending pixels. */
export interface CoalesceCost {
  readonly rectPixels: number
}

/** Merging takes time with the square of the rects: more than this are split into places, each merged by itself. */
export const maxRectsAtOnce = 256

/** Most rects of a place. */
export const maxRectsPerPlace = 128

/** Up to so many rects, it is tried both with wide rects and with high rects which ones give a lower cost. */
export const maxRectsBothWays = 64

const transposed = new Region()

/**
 * Few rects that cover a region, at a low cost: rects × rectPixels + pixels. Up to maxRectsAtOnce rects, stacked bands
 * counted as one, the result is near the optimum; above, the time is no longer quadratic, and mergers across places
 * are missed unless few rects are left of them.
 *
 * @returns disjoint rects inside the region's bounds; each of their four edges touches a pixel of the region
 */
export function coalesce(region: Region, cost: CoalesceCost): Rect[] {
  const rects = stackBands(region)
  if (rects.length <= maxRectsAtOnce) return coalescePlace(rects, cost.rectPixels)
  const left = coalescePlaces(rects, cost.rectPixels)
  return left.length <= maxRectsAtOnce ? merge(left, cost.rectPixels) : left
}

function coalescePlaces(rects: Rect[], rectPixels: number): Rect[] {
  if (rects.length <= maxRectsPerPlace) return coalescePlace(rects, rectPixels)
  const [one, other] = splitInTwo(rects)
  return coalescePlaces(one, rectPixels).concat(coalescePlaces(other, rectPixels))
}

function coalescePlace(rects: Rect[], rectPixels: number): Rect[] {
  const wide = merge(rects, rectPixels)
  if (wide.length < 2 || rects.length > maxRectsBothWays) return wide
  const high = merge(asHighAsCanBe(rects), rectPixels)
  return costOf(high, rectPixels) < costOf(wide, rectPixels) ? high : wide
}

function costOf(rects: readonly Rect[], rectPixels: number): number {
  return rects.reduce((sum, r) => sum + area(r) + rectPixels, 0)
}

/** The same pixels in rects cut at every change of column instead of row. */
function asHighAsCanBe(rects: readonly Rect[]): Rect[] {
  const flat = Int32Array.from(rects.flatMap((r) => [r.y1, r.x1, r.y2, r.x2]))
  transposed.setRects(flat, rects.length)
  return stackBands(transposed).map(transpose)
}
