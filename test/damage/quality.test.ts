import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { coalesce } from '../../src/damage/coalesce.js'
import { area, rect } from '../../src/geometry/rect.js'
import { Region } from '../../src/geometry/region.js'
import { binding } from '../../src/native/load.js'
import type { Bitmap } from '../support/bitmap.js'
import { maskKinds, seeded } from '../support/masks.js'
import { minimumPartition } from '../support/minimum-partition.js'
import { optimum } from '../support/optimum.js'
import { toFlat } from '../support/rects.js'

/** The mean cost may be so many times the optimum. */
const bound = 1.15

/** Draws the mask, and sends the damage the whole way: refine, then coalesce. @returns rects × rectPixels + pixels */
function costOfDamage(mask: Bitmap, rectPixels: number): number {
  const out = new Int32Array(4 * mask.bits.length)
  const shadow = new Uint8Array(mask.bits.length)
  const whole = toFlat([rect(0, 0, mask.width, mask.height)])
  const count = binding.refine(mask.bits, shadow, mask.width, 1, 1, whole, 1, out)
  const region = new Region()
  region.setRects(out, count)
  return coalesce(region, { rectPixels }).reduce((sum, r) => sum + area(r) + rectPixels, 0)
}

/**
 * Means over masks of one kind of cost ÷ optimum; prints a line a kind, with the worst mask's too.
 * @returns the largest mean
 */
function measure(
  t: TestContext,
  size: { width: number; height: number; masks: number },
  costs: readonly number[],
  optimumOf: (mask: Bitmap, rectPixels: number) => number,
): number {
  let largest = 0
  for (const [kind, makeMask] of Object.entries(maskKinds)) {
    const random = seeded(1984)
    const masks = Array.from({ length: size.masks }, () => makeMask(size.width, size.height, random))
    const drawn = masks.filter((mask) => mask.area > 0)
    const figures = costs.map((rectPixels) => {
      const ratios = drawn.map((mask) => costOfDamage(mask, rectPixels) / optimumOf(mask, rectPixels))
      const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length
      largest = Math.max(largest, mean)
      return `${rectPixels}: ${mean.toFixed(3)} (${Math.max(...ratios).toFixed(2)})`
    })
    t.diagnostic(`${size.width}×${size.height} ${kind}, rectPixels: mean (worst)  ${figures.join('  ')}`)
  }
  return largest
}

describe('cost of refined and coalesced damage', () => {
  it(`is at most ${bound} times the true optimum, with rects that cover more than changed allowed`, (t) => {
    const trueOptimum = (mask: Bitmap, rectPixels: number) =>
      optimum(mask, { rect: rectPixels, pixel: 1, overCover: true })
    const largest = measure(t, { width: 6, height: 5, masks: 60 }, [0.5, 1, 2, 4, 8, 16, 64], trueOptimum)
    assert.ok(largest <= bound, `${largest}`)
  })

  it(`is at most ${bound} times that of the exact minimum partition`, (t) => {
    const partitionCost = (mask: Bitmap, rectPixels: number) =>
      rectPixels * minimumPartition(mask) + mask.area
    const largest = measure(t, { width: 32, height: 24, masks: 20 }, [0.5, 1, 2, 4, 8, 16, 64], partitionCost)
    assert.ok(largest <= bound, `${largest}`)
  })
})
