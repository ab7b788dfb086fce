import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { InvalidArgumentError, OutputError } from '../../src/errors.js'
import { rect } from '../../src/geometry/rect.js'
import { greyPalette, type PixelFormatName, pixelFormatNames } from '../../src/pixels/format.js'
import { toRgb } from '../../src/pixels/to-rgb.js'
import { encodePng, type Picture, PngSink, writePng } from '../../src/sinks/png.js'
import { createMode, modeBytes } from '../../src/surface/mode.js'
import { temporaryFolder } from '../support/temporary.js'

/** Bytes without a pattern, the same in each run; rows are padded. */
function picture(format: PixelFormatName, width = 13, height = 7): Picture {
  const bytesPerRow = createMode({ width, height, format }).strideBytes
  const mode = createMode({ width, height, format, strideBytes: bytesPerRow + 5 })
  const pixels = Uint8Array.from({ length: modeBytes(mode) }, (_, i) => (i * i * 31 + i * 7) >> 3)
  return { mode, pixels, palette: greyPalette().map((value, i) => (i % 3 === 0 ? 255 - value : value)) }
}

async function decode(png: Buffer) {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
  return { rgb: Uint8Array.from(data), width: info.width, height: info.height, channels: info.channels }
}

for (const format of pixelFormatNames) {
  test(`${format}: the PNG has exactly the picture's colours`, async () => {
    const { mode, pixels, palette } = picture(format)
    const { rgb, ...size } = await decode(await encodePng({ mode, pixels, palette }))
    assert.deepEqual(size, { width: 13, height: 7, channels: 3 })
    assert.deepEqual(rgb, toRgb(pixels, mode, palette, rect(0, 0, 13, 7)))
  })
}

test('a part has the same pixels as that part of the whole', async () => {
  const { mode, pixels, palette } = picture('rgb565')
  const part = rect(3, 2, 11, 7)
  const { rgb, width, height } = await decode(await encodePng({ mode, pixels, palette }, { part }))
  assert.deepEqual([width, height], [8, 5])
  assert.deepEqual(rgb, toRgb(pixels, mode, palette, part))
})

test('one colour is still a truecolour PNG', async () => {
  const mode = createMode({ width: 2, height: 2 })
  const png = await encodePng({ mode, pixels: new Uint8Array(16), palette: greyPalette() })
  // Byte 25 of a PNG is its colour type (ISO/IEC 15948, 11.2.2): 2 is truecolour without alpha.
  assert.equal(png[25], 2)
})

for (const part of [rect(0, 0, 14, 7), rect(-1, 0, 3, 3), rect(4, 4, 4, 6), rect(5, 5, 3, 3)]) {
  test(`a rect that is no part of the picture: ${JSON.stringify(part)}`, async () => {
    await assert.rejects(encodePng(picture('xrgb8888'), { part }), InvalidArgumentError)
  })
}

test('a file that cannot be written', async () => {
  await assert.rejects(writePng('/proc/umfb.png', picture('c8')), OutputError)
})

test('the pixels are taken when encoding begins: what is drawn meanwhile is the next picture', async () => {
  const drawn = picture('xrgb8888')
  const before = await encodePng(drawn)
  const encoding = encodePng(drawn)
  drawn.pixels.fill(0)
  assert.deepEqual(await encoding, before)
})

test('the sink keeps a file current, and a failed write is a failed present', async (t) => {
  const folder = temporaryFolder(t)
  const frame = { ...picture('xrgb8888'), ops: [], damage: [rect(0, 0, 1, 1)], sequence: 1 }
  const sink = new PngSink(join(folder, 'now.png'))
  await sink.present(frame)
  assert.deepEqual(readFileSync(join(folder, 'now.png')), await encodePng(frame))

  const failing = new PngSink(join(folder, 'no/now.png'))
  const failure = await failing.present(frame).catch((error: unknown) => error)
  assert.ok(failure instanceof OutputError)
  failing.presentFailed(failure)
  assert.equal(failing.lastError, failure)
})

test('the sink hands each picture to a function', async () => {
  const seen: number[] = []
  const sink = new PngSink((png, { sequence }) => {
    assert.deepEqual([...png.subarray(1, 4)], [...Buffer.from('PNG')])
    seen.push(sequence)
  })
  await sink.present({ ...picture('c8'), ops: [], damage: [], sequence: 3 })
  assert.deepEqual(seen, [3])
})
