/** What a viewer decodes is what the surface shows, pixel for pixel, for every format on both sides. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { rect } from '../../src/geometry/rect.js'
import { type PixelFormatName, pixelFormatNames } from '../../src/pixels/format.js'
import { toRgb } from '../../src/pixels/to-rgb.js'
import { scaleComponent, type TargetFormat, targetPixel } from '../../src/pixels/translation.js'
import type { FakeDisplay } from '../support/fake-display.js'
import { type RandomPicture, randomPicture, targetFormats } from '../support/pixel-formats.js'
import type { RfbClient } from '../support/rfb-client.js'
import { serveDisplay } from '../support/rfb-server.js'

const encodings = { raw: [0], zrle: [0, 16] }

/** 8-bit red, green and blue of each pixel: what a PNG of the surface has. */
function colours(display: FakeDisplay): [number, number, number][] {
  const rgb = toRgb(display.pixels, display.mode, display.palette, display.bounds)
  return Array.from(
    { length: rgb.length / 3 },
    (_, i) => [...rgb.subarray(i * 3, i * 3 + 3)] as [number, number, number],
  )
}

function show(display: FakeDisplay, picture: RandomPicture): void {
  const { width, height, strideBytes, format } = picture
  display.palette = picture.palette
  display.setMode({ width, height, strideBytes, format: format.name })
  display.pixels.set(picture.pixels.subarray(0, display.pixels.length))
}

function ask(client: RfbClient, target: TargetFormat): void {
  const components = [target.red, target.green, target.blue]
  client.setPixelFormat({
    bitsPerPixel: target.bytesPerPixel * 8,
    depth: Math.min(
      target.bytesPerPixel * 8,
      components.reduce((bits, { max }) => bits + Math.ceil(Math.log2(max + 1)), 0),
    ),
    bigEndian: target.bigEndian,
    max: components.map(({ max }) => max) as [number, number, number],
    shift: components.map(({ step }) => Math.log2(step)) as [number, number, number],
  })
}

const pictures = fc.record({
  formatName: fc.constantFrom<PixelFormatName>(...pixelFormatNames),
  width: fc.integer({ min: 1, max: 140 }),
  height: fc.integer({ min: 1, max: 80 }),
  padding: fc.integer({ min: 0, max: 3 }),
  colours: fc.constantFrom(1, 2, 4, 16, 60, 127, 3000),
  runs: fc.constantFrom(1, 3, 50, 3000),
  seed: fc.integer(),
})

describe('the picture', () => {
  for (const [name, listed] of Object.entries(encodings)) {
    it(`is right in every true-colour format, by ${name}, over one connection`, async (t) => {
      const { display, connect } = await serveDisplay(t, { width: 1, height: 1 })
      const client = await connect()
      client.setEncodings(...listed, -223)
      await client.update(false)
      const property = fc.asyncProperty(
        pictures,
        fc.constantFrom(...Object.values(targetFormats)),
        async (shape, target) => {
          ask(client, target)
          show(display, randomPicture(shape))
          // The size, where it has changed, and then the picture; where it has not, the picture twice.
          await client.update(true)
          const rects = await client.update(false)
          assert.ok(rects.every(({ encoding }) => encoding === listed.at(-1)))
          assert.deepEqual([client.width, client.height], [shape.width, shape.height])
          const expected = colours(display).map((colour) => targetPixel(target, colour))
          assert.deepEqual([...client.pixels], expected)
        },
      )
      await fc.assert(property, { numRuns: 60 })
    })
  }

  it('is as near as a cube of 216 colours can be, in a colour map', async (t) => {
    const { display, connect } = await serveDisplay(t, { width: 1, height: 1 })
    show(
      display,
      randomPicture({ formatName: 'rgb565', width: 90, height: 70, colours: 500, runs: 3, seed: 5 }),
    )
    for (const listed of Object.values(encodings)) {
      const client = await connect()
      client.setEncodings(...listed)
      client.setPixelFormat({ bitsPerPixel: 8, depth: 8, trueColour: false })
      await client.update(false)
      await client.update(false)
      assert.deepEqual([client.colourMap.length, client.colourMaps], [216, 1])
      const shown = [...client.pixels].map((index) =>
        client.colourMap[index]!.map((component) => component >> 8),
      )
      const expected = colours(display).map((colour) =>
        colour.map((component) => scaleComponent(component, 5) * 51),
      )
      assert.deepEqual(shown, expected)
    }
  })

  it('follows the palette of an indexed surface', async (t) => {
    const { display, connect } = await serveDisplay(t, { width: 16, height: 16, format: 'c8' })
    display.pixels.set(Uint8Array.from({ length: 256 }, (_, i) => i))
    for (const listed of Object.values(encodings)) {
      const client = await connect()
      client.setEncodings(...listed)
      for (const turn of [1, 2, 3]) {
        display.palette = Uint8Array.from({ length: 768 }, (_, i) => i * turn)
        await client.update(false)
        const expected = colours(display).map(([r, g, b]) => r * 65536 + g * 256 + b)
        assert.deepEqual([...client.pixels], expected)
      }
    }
  })

  it('is right when it takes several pieces, and when encodings change in between', async (t) => {
    const { display, connect } = await serveDisplay(t, { width: 1, height: 1 })
    show(
      display,
      randomPicture({ formatName: 'xrgb8888', width: 1100, height: 300, colours: 9, runs: 40, seed: 3 }),
    )
    const expected = colours(display).map(([r, g, b]) => r * 65536 + g * 256 + b)
    const client = await connect()
    for (const listed of [encodings.zrle, encodings.raw, encodings.zrle]) {
      client.setEncodings(...listed)
      client.pixels.fill(0)
      const rects = await client.update(false)
      assert.ok(rects.length > 1)
      assert.ok(client.pixels.every((pixel, i) => pixel === expected[i]))
    }
  })

  it('shows a part of the surface where only that was damaged', async (t) => {
    const { display, connect } = await serveDisplay(t, { width: 40, height: 30 })
    const client = await connect()
    await client.update(false)
    display.pixels.fill(0xff)
    client.request(true)
    display.damage(rect(3, 4, 10, 6), rect(20, 20, 21, 30))
    const rects = await client.nextUpdate()
    assert.deepEqual(
      rects.map(({ x, y, width, height }) => [x, y, width, height]),
      [
        [3, 4, 7, 2],
        [20, 20, 1, 10],
      ],
    )
    assert.equal(client.pixels.filter((pixel) => pixel === 0xffffff).length, 24)
  })
})
