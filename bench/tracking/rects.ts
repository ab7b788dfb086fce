/**
 * How good the rects are: their cost (rects × rectPixels + pixels) against that of the exact minimum partition of what
 * changed. On a small picture, since the partition takes its time; the same for all trackers, since refinement is exact.
 */
import { coalesce, type Region, Surface } from '../../src/index.js'
import { Bitmap } from '../../test/support/bitmap.js'
import { minimumPartition } from '../../test/support/minimum-partition.js'
import { Control } from './control.js'
import { rectPixels } from './rect-cost.js'
import { median } from './statistics.js'
import { findWorkload, startFrame } from './workloads.js'
import { startWriter } from './writer.js'

export interface RectsSpec {
  readonly kind: 'rects'
  readonly workload: string
}

/** Medians over the frames that change something. */
export interface RectsResult {
  readonly rects: number
  readonly leastRects: number
  /** Cost ÷ the partition's; below 1 where a rect over unchanged pixels is the cheaper one. */
  readonly costRatio: number
  readonly unable?: string
}

const size = { name: '96x64', width: 96, height: 64 }
const mostFrames = 8

function changedPixels(now: Uint32Array, before: Uint32Array): Bitmap {
  const bits = Uint8Array.from({ length: size.width * size.height }, (_, i) => Number(now[i] !== before[i]))
  return new Bitmap(size.width, size.height, bits)
}

export async function runRects(spec: RectsSpec): Promise<RectsResult> {
  const workload = findWorkload(spec.workload)
  const frames = workload.frames(size)
  const control = new Control([...frames, startFrame(workload, size)], size)
  await using surface = await Surface.create({ width: size.width, height: size.height, tracker: 'compare' })
  const writer = await startWriter('same', control, surface)
  const now = new Uint32Array(surface.pixels.buffer)
  const found: RectsResult[] = []
  const draw = (index: number, number: number) => {
    control.set(index, number)
    writer.draw()
    surface.harvest()
  }
  draw(frames.length, 1)
  for (let i = 0; i < Math.min(mostFrames, Math.max(2, frames.length)); i++) {
    const before = Uint32Array.from(now)
    const measure = (damage: Region) => {
      const mask = changedPixels(now, before)
      const rects = coalesce(damage, { rectPixels })
      const leastRects = minimumPartition(mask)
      const cost = rects.reduce((sum, { x1, y1, x2, y2 }) => sum + rectPixels + (x2 - x1) * (y2 - y1), 0)
      found.push({ rects: rects.length, leastRects, costRatio: cost / (leastRects * rectPixels + mask.area) })
    }
    surface.on('damage', measure)
    draw(i % frames.length, i + 2)
    surface.off('damage', measure)
  }
  control.close()
  const of = (figure: (result: RectsResult) => number) => median(found.map(figure))
  return { rects: of((f) => f.rects), leastRects: of((f) => f.leastRects), costRatio: of((f) => f.costRatio) }
}
