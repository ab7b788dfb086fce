import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pixelValue } from '../../src/draw/pixel-value.js'
import { InvalidArgumentError } from '../../src/errors.js'
import { greyPalette, type PixelFormat, pixelFormatNames, pixelFormats } from '../../src/pixels/format.js'
import { toRgb } from '../../src/pixels/to-rgb.js'

describe('pixelValue', () => {
  it('is the nearest colour that the format has', () => {
    for (const name of pixelFormatNames.filter((name) => name !== 'c8')) {
      const format: PixelFormat = pixelFormats[name]
      const layout = { width: 1, height: 1, strideBytes: 4, format }
      const colours: [number, number, number][] = [
        [0, 0, 0],
        [255, 255, 255],
        [255, 0, 0],
        [0, 128, 0],
        [9, 90, 200],
      ]
      for (const colour of colours) {
        const pixel = new Uint8Array(new Uint32Array([pixelValue(format, ...colour)]).buffer)
        const shown = toRgb(pixel, layout, greyPalette(), { x1: 0, y1: 0, x2: 1, y2: 1 })
        for (const [i, component] of (['red', 'green', 'blue'] as const).entries()) {
          const halfStep = 255 / (2 ** format[component].bits - 1) / 2
          assert.ok(Math.abs(shown[i]! - colour[i]!) <= halfStep + 1, `${name} ${colour}: ${shown}`)
        }
      }
    }
  })

  it('is none of an indexed format, or of what is no colour', () => {
    assert.throws(() => pixelValue(pixelFormats.c8, 0, 0, 0), InvalidArgumentError)
    for (const wrong of [-1, 256, Number.NaN]) {
      assert.throws(() => pixelValue(pixelFormats.rgb565, 0, wrong, 0), InvalidArgumentError)
    }
  })
})
