/** What these hold: a dark screen is black to everybody and costs nothing; colours and the pointer change no mode. */
import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { ClosedError, InvalidArgumentError } from '../../src/errors.js'
import { rect } from '../../src/geometry/rect.js'
import type { PixelFormatName } from '../../src/pixels/format.js'
import { toRgb } from '../../src/pixels/to-rgb.js'
import { noCursor } from '../../src/surface/cursor.js'
import type { Frame, Sink } from '../../src/surface/sink.js'
import { Surface } from '../../src/surface/surface.js'
import { until } from '../support/wait.js'

const size = { width: 64, height: 48, fps: 1 }
const all = rect(0, 0, 64, 48)

/** Remembers what it was shown, as colours. */
class Colours implements Sink {
  readonly name = 'colours'
  readonly frames: (Pick<Frame, 'ops' | 'damage'> & { readonly rgb: Uint8Array })[] = []
  readonly heard: string[] = []
  readonly takesOps: Sink['takesOps']

  constructor(takesOps: Sink['takesOps'] = []) {
    this.takesOps = takesOps
  }

  present({ ops, damage, pixels, mode, palette }: Frame): void {
    this.frames.push({ ops, damage, rgb: toRgb(pixels, mode, palette, all) })
  }

  modeChanged(): void {
    this.heard.push('mode')
  }

  cursorChanged(): void {
    this.heard.push('cursor')
  }

  bell(): void {
    this.heard.push('bell')
  }
}

async function shown(sink: Sink, format: PixelFormatName = 'xrgb8888'): Promise<Surface> {
  const surface = await Surface.create({ ...size, format })
  surface.pixels.fill(0x77)
  surface.attach(sink)
  surface.harvest()
  return surface
}

describe('a blank screen', () => {
  for (const format of ['xrgb8888', 'rgb888', 'rgb565', 'c8'] as const) {
    it(`is black, and comes back with what was stored meanwhile: ${format}`, async () => {
      const sink = new Colours()
      await using surface = await shown(sink, format)
      if (format === 'c8') surface.setPalette(new Uint8Array(768).fill(200))
      surface.harvest()
      surface.blank(1)
      surface.harvest()
      assert.deepEqual(sink.frames.at(-1)!.damage, [all])
      assert.ok(sink.frames.at(-1)!.rgb.every((value) => value === 0))
      surface.pixels.fill(0x33, 0, 40)
      assert.equal(surface.harvest(), false)
      const { pixels, mode, palette } = surface.snapshot()
      assert.ok(toRgb(pixels, mode, palette, all).every((value) => value === 0))
      surface.blank(0)
      surface.harvest()
      assert.deepEqual(sink.frames.at(-1)!.damage, [all])
      const expected = toRgb(surface.pixels, surface.mode, surface.palette, all)
      assert.deepEqual(sink.frames.at(-1)!.rgb, expected)
      assert.ok(expected.some((value) => value > 0))
    })
  }

  it('is one fill for sinks that can', async () => {
    const sink = new Colours(['fill'])
    await using surface = await shown(sink)
    surface.blank(4)
    surface.harvest()
    assert.deepEqual(sink.frames.at(-1)!.ops, [{ op: 'fill', rect: all, colour: 0, rop: 'copy' }])
    assert.deepEqual(sink.frames.at(-1)!.damage, [])
  })

  it('is dark once, whatever the level, and a new mode leaves it so', async () => {
    const sink = new Colours()
    await using surface = await shown(sink)
    for (const level of [1, 2, 3, 4]) {
      surface.blank(level)
      assert.equal(surface.blankLevel, level)
      surface.harvest()
    }
    assert.equal(sink.frames.length, 2)
    surface.setMode({ ...size, format: 'rgb565' })
    surface.harvest()
    assert.ok(sink.frames.at(-1)!.rgb.every((value) => value === 0))
    assert.equal(sink.frames.length, 3)
    for (const level of [-1, 5, 0.5, Number.NaN])
      assert.throws(() => surface.blank(level), InvalidArgumentError)
  })

  it('is not looked at, however much is stored', async () => {
    await using surface = await Surface.create({ width: 64, height: 48, tracker: 'compare' })
    surface.attach(new Colours())
    surface.blank(1)
    let before = -1
    await until(
      () => {
        const { ticks } = surface.stats
        const isResting = ticks === before
        before = ticks
        surface.pixels.fill(ticks & 255)
        return isResting || undefined
      },
      () => 'it is looked at again and again',
    )
    surface.blank(0)
  })
})

