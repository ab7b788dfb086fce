/** What libumfb's device API draws, each pixel against an independent blitter, and how it is told. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rectOfSize } from '../../src/geometry/rect.js'
import { pixelFormatNames, pixelFormats } from '../../src/pixels/format.js'
import { formatCodes } from '../../src/ring/layout.js'
import { createMode } from '../../src/surface/mode.js'
import { imageOf } from '../support/device-process.js'
import { connectDevice, decodeEvent, height, width } from '../support/fake-device.js'
import { randomNumbers } from '../support/pixel-formats.js'
import { PlainBlitter } from '../support/plain-blitter.js'

const places = [
  [10, 5, 31, 11],
  [7, 3, 1, 1],
  [0, 0, width, height],
  [-9, -4, 29, 16],
  [35, 9, 40, 31],
  [-3, -5, width + 12, height + 7],
  [width, 0, 10, 5],
  [5, 5, 0, 4],
] as const

for (const format of pixelFormatNames) {
  test(`ops draw each pixel right in ${format}, and no other one`, async (t) => {
    const { backend, device } = await connectDevice(t)
    const { bytesPerPixel } = pixelFormats[format]
    const strideBytes = width * bytesPerPixel + 5
    const offsetBytes = 8
    const fourcc = formatCodes[format]
    assert.equal(await device.call('mode', 0, width, height, strideBytes, fourcc, offsetBytes), 0)
    const mode = createMode({ width, height, format, strideBytes, offsetBytes })
    const random = randomNumbers(5)
    for (const [x, y, w, h] of places) {
      const rect = rectOfSize(x, y, w, h)
      const colour = 0x9a3b5c7d
      const glyph = { bits: imageOf(3, 4096), strideBytes: 11, foreground: colour, background: 0x01020304 }
      const pixels = imageOf(9, 30000)
      for (const [call, op] of [
        [['fill', colour, 0], { op: 'fill', rect, colour }],
        [['fill', colour, 1], { op: 'fill', rect, colour, rop: 'xor' }],
        [['blit', 0, 313, 0, 0, 9], { op: 'blit', rect, image: { pixels, strideBytes: 313 } }],
        [['blit', 0, 0, 0, 0, 9], { op: 'blit', rect, image: { pixels } }],
        [['blit', 1, 11, colour, 0x01020304, 3], { op: 'blit', rect, image: glyph }],
        [['blit', 2, 11, colour, 0, 3], { op: 'blit', rect, image: { ...glyph, background: undefined } }],
        ...[-14, -1, 0, 1, 13].flatMap((dx) =>
          [-6, -1, 0, 1, 5].map(
            (dy) => [['copy', x - dx, y - dy], { op: 'copy', rect, fromX: x - dx, fromY: y - dy }] as const,
          ),
        ),
      ] as const) {
        const whole = backend.pixels.subarray(0, 80_000)
        for (let i = 0; i < whole.length; i++) whole[i] = random(256)
        const before = whole.slice()
        const expected = new PlainBlitter(mode, whole.subarray(offsetBytes))
        expected.draw(op)
        const [name, ...rest] = call
        const what = `${call.join(' ')} at ${[x, y, w, h]}`
        assert.equal(await device.call(name, 0, x, y, w, h, ...rest), 0, what)
        assert.deepEqual(expected.read(whole.subarray(offsetBytes)), expected.pixels, what)
        for (let row = 0; row < height; row++) {
          const at = offsetBytes + row * strideBytes
          before.set(whole.subarray(at, at + width * bytesPerPixel), at)
        }
        assert.deepEqual(whole, before, `outside of the picture: ${what}`)
        backend.takeEvents()
      }
    }
  })
}

test('what was drawn is told, cut to the scanout', async (t) => {
  const { backend, device } = await connectDevice(t)
  const told = async (...call: [string, ...number[]]) => {
    assert.equal(await device.call(...call), 0)
    return backend.takeEvents().map(decodeEvent)
  }
  const rect = (x: number, y: number, w: number, h: number) => ({ x, y, width: w, height: h })
  const cut = rect(50, 20, 11, 3)
  assert.deepEqual(await told('update', 0, 50, 20, 30, 30), [{ event: 'update', scanout: 0, ...cut }])
  assert.deepEqual(await told('fill', 0, 50, 20, 30, 30, 77, 1), [
    { event: 'fill', scanout: 0, rop: 1, ...cut, colour: 77 },
  ])
  assert.deepEqual(await told('copy', 0, 0, 0, 20, 10, 55, 3), [
    { event: 'copy', scanout: 0, ...rect(0, 0, 6, 10), fromX: 55, fromY: 3 },
  ])
  assert.deepEqual(await told('blit', 0, 5, 6, 13, 7, 1, 4, 11, 12, 9), [
    {
      event: 'blit',
      scanout: 0,
      kind: 1,
      ...rect(5, 6, 13, 7),
      heapOffset: 0,
      strideBytes: 2,
      foreground: 11,
      background: 12,
    },
  ])
  const rows = Array.from({ length: 7 }, (_, y) => [...imageOf(9, 28).subarray(y * 4, y * 4 + 2)]).flat()
  const { heapOffset } = backend.parts
  assert.deepEqual([...backend.bytes.subarray(heapOffset, heapOffset + 14)], rows, 'the image in the heap')
  assert.deepEqual(await told('blit', 0, 55, 6, 13, 7, 1, 4, 11, 12, 9), [
    { event: 'update', scanout: 0, ...rect(55, 6, 6, 7) },
  ])
  assert.deepEqual(await told('fill', 0, 61, 0, 5, 5, 0, 0), [], 'nothing was drawn')
  assert.deepEqual(await told('copy', 0, 5, 5, 5, 5, 5, 5), [], 'nothing was drawn')
})

test('images wait in the heap until their event was taken; without room, the rect is told', async (t) => {
  const { backend, device } = await connectDevice(t, { heapBytes: 8192 })
  const blit = (seed: number) => device.call('blit', 0, 0, 0, 40, 20, 0, 0, 0, 0, seed)
  for (const seed of [1, 2, 3]) await blit(seed)
  const first = backend.takeEvents().map(decodeEvent)
  assert.deepEqual(
    first.map(({ event, heapOffset }) => [event, heapOffset]),
    [
      ['blit', 0],
      ['blit', 3200],
      ['update', undefined],
    ],
  )
  // It has room again, and wraps: an image is in one piece.
  for (const seed of [4, 5, 6]) await blit(seed)
  const second = backend.takeEvents().map(decodeEvent)
  assert.deepEqual(
    second.map(({ event, heapOffset }) => [event, heapOffset]),
    [
      ['blit', 0],
      ['blit', 3200],
      ['update', undefined],
    ],
  )
  for (const [seed, offset] of [
    [4, 0],
    [5, 3200],
  ] as const) {
    const at = backend.parts.heapOffset + offset
    assert.deepEqual(backend.bytes.slice(at, at + 3200), imageOf(seed, 3200))
  }
})

test('wrong values are refused, and nothing is drawn or told', async (t) => {
  const { backend, device } = await connectDevice(t)
  const [einval, enoent] = [-22, -2]
  for (const [call, error] of [
    [['fill', 1, 0, 0, 5, 5, 9, 0], enoent],
    [['fill', 99, 0, 0, 5, 5, 9, 0], enoent],
    [['fill', 0, 0, 0, -5, 5, 9, 0], einval],
    [['fill', 0, 0, 0, 5, 5, 9, 2], einval],
    [['copy', 0, 0, 0, 5, -1, 9, 2], einval],
    [['blit', 0, 0, 0, 5, 5, 3, 0, 1, 2, 3], einval],
    [['blit', 0, 0, 0, 5, 5, 0, 19, 1, 2, 3], einval],
    [['mark', 2 ** 20 - 5, 6], einval],
    [['mark', 2 ** 60, 6], einval],
  ] as const) {
    const [name, ...values] = call
    assert.equal(await device.call(name, ...values), error, call.join(' '))
  }
  assert.ok(backend.pixels.every((byte) => byte === 0))
  assert.deepEqual(backend.takeEvents(), [])
})

test('rects at the ends of what a number holds are cut as others are', async (t) => {
  const { backend, device } = await connectDevice(t)
  const far = 2 ** 31 - 1
  for (const call of [
    ['fill', 0, -far - 1, -far - 1, far, far, 9, 0],
    ['fill', 0, far, far, far, far, 9, 0],
    ['copy', 0, -far - 1, 0, far, far, far, far],
    ['copy', 0, 0, 0, far, far, -far - 1, -far - 1],
  ] as const) {
    const [name, ...values] = call
    assert.equal(await device.call(name, ...values), 0)
  }
  assert.deepEqual(backend.takeEvents(), [])
  await device.call('fill', 0, -9, -9, far, far, 9, 0)
  assert.deepEqual(backend.takeEvents().map(decodeEvent), [
    { event: 'fill', scanout: 0, rop: 0, x: 0, y: 0, width, height, colour: 9 },
  ])
})
