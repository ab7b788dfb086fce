import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rect } from '../../src/geometry/rect.js'
import { greyPalette, pixelFormatNames, pixelFormats } from '../../src/pixels/format.js'
import { expandComponent, toRgb } from '../../src/pixels/to-rgb.js'

test('components are expanded by repeating their bits', () => {
  for (let value = 0; value < 64; value++) {
    assert.equal(expandComponent(value, 6), (value << 2) | (value >> 4))
    if (value < 32) assert.equal(expandComponent(value, 5), (value << 3) | (value >> 2))
    if (value < 8) assert.equal(expandComponent(value, 3), (value << 5) | (value << 2) | (value >> 1))
    if (value < 4) assert.equal(expandComponent(value, 2), value * 0x55)
    assert.equal(expandComponent(value, 8), value)
  }
})

test('the largest value of every width is white, and no value is far from the exact one', () => {
  for (let bits = 1; bits <= 8; bits++) {
    const most = 2 ** bits - 1
    assert.equal(expandComponent(most, bits), 255)
    assert.equal(expandComponent(0, bits), 0)
    for (let value = 0; value <= most; value++) {
      assert.ok(Math.abs(expandComponent(value, bits) - (value * 255) / most) < 1)
    }
  }
})

/** Pure red, green and blue in each format, as the bytes lie in memory (drm_fourcc.h: little-endian values). */
const primaries: Record<string, number[][]> = {
  xrgb8888: [
    [0, 0, 255, 0],
    [0, 255, 0, 0],
    [255, 0, 0, 0],
  ],
  xbgr8888: [
    [255, 0, 0, 0],
    [0, 255, 0, 0],
    [0, 0, 255, 0],
  ],
  rgbx8888: [
    [0, 0, 0, 255],
    [0, 0, 255, 0],
    [0, 255, 0, 0],
  ],
  bgrx8888: [
    [0, 255, 0, 0],
    [0, 0, 255, 0],
    [0, 0, 0, 255],
  ],
  rgb888: [
    [0, 0, 255],
    [0, 255, 0],
    [255, 0, 0],
  ],
  bgr888: [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
  ],
  rgb565: [
    [0x00, 0xf8],
    [0xe0, 0x07],
    [0x1f, 0x00],
  ],
  bgr565: [
    [0x1f, 0x00],
    [0xe0, 0x07],
    [0x00, 0xf8],
  ],
  xrgb1555: [
    [0x00, 0x7c],
    [0xe0, 0x03],
    [0x1f, 0x00],
  ],
  rgb332: [[0xe0], [0x1c], [0x03]],
}

for (const [name, pixels] of Object.entries(primaries)) {
  test(`${name}: red, green and blue, whatever the bits that carry nothing`, () => {
    const format = pixelFormats[name as keyof typeof pixelFormats]
    const bytes = Uint8Array.from(pixels.flat())
    const layout = { format, strideBytes: bytes.length }
    const expected = [255, 0, 0, 0, 255, 0, 0, 0, 255]
    assert.deepEqual([...toRgb(bytes, layout, greyPalette(), rect(0, 0, 3, 1))], expected)
    const unused = ~[format.red, format.green, format.blue].reduce(
      (mask, { shift, bits }) => mask | (((1 << bits) - 1) << shift),
      0,
    )
    for (let i = 0; i < bytes.length; i++) bytes[i]! |= unused >>> (8 * (i % format.bytesPerPixel))
    assert.deepEqual([...toRgb(bytes, layout, greyPalette(), rect(0, 0, 3, 1))], expected)
  })
}

test('every true-colour format has its primaries above', () => {
  assert.deepEqual(
    Object.keys(primaries),
    pixelFormatNames.filter((name) => !pixelFormats[name].indexed),
  )
})

test('an indexed format goes through its palette', () => {
  const palette = greyPalette()
  palette.set([1, 2, 3], 255 * 3)
  const rgb = toRgb(
    Uint8Array.of(255, 7),
    { format: pixelFormats.c8, strideBytes: 2 },
    palette,
    rect(0, 0, 2, 1),
  )
  assert.deepEqual([...rgb], [1, 2, 3, 7, 7, 7])
})

test('a part is cut out of padded rows', () => {
  const strideBytes = 5
  const pixels = Uint8Array.from({ length: 20 }, (_, i) => i)
  const rgb = toRgb(pixels, { format: pixelFormats.c8, strideBytes }, greyPalette(), rect(1, 2, 3, 4))
  assert.deepEqual([...rgb], [11, 11, 11, 12, 12, 12, 16, 16, 16, 17, 17, 17])
})