describe('colours', () => {
  it('of an indexed surface are shown again, once, as no new mode', async () => {
    const sink = new Colours()
    await using surface = await shown(sink, 'c8')
    const red = Uint8Array.from({ length: 768 }, (_, i) => (i % 3 === 0 ? 255 : 0))
    surface.setPalette(red)
    surface.harvest()
    assert.deepEqual(sink.frames.at(-1)!.damage, [all])
    assert.deepEqual([...sink.frames.at(-1)!.rgb.subarray(0, 3)], [255, 0, 0])
    assert.deepEqual(sink.heard, [])
    surface.setPalette(red.slice())
    assert.equal(surface.harvest(), false, 'they are the same')
    assert.equal(sink.frames.length, 2)
  })

  it('of others show nothing', async () => {
    const sink = new Colours()
    await using surface = await shown(sink)
    surface.setPalette(new Uint8Array(768).fill(1))
    assert.equal(surface.harvest(), false)
    surface.setMode({ ...size, format: 'c8' })
    assert.equal(surface.palette[5], 1, 'they are kept')
  })
})

describe('the pointer and the bell', () => {
  const shape = { width: 2, height: 1, pixels: new Uint8Array(8), hotX: 1, hotY: 0 }

  it('reach sinks and listeners', async () => {
    const sink = new Colours()
    await using surface = await shown(sink)
    let rung = 0
    surface.on('bell', () => rung++)
    assert.deepEqual([surface.cursor, surface.pointer], [undefined, undefined])
    surface.setCursor(shape)
    surface.moveCursor(-3, 7)
    surface.bell()
    assert.deepEqual(surface.cursor, shape)
    assert.notEqual(surface.cursor!.pixels, shape.pixels, 'it is a copy')
    assert.deepEqual(surface.pointer, { x: -3, y: 7 })
    surface.setCursor(undefined)
    assert.equal(surface.cursor, noCursor)
    assert.deepEqual([sink.heard, rung], [['cursor', 'cursor', 'bell', 'cursor'], 1])
  })

  for (const [what, wrong] of [
    ['no width', { width: 0, pixels: new Uint8Array() }],
    ['too much height', { height: 257, pixels: new Uint8Array(2 * 257 * 4) }],
    ['half a pixel', { width: 1.5 }],
    ['too few bytes', { pixels: new Uint8Array(7) }],
    ['a hot spot beside it', { hotX: 2 }],
    ['a hot spot above it', { hotY: -1 }],
  ] as const) {
    it(`with ${what} is refused`, async () => {
      await using surface = await Surface.create(size)
      assert.throws(() => surface.setCursor({ ...shape, ...wrong }), InvalidArgumentError)
      assert.equal(surface.cursor, undefined)
    })
  }

  it('at no place is refused', async () => {
    await using surface = await Surface.create(size)
    assert.throws(() => surface.moveCursor(0.5, 0), InvalidArgumentError)
  })
})

test('after close all say so', async () => {
  const surface = await Surface.create(size)
  await surface.close()
  assert.throws(() => surface.blank(1), ClosedError)
  assert.throws(() => surface.pan(0), ClosedError)
  assert.throws(() => surface.setCursor(undefined), ClosedError)
  assert.throws(() => surface.moveCursor(0, 0), ClosedError)
  assert.throws(() => surface.bell(), ClosedError)
  await assert.rejects(surface.requestMode(size), ClosedError)
})
