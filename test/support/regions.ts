import { Region } from '../../src/geometry/region.js'
import type { Bitmap } from './bitmap.js'

export function toRegion(mask: Bitmap): Region {
  const pixels: number[] = []
  mask.bits.forEach((bit, i) => {
    const x = i % mask.width
    const y = Math.floor(i / mask.width)
    if (bit) pixels.push(x, y, x + 1, y + 1)
  })
  const region = new Region()
  region.setRects(Int32Array.from(pixels), pixels.length / 4)
  return region
}
