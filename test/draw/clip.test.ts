/** What a hostile guest may hand over is refused before anything is drawn, and what it may change is read once. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ClipTarget, clipOp } from '../../src/draw/clip.js'
import type { DrawOp } from '../../src/draw/op.js'
import { InvalidArgumentError } from '../../src/errors.js'
import { rect } from '../../src/geometry/rect.js'

const target: ClipTarget = { bounds: rect(0, 0, 100, 50), bytesPerPixel: 4 }
const fill = { op: 'fill', rect: rect(0, 0, 10, 10), colour: 1 } as const
const copy = { op: 'copy', rect: rect(0, 0, 10, 10), fromX: 5, fromY: 5 } as const
const glyph = { bits: new Uint8Array(20), foreground: 1, background: 2 }
const blit = { op: 'blit', rect: rect(0, 0, 10, 10), image: glyph } as const
const pixels = { pixels: new Uint8Array(400) }

describe('clipOp', () => {
  it('cuts to the surface, a copy on both sides, and leaves out what does nothing', () => {
    const clipped = (op: DrawOp) => clipOp(op, target)
    assert.deepEqual(clipped({ ...fill, rect: rect(-5, 40, 200, 60) }), {
      ...fill,
      rect: rect(0, 40, 100, 50),
      rop: 'copy',
    })
    assert.deepEqual(clipped({ ...copy, rect: rect(-5, 0, 20, 20), fromX: -10, fromY: 45 }), {
      ...copy,
      rect: rect(5, 0, 20, 5),
      fromX: 0,
      fromY: 45,
    })
    assert.deepEqual(clipped({ ...blit, rect: rect(95, -3, 105, 7) }), {
      ...blit,
      image: { ...glyph, strideBytes: 2 },
      rect: rect(95, 0, 100, 7),
      fromX: 0,
      fromY: 3,
    })
    for (const nothing of [
      { ...fill, rect: rect(100, 0, 110, 10) },
      { ...fill, rect: rect(5, 5, 5, 9) },
      { ...copy, fromX: 0, fromY: 0 },
      { ...copy, fromX: 100 },
      { ...copy, fromY: -10 },
      { ...blit, rect: rect(3, 3, 3, 3), image: { ...glyph, bits: new Uint8Array() } },
    ]) {
      assert.equal(clipped(nothing), undefined)
    }
  })

  it('holds for the farthest coordinates', () => {
    const farthest = 2 ** 29
    const everything = rect(-farthest, -farthest, farthest, farthest)
    assert.deepEqual(clipOp({ ...fill, rect: everything }, target)?.rect, target.bounds)
    assert.equal(clipOp({ ...copy, rect: everything, fromX: farthest }, target), undefined)
    assert.deepEqual(
      clipOp({ op: 'copy', rect: everything, fromX: -farthest, fromY: -farthest + 1 }, target),
      {
        op: 'copy',
        rect: rect(0, 0, 100, 49),
        fromX: 0,
        fromY: 1,
      },
    )
  })

  it('refuses what is out of range', () => {
    const wrong: unknown[] = [
      { ...fill, op: 'flood' },
      { ...fill, rop: 'and' },
      { ...fill, colour: -1 },
      { ...fill, colour: 2 ** 32 },
      { ...fill, colour: 0.5 },
      { ...fill, colour: '1' },
      { ...fill, rect: rect(0.5, 0, 1, 1) },
      { ...fill, rect: rect(0, 0, Number.NaN, 1) },
      { ...fill, rect: rect(10, 0, 9, 1) },
      { ...fill, rect: rect(0, 10, 1, 9) },
      { ...fill, rect: rect(0, 0, 2 ** 31, 1) },
      { ...fill, rect: rect(-(2 ** 40), 0, 1, 1) },
      { ...copy, fromX: Number.POSITIVE_INFINITY },
      { ...copy, fromY: 1.5 },
      { ...copy, fromX: undefined },
      { ...blit, fromX: -1 },
      { ...blit, fromY: 2 ** 30 },
      { ...blit, rect: rect(0, 0, 16385, 1) },
      { ...blit, image: { ...glyph, bits: new Uint8Array(19) } },
      { ...blit, image: { ...glyph, bits: [...glyph.bits] } },
      { ...blit, image: { ...glyph, strideBytes: 1 } },
      { ...blit, image: { ...glyph, strideBytes: 2 ** 31 } },
      { ...blit, image: { ...glyph, strideBytes: 3 } },
      { ...blit, image: { ...glyph, foreground: -1 } },
      { ...blit, image: { ...glyph, background: Number.NaN } },
      { ...blit, fromX: 7 },
      { ...blit, fromY: 1 },
      { ...blit, image: { pixels: new Uint8Array(399) } },
      { ...blit, image: { ...pixels, strideBytes: 39 } },
      { ...blit, image: { ...pixels, strideBytes: 41 } },
      { ...blit, image: {} },
      // Cut to nothing, and still wrong.
      { ...blit, rect: rect(200, 0, 210, 10), image: { pixels: new Uint8Array(399) } },
    ]
    for (const op of wrong) {
      assert.throws(() => clipOp(op as DrawOp, target), InvalidArgumentError, JSON.stringify(op))
    }
    assert.doesNotThrow(() => clipOp({ ...blit, image: pixels }, target))
  })

  it('reads each number once', () => {
    const reads = new Map<PropertyKey, number>()
    const counted = <T extends object>(object: T): T =>
      new Proxy(object, {
        get(from, key, receiver) {
          reads.set(key, (reads.get(key) ?? 0) + 1)
          const value: unknown = Reflect.get(from, key, receiver)
          return typeof value === 'object' && value && !(value instanceof Uint8Array) ? counted(value) : value
        },
      })
    const numbers = ['x1', 'y1', 'x2', 'y2', 'fromX', 'fromY', 'strideBytes', 'colour', 'foreground']
    for (const op of [fill, copy, { ...blit, fromX: 0, fromY: 0 }]) {
      reads.clear()
      clipOp(counted<DrawOp>(op), target)
      for (const name of numbers) assert.ok((reads.get(name) ?? 0) <= 1, `${name} of ${op.op}`)
    }
  })
})
