import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { binding } from '../../src/native/load.js'
import { type PixelFormatName, pixelFormatNames, pixelFormats } from '../../src/pixels/format.js'
import { createTranslation, withoutEmptyByte } from '../../src/pixels/translation.js'
import { randomPicture, targetFormats } from '../support/pixel-formats.js'

const target = targetFormats.rgb888LittleEndian
const translation = createTranslation(pixelFormats.xrgb8888, target)

/** Runs both twins into buffers of junk, and returns what each wrote. */
function twins(
  name: 'convert' | 'encodeZrle',
  picture: { pixels: Uint8Array; strideBytes: number },
  [x, y, width, height]: readonly [number, number, number, number],
  words: Uint32Array,
): [Uint8Array, Uint8Array] {
  const room = width * height * words[1]! + Math.ceil(width / 64) * Math.ceil(height / 64)
  const run = (kernel: typeof binding.convert, junk: number) => {
    const out = new Uint8Array(room + 8).fill(junk)
    const written = kernel(
      picture.pixels,
      picture.strideBytes,
      x,
      y,
      width,
      height,
      words,
      out.subarray(0, room),
    )
    assert.deepEqual(out.subarray(room), new Uint8Array(8).fill(junk), 'nothing is written behind the room')
    return out.subarray(0, written)
  }
  return [run(binding[name], 0xaa), run(binding[`${name}Plain`], 0x55)]
}

describe('pixel kernels', () => {
  for (const kernel of ['convert', 'encodeZrle'] as const) {
    it(`${kernel} gives what its plain twin gives, for every format on both sides`, () => {
      fc.assert(
        fc.property(
          fc.constantFrom<PixelFormatName>(...pixelFormatNames),
          fc.constantFrom(...Object.values(targetFormats)),
          fc.record({
            width: fc.integer({ min: 1, max: 150 }),
            height: fc.integer({ min: 1, max: 90 }),
            padding: fc.integer({ min: 0, max: 9 }),
            colours: fc.constantFrom(1, 2, 3, 5, 16, 17, 100, 127, 128, 5000),
            runs: fc.constantFrom(1, 2, 30, 300, 5000),
            seed: fc.integer(),
          }),
          (formatName, targetFormat, shape) => {
            const picture = randomPicture({ formatName, ...shape })
            const full = createTranslation(picture.format, targetFormat, picture.palette)
            const words = kernel === 'convert' ? full : withoutEmptyByte(full, targetFormat)
            const x = shape.width >> 2
            const part = [x, shape.height >> 3, shape.width - x, shape.height - (shape.height >> 3)] as const
            const [fast, plain] = twins(kernel, picture, part, words)
            assert.deepEqual(fast, plain)
          },
        ),
        { numRuns: 150 },
      )
    })

    it(`${kernel} refuses what would reach beyond its buffers`, () => {
      const run = (over: Record<string, unknown>) => {
        const a = {
          source: new Uint8Array(400),
          stride: 40,
          x: 0,
          y: 0,
          width: 10,
          height: 10,
          words: translation,
          out: new Uint8Array(500),
          ...over,
        }
        return binding[kernel](a.source, a.stride, a.x, a.y, a.width, a.height, a.words, a.out)
      }
      assert.doesNotThrow(() => run({}))
      assert.doesNotThrow(() => run({ stride: 0 }))
      for (const wrong of [
        { x: 1 },
        { y: 1 },
        { width: 11 },
        { height: 11 },
        { stride: 41 },
        { source: new Uint8Array(399) },
        { out: new Uint8Array(399) },
        { x: -1 },
        { width: 0 },
        { height: 16385 },
        { width: 1.5 },
        { stride: Number.NaN },
        { words: translation.subarray(1) },
        { words: translation.with(0, 5) },
        { words: translation.with(1, 0) },
        { words: translation.with(3, 32) },
        { words: translation.with(8, 256) },
      ]) {
        assert.throws(() => run(wrong), RangeError, JSON.stringify(Object.entries(wrong)[0]))
      }
      for (const wrong of [{ source: [] }, { words: new Int32Array(784) }, { out: undefined }, { x: '0' }]) {
        assert.throws(() => run(wrong), TypeError)
      }
    })
  }

  it('leave out what carries no colour, also where both layouts are the same', () => {
    const source = Uint8Array.of(1, 2, 3, 0xff)
    const out = new Uint8Array(4)
    binding.convert(source, 4, 0, 0, 1, 1, translation, out)
    assert.deepEqual(out, Uint8Array.of(1, 2, 3, 0))
  })
})
