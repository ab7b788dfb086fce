/** 2D ops against the C library on as many bytes: a fill against memset, a copy against memmove, a blit against memcpy. */

import { rectOfSize, Surface } from '../../src/index.js'
import { binding } from '../../src/native/load.js'
import { type Figure, median } from '../harness.js'
import { meanNs } from '../micro.js'

const width = 1920
const height = 1080
/** A colour that memset cannot do. */
const colour = 0x12345678

const bound = { atMost: 1.5 }

const pairs = 101

/** One by turns with the other, so that a noisy moment is noisy for both: the ratio of the medians. */
function ratioOfPairs(op: () => void, plain: () => void): number {
  const times: [number[], number[]] = [[], []]
  for (let i = 0; i < pairs; i++) {
    for (const [which, run] of [op, plain].entries()) {
      const start = process.hrtime.bigint()
      run()
      times[which].push(Number(process.hrtime.bigint() - start))
    }
  }
  return median(times[0]) / median(times[1])
}

/** A full screen of one size of pixel. */
function figuresOf(bytesPerPixel: number): Figure[] {
  const strideBytes = width * bytesPerPixel
  const pixels = new Uint8Array(strideBytes * height).fill(1)
  const image = pixels.slice()
  const bits = new Uint8Array((width / 8) * height).fill(0x5a)
  const screen = [pixels, strideBytes, bytesPerPixel, 0, 0, width, height] as const
  const scrolled = [pixels, strideBytes, bytesPerPixel, 0, 0, width, height - 16] as const
  const memset = () => pixels.fill(7)
  const memcpy = () => pixels.set(image)
  const memmove = () => pixels.copyWithin(0, 16 * strideBytes)
  const ratio = (name: string, op: () => void, plain: () => void, target?: typeof bound): Figure => ({
    name: `${bytesPerPixel * 8} bits a pixel: ${name}`,
    value: ratioOfPairs(op, plain),
    unit: '×',
    ...(target && { target }),
  })
  return [
    ratio('fill / memset', () => binding.fill(...screen, colour), memset, bound),
    ratio(
      'copy, a scroll / memmove',
      () => binding.copy(...scrolled, pixels, strideBytes, 0, 16),
      memmove,
      bound,
    ),
    ratio(
      'blit, a glyph / memset',
      () => binding.blitGlyph(...screen, bits, width / 8, 0, 0, colour, 0),
      memset,
    ),
    ratio('blit, in colour / memcpy', () => binding.copy(...screen, image, strideBytes, 0, 0), memcpy, bound),
    ratio('fill by xor / memmove', () => binding.fillXor(...screen, colour), memmove, bound),
  ]
}

/** What a text console asks for most: a character's cell, which changes. */
async function glyphNs(): Promise<number> {
  await using surface = await Surface.create({ width, height })
  const images = [0x5a, 0xa5].map((byte) => ({
    bits: new Uint8Array(16).fill(byte),
    foreground: colour,
    background: 0,
  }))
  let count = 0
  return meanNs('glyph', () => {
    const image = images[++count & 1]
    surface.draw({ op: 'blit', rect: rectOfSize(800, 400, 8, 16), image })
  })
}

export async function draw(): Promise<Figure[]> {
  const glyph: Figure = {
    name: 'surface.draw of a glyph of 8 × 16',
    value: await glyphNs(),
    unit: 'ns',
    note: 'checked, drawn, compared with the shadow',
  }
  return [...[1, 2, 3, 4].flatMap(figuresOf), glyph]
}
