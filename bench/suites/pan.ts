/** Double buffering: what a flip costs beside the one comparison that it is made of, and what of it a viewer is sent. */
import { type Rect, Surface } from '../../src/index.js'
import { type Figure, median } from '../harness.js'

const width = 1920
const height = 1080
const screenBytes = width * height * 4
const rounds = 100

function medianUs(run: (round: number) => void, before?: (round: number) => void): number {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    before?.(round)
    const start = process.hrtime.bigint()
    run(round)
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
  const buffers = [0, screenBytes].map((at) => surface.pixels.subarray(at, at + screenBytes))
  const picture = buffers[0]!.slice()
  const flip = (round: number) => {
    surface.pan((round % 2) * screenBytes)
    surface.harvest()
  }
  // In turns, so that both meet the same machine, and both look at the buffers by turns, so that both meet the same caches.
  let compareUs = Number.POSITIVE_INFINITY
  let flipUs = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 5; turn++) {
    compareUs = Math.min(
      compareUs,
      medianUs((round) => Buffer.compare(buffers[round % 2]!, picture)),
    )
    flipUs = Math.min(flipUs, medianUs(flip))
  }
  const sameRects = shown.length
  const changedUs = medianUs(flip, (round) => {
    buffers[round % 2]![400 * width * 4 + 40] = round + 1
  })
  const pixels = shown.reduce((sum, { x1, y1, x2, y2 }) => sum + (x2 - x1) * (y2 - y1), 0)
  return [
    { name: '1080p flip of equal buffers', value: flipUs, unit: 'µs' },
    {
      name: '… against memcmp of the screen',
      value: flipUs / compareUs,
      unit: 'times',
      target: { atMost: 1.75 },
    },
    { name: '… rects for a viewer', value: sameRects, unit: '', target: { atMost: 0 } },
    { name: '1080p flip with a changed pixel', value: changedUs, unit: 'µs' },
    { name: '… pixels for a viewer', value: pixels / rounds, unit: '', target: { atMost: 1 } },
  ]
}
