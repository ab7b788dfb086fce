/** From dirty pages to rects: what a frame costs beyond the harvest, and that an idle frame makes no garbage. */
import { coalesce, Surface } from '../../src/index.js'
import { type Figure, median } from '../harness.js'
import { meanNs } from '../micro.js'

const rounds = 300
const idleFrames = 200_000

/** A typical frame of a desktop at 1080p: a line of text, a blinking cursor, a clock. Rects x, y, width, height. */
const typical = [
  [200, 400, 420, 16],
  [640, 416, 2, 16],
  [1800, 8, 90, 20],
] as const

function draw(surface: Surface, value: number): void {
  const pixels = new Uint32Array(surface.pixels.buffer)
  const { width } = surface.mode
  for (const [x, y, w, h] of typical) {
    for (let row = y; row < y + h; row++) {
      // Two of three pixels, as glyphs do.
      for (let column = x; column < x + w; column++)
        if ((column + row) % 3) pixels[row * width + column] = value + column
    }
  }
}

function medianFrameUs(surface: Surface, store: (round: number) => void): number {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    store(round)
    const start = process.hrtime.bigint()
    surface.harvest()
    times.push(Number(process.hrtime.bigint() - start) / 1000)
  }
  return median(times)
}

/** Growth of the heap over many idle frames, a frame; warm, so that what compiling leaves is not counted. */
function garbageBytes(surface: Surface): number {
  for (let i = 0; i < idleFrames; i++) surface.harvest()
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < idleFrames; i++) surface.harvest()
  return Math.max(0, process.memoryUsage().heapUsed - before) / idleFrames
}

export async function frame(): Promise<Figure[]> {
  await using surface = await Surface.create({ width: 1920, height: 1080 })
  surface.harvest()
  const typicalUs = medianFrameUs(surface, (round) => draw(surface, round))
  let rects = 0
  let coalesceNs = 0
  surface.once('damage', (region) => {
    rects = coalesce(region, { rectPixels: 64 }).length
    coalesceNs = meanNs('coalesce', () => coalesce(region, { rectPixels: 64 }))
  })
  draw(surface, -1)
  surface.harvest()
  const fullUs = medianFrameUs(surface, (round) => surface.pixels.fill(round))
  return [
    {
      name: '1080p typical frame: harvest + refine',
      value: typicalUs,
      unit: 'µs',
      note: 'text line, cursor, clock',
    },
    { name: '1080p typical frame: coalesce', value: coalesceNs / 1000, unit: 'µs' },
    { name: '1080p typical frame: rects', value: rects, unit: '' },
    { name: '1080p full repaint: harvest + refine', value: fullUs, unit: 'µs' },
    { name: 'garbage an idle frame', value: garbageBytes(surface), unit: 'bytes', target: { atMost: 1 } },
  ]
}
