import { area, boundingBox, overlaps, type Rect } from '../geometry/rect.js'
import type { Region } from '../geometry/region.js'

/** Most rects that are merged pair by pair. */
export const maxCoalescedRects = 256

/**
 * Few rects that cover a region, at a low cost: rects × rectPixels + pixels.
 * @param cost what one more rect costs, in pixels
 * @returns disjoint rects inside the region's bounds; each of their four edges touches a pixel of the region
 */
export function coalesce(region: Region, cost: { readonly rectPixels: number }): Rect[] {
  if (region.rectCount > maxCoalescedRects) return [region.bounds]
  const rects = region.rects()
  for (let i = 0; i < rects.length; i++) {
    for (let j = i + 1; j < rects.length; j++) {
      let box = boundingBox(rects[i]!, rects[j]!)
      let absorbed = rects.filter((r) => overlaps(r, box))
      for (let before = 0; before !== absorbed.length; ) {
        before = absorbed.length
        box = absorbed.reduce(boundingBox, box)
        absorbed = rects.filter((r) => overlaps(r, box))
      }
      const extra = absorbed.reduce((sum, r) => sum - area(r), area(box))
      if (extra >= (absorbed.length - 1) * cost.rectPixels) continue
      const rest = rects.filter((r) => !overlaps(r, box))
      rects.splice(0, rects.length, ...rest, box)
      i = -1
      break
    }
  }
  return rects
}
