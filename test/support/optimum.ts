import type { Bitmap } from './bitmap.js'

/** Most pixels of a mask whose optimum can be found: sets of pixels are the bits of an int32. */
export const maxOptimumPixels = 30

export interface Cost {
  /** Of one rect. */
  rect: number
  /** Of one pixel that a rect covers. */
  pixel: number
  /** May rects cover pixels outside of the mask? */
  overCover: boolean
}

/**
 * The least cost of disjoint rects that cover a mask, by trying them all. The topmost, then leftmost pixel that is not
 * covered yet is in the top row of its rect: a rect that begins higher could be shrunk. No rect that could be is tried.
 */
export function optimum(mask: Bitmap, cost: Cost): number {
  const { width, height } = mask
  if (width * height > maxOptimumPixels)
    throw new RangeError(`${width} × ${height} is more than ${maxOptimumPixels}`)
  const maskBits = mask.bits.reduce((set, bit, i) => set | (bit << i), 0)
  let columnBits = 0
  for (let y = 0; y < height; y++) columnBits |= 1 << (y * width)
  const best = new Map<number, number>()

  const costFrom = (covered: number): number => {
    const uncovered = maskBits & ~covered
    if (uncovered === 0) return 0
    const known = best.get(covered)
    if (known !== undefined) return known
    const first = 31 - Math.clz32(uncovered & -uncovered)
    const top = Math.floor(first / width)
    const x = first % width
    let least = Number.POSITIVE_INFINITY
    for (let x1 = 0; x1 <= x; x1++) {
      for (let x2 = x + 1; x2 <= width; x2++) {
        const row = ((1 << (x2 - x1)) - 1) << x1
        let set = 0
        for (let y = top; y < height; y++) {
          set |= row << (y * width)
          if ((set & covered) !== 0 || (!cost.overCover && (set & ~maskBits) !== 0)) break
          const price = cost.rect + cost.pixel * (x2 - x1) * (y + 1 - top)
          if (price >= least) break
          const edges = [row << (y * width), set & (columnBits << x1), set & (columnBits << (x2 - 1))]
          const canShrink = edges.some((edge) => (edge & maskBits) === 0)
          if (!canShrink) least = Math.min(least, price + costFrom(covered | set))
        }
      }
    }
    best.set(covered, least)
    return least
  }
  return costFrom(0)
}
