/** The kernels of 2D ops: fast ones against plain ones, and what hostile arguments get. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { DrawnRect } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { randomNumbers } from '../support/pixel-formats.js'

const side = 64
const shapes = fc.record({
  bytesPerPixel: fc.integer({ min: 1, max: 4 }),
  padding: fc.nat(9),
  x: fc.nat(20),
  y: fc.nat(9),
  width: fc.integer({ min: 1, max: side - 20 }),
  height: fc.integer({ min: 1, max: 12 }),
  fromX: fc.nat(20),
  fromY: fc.nat(9),
  foreground: fc.nat(2 ** 32 - 1),
  background: fc.option(fc.nat(2 ** 32 - 1), { nil: undefined }),
  seed: fc.integer(),
})

type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never
type Ops = 'fill' | 'fillXor' | 'copy' | 'blitGlyph'

function junk(seed: number, length: number): Uint8Array {
  const random = randomNumbers(seed)
  return Uint8Array.from({ length }, () => random(256))
}

/** What a kernel makes of a picture of junk. */
function drawn(name: Ops | `${Ops}Plain`, shape: Shape): Uint8Array {
  const { bytesPerPixel, padding, x, y, width, height, fromX, fromY, foreground, background, seed } = shape
  const stride = side * bytesPerPixel + padding
  const pixels = junk(seed, stride * side)
  const target: DrawnRect = [pixels, stride, bytesPerPixel, x, y, width, height]
  if (name === 'copy' || name === 'copyPlain') binding[name](...target, pixels, stride, fromX, fromY)
  else if (name === 'blitGlyph' || name === 'blitGlyphPlain')
    binding[name](...target, junk(~seed, 400), 11, fromX, fromY, foreground, background)
  else binding[name](...target, foreground)
  return pixels
}

describe('kernels of 2D ops', () => {
  for (const name of ['fill', 'fillXor', 'copy', 'blitGlyph'] as const) {
    it(`${name} gives what its plain twin gives`, () => {
      fc.assert(
        fc.property(shapes, (shape) => {
          assert.deepEqual(drawn(name, shape), drawn(`${name}Plain`, shape))
        }),
        { numRuns: 200 },
      )
    })
  }

  it('fill whole pictures, of one byte and of more', () => {
    for (const colour of [0x55555555, 0x12345678]) {
      for (const bytesPerPixel of [1, 2, 3, 4]) {
        const run = (name: 'fill' | 'fillPlain') => {
          const pixels = new Uint8Array(100 * 90 * bytesPerPixel + 4)
          binding[name](pixels, 100 * bytesPerPixel, bytesPerPixel, 0, 0, 100, 90, colour)
          return pixels
        }
        assert.deepEqual(run('fill'), run('fillPlain'))
      }
    }
  })

  it('copy from another picture, with rows of another length', () => {
    const run = (name: 'copy' | 'copyPlain') => {
      const pixels = new Uint8Array(400)
      binding[name](pixels, 40, 4, 2, 1, 5, 6, junk(3, 300), 27, 1, 2)
      return pixels
    }
    assert.deepEqual(run('copy'), run('copyPlain'))
  })

  /** A rect of 10 × 10 pixels that fills its picture, and one byte more wherever one can be. */
  const rect = { pixels: new Uint8Array(400), stride: 40, bytes: 4, x: 0, y: 0, width: 10, height: 10 }
  const target = (over: Partial<Record<keyof typeof rect, unknown>>) => {
    const { pixels, stride, bytes, x, y, width, height } = { ...rect, ...over }
    return [pixels, stride, bytes, x, y, width, height] as DrawnRect
  }
  const bits = new Uint8Array(20)
  const calls = {
    fill: (over = {}) => binding.fill(...target(over), 0),
    fillXor: (over = {}) => binding.fillXor(...target(over), 0),
    copy: (over = {}) => binding.copy(...target(over), rect.pixels, 40, 0, 0),
    blitGlyph: (over = {}) => binding.blitGlyph(...target(over), bits, 2, 0, 0, 0, 0),
  }
  for (const [name, call] of Object.entries(calls)) {
    it(`${name} refuses what would reach beyond its picture`, () => {
      assert.doesNotThrow(() => call())
      for (const over of [
        { x: 1 },
        { y: 1 },
        { width: 11 },
        { height: 11 },
        { stride: 41 },
        { stride: 39 },
        { stride: 0 },
        { stride: 2 ** 40 },
        { bytes: 5 },
        { bytes: 0 },
        { pixels: new Uint8Array(399) },
        { x: -1 },
        { y: 2 ** 31 },
        { width: 0 },
        { height: 2 ** 32 },
        { width: 1.5 },
        { height: Number.NaN },
      ]) {
        assert.throws(() => call(over), RangeError, JSON.stringify(over))
      }
      for (const over of [
        { pixels: [] },
        { pixels: new Int8Array(400) },
        { x: '0' },
        { height: undefined },
      ]) {
        assert.throws(() => call(over), TypeError)
      }
    })
  }

  it('refuse sources that are too small, and colours that are none', () => {
    const copy = (source: unknown, stride: number, x: number, y: number) => () =>
      binding.copy(...target({}), source as Uint8Array, stride, x, y)
    const blit =
      (source: unknown, stride: number, x: number, y: number, foreground = 0, background: unknown = 0) =>
      () =>
        binding.blitGlyph(...target({}), source as Uint8Array, stride, x, y, foreground, background as number)
    assert.doesNotThrow(blit(bits, 2, 6, 0))
    for (const wrong of [
      copy(new Uint8Array(399), 40, 0, 0),
      copy(rect.pixels, 41, 0, 0),
      copy(rect.pixels, 40, 1, 0),
      copy(rect.pixels, 40, 0, 1),
      copy(rect.pixels, 40, -1, 0),
      copy(rect.pixels, 0, 0, 0),
      blit(new Uint8Array(19), 2, 0, 0),
      blit(bits, 3, 0, 0),
      blit(bits, 2, 7, 0),
      blit(bits, 2, 0, 1),
      blit(bits, 2, 0, 0, -1),
      blit(bits, 2, 0, 0, 2 ** 32),
      blit(bits, 2, 0, 0, 0, -1),
    ]) {
      assert.throws(wrong, RangeError)
    }
    assert.throws(copy([], 40, 0, 0), TypeError)
    assert.throws(blit(bits, 2, 0, 0, 0, null), TypeError)
    assert.throws(() => binding.fill(...target({}), 2 ** 32), RangeError)
  })
})
