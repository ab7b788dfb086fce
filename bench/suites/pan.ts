/** Double buffering: what a flip costs beside the one comparison that it is made of, and what of it a viewer is sent. */
import { type Rect, Surface } from '../../src/index.js'
import { type Figure, median } from '../harness.js'

const width = 1920
const height = 1080
const screenBytes = width * height * 4
const rounds = 100

function medianUs(before: (round: number) => void, surface: Surface): number {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    before(round)
    const start = process.hrtime.bigint()
    surface.harvest()
    times.push(Number(process.hrtime.bigint() - start) / 1000)
  }
  return median(times)
}

export async function pan(): Promise<Figure[]> {
  await using surface = await Surface.create({ width, height, capacityBytes: 2 * screenBytes })
  const shown: Rect[] = []
  surface.attach({
    name: 'viewer',
    present: ({ damage }) => {
      shown.push(...damage)
    },
  })
  for (let at = 0; at < 2 * screenBytes; at++) surface.pixels[at] = (at % screenBytes) >> 6
  surface.harvest()
  shown.length = 0
  // In turns, so that both meet the same machine: the same pages are compared, and nothing differs.
  let compareUs = Number.POSITIVE_INFINITY
  let flipUs = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 5; turn++) {
    compareUs = Math.min(
      compareUs,
      medianUs(() => surface.markDirty(), surface),
    )
    flipUs = Math.min(
      flipUs,
      medianUs((round) => surface.pan((round % 2) * screenBytes), surface),
    )
  }
  const sameRects = shown.length
  const changedUs = medianUs((round) => {
    const next = (round % 2) * screenBytes
    surface.pixels[next + 400 * width * 4 + 40] = round + 1
    surface.pan(next)
  }, surface)
  const pixels = shown.reduce((sum, { x1, y1, x2, y2 }) => sum + (x2 - x1) * (y2 - y1), 0)
  return [
    { name: '1080p flip of equal buffers', value: flipUs, unit: 'µs' },
    {
      name: '… against comparing the screen once',
      value: flipUs / compareUs,
      unit: 'times',
      target: { atMost: 1.5 },
    },
    { name: '… rects for a viewer', value: sameRects, unit: '', target: { atMost: 0 } },
    { name: '1080p flip with a changed pixel', value: changedUs, unit: 'µs' },
    { name: '… pixels for a viewer', value: pixels / rounds, unit: '', target: { atMost: 1 } },
  ]
}
