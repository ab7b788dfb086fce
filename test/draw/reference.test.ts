/**
 * Every format × op × clipped or not × direction of overlap: each pixel against a blitter that shares no code. Also that
 * the shadow is as memory is, so that a later look finds nothing more, and that nothing outside of the op is touched,
 * padding included.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { DrawOp } from '../../src/draw/op.js'
import { type Rect, rect } from '../../src/geometry/rect.js'
import { pixelFormatNames, pixelFormats } from '../../src/pixels/format.js'
import { Surface } from '../../src/surface/surface.js'
import { arbitraryCopy, arbitraryPaint, arbitraryRect } from '../support/draw-ops.js'
import { randomNumbers } from '../support/pixel-formats.js'
import { PlainBlitter } from '../support/plain-blitter.js'

const width = 61
const height = 23
const offsetBytes = 8

const random = randomNumbers(7)
const junk = Uint8Array.from({ length: 80 * 80 * 4 }, () => random(256))

/** Inside, and over each edge and corner, and over all of them. */
const places: Record<string, Rect> = {
  inside: rect(10, 5, 41, 16),
  'one pixel': rect(7, 3, 8, 4),
  'the whole surface': rect(0, 0, width, height),
  'over the top left corner': rect(-9, -4, 20, 12),
  'over the bottom right corner': rect(35, 9, 75, 40),
  'over all edges': rect(-3, -5, width + 9, height + 2),
  outside: rect(width, 0, width + 10, height),
  'of no pixels': rect(5, 5, 5, 9),
}

const directions = Object.fromEntries(
  [-1, 0, 1].flatMap((dy) =>
    [-1, 0, 1].flatMap((dx) => [
      [`${dx},${dy}`, [dx, dy] as const],
      [`${dx * 13},${dy * 6}`, [dx * 13, dy * 6] as const],
    ]),
  ),
)

function opsAt(place: Rect): Record<string, DrawOp> {
  const colour = 0x9a3b5c7d
  const glyph = { bits: junk, strideBytes: 11, foreground: colour, background: 0x01020304 }
  return {
    fill: { op: 'fill', rect: place, colour },
    'fill with one byte': { op: 'fill', rect: place, colour: 0x77777777 },
    'fill by exclusive-or': { op: 'fill', rect: place, colour, rop: 'xor' },
    'blit of a glyph': { op: 'blit', rect: place, image: glyph },
    'blit of a part of a glyph': { op: 'blit', rect: place, image: glyph, fromX: 5, fromY: 2 },
    'transparent blit': { op: 'blit', rect: place, image: { bits: junk, foreground: colour } },
    'blit in colour': { op: 'blit', rect: place, image: { pixels: junk } },
    'blit of a part in colour': {
      op: 'blit',
      rect: place,
      image: { pixels: junk, strideBytes: 319 },
      fromX: 3,
      fromY: 1,
    },
    ...Object.fromEntries(
      Object.entries(directions).map(([name, [dx, dy]]) => [
        `copy by ${name}`,
        { op: 'copy', rect: place, fromX: place.x1 - dx, fromY: place.y1 - dy },
      ]),
    ),
  }
}

describe('2D ops', () => {
  for (const format of pixelFormatNames) {
    it(`draw each pixel right in ${format}`, async () => {
      const strideBytes = width * pixelFormats[format].bytesPerPixel + 5
      await using surface = await Surface.create({ width, height, format, strideBytes, offsetBytes })
      for (const [where, place] of Object.entries(places)) {
        for (const [what, op] of Object.entries(opsAt(place))) assertDrawn(surface, op, `${what}, ${where}`)
      }
    })
  }

  it('draw each pixel right, whatever the op', async () => {
    const formats = fc.constantFrom(...pixelFormatNames)
    const rects = arbitraryRect({ width, height })
    const op = fc.oneof(arbitraryPaint(rects), arbitraryCopy({ width, height }, rects))
    const ops = fc.array(op, { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(formats, fc.nat(3), ops, async (format, offsetBytes, list) => {
        await using surface = await Surface.create({ width, height, format, offsetBytes, tracker: 'compare' })
        for (const op of list) assertDrawn(surface, op, JSON.stringify(op))
      }),
      { numRuns: 60 },
    )
  })
})

function assertDrawn(surface: Surface, op: DrawOp, what: string): void {
  const { offsetBytes, strideBytes, format } = surface.mode
  const bytes = surface.pixels.subarray(offsetBytes)
  bytes.set(junk.subarray(0, Math.min(junk.length, bytes.length)))
  const before = bytes.slice()
  const expected = new PlainBlitter(surface.mode, bytes)
  expected.draw(op)

  surface.draw(op)

  assert.deepEqual(expected.read(bytes), expected.pixels, what)
  for (let y = 0; y < height; y++) {
    const padding = [y * strideBytes + width * format.bytesPerPixel, (y + 1) * strideBytes] as const
    assert.deepEqual(bytes.subarray(...padding), before.subarray(...padding), `padding: ${what}`)
  }
  assert.deepEqual(expected.read(surface.snapshot().pixels), expected.pixels, `the shadow: ${what}`)
}
