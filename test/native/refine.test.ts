import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Rect, rect } from '../../src/geometry/rect.js'
import { Region } from '../../src/geometry/region.js'
import { binding } from '../../src/native/load.js'
import { Bitmap } from '../support/bitmap.js'
import { assertDisjoint, assertTight, fromFlat, toFlat } from '../support/rects.js'

/** Live pixels, their shadow, and where to look: what one call is given. */
interface Scene {
  live: Uint8Array
  shadow: Uint8Array
  width: number
  height: number
  strideBytes: number
  bytesPerPixel: number
  joinGap: number
  candidates: Rect[]
  room: number
}

type Refine = typeof binding.refine

function run(refine: Refine, scene: Scene) {
  const shadow = scene.shadow.slice()
  const out = new Int32Array(4 * scene.room)
  const { live, strideBytes, bytesPerPixel, joinGap, candidates } = scene
  const count = refine(
    live,
    shadow,
    strideBytes,
    bytesPerPixel,
    joinGap,
    toFlat(candidates),
    candidates.length,
    out,
  )
  return { shadow, rects: fromFlat(out, count) }
}

/** The pixels that differ inside the candidates. */
function changedPixels({
  live,
  shadow,
  width,
  height,
  strideBytes,
  bytesPerPixel,
  candidates,
}: Scene): Bitmap {
  const inside = Bitmap.ofRects(width, height, candidates)
  const changed = new Bitmap(width, height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * strideBytes + x * bytesPerPixel
      const differs = live.subarray(at, at + bytesPerPixel).some((byte, i) => byte !== shadow[at + i])
      if (differs && inside.get(x, y)) changed.set(x, y)
    }
  }
  return changed
}

/** Disjoint rects with y1 never decreasing, as runsToRects gives them. */
function someCandidates(width: number, height: number): fc.Arbitrary<Rect[]> {
  const corner = fc.tuple(fc.nat(width - 1), fc.nat(height - 1), fc.nat(width), fc.nat(height))
  return fc
    .array(corner, { maxLength: 4 })
    .map((corners) =>
      Region.of(
        ...corners.map(([x, y, w, h]) => rect(x, y, Math.min(width, x + w), Math.min(height, y + h))),
      ).rects(),
    )
}

const someScene: fc.Arbitrary<Scene> = fc
  .record({
    width: fc.integer({ min: 1, max: 90 }),
    height: fc.integer({ min: 1, max: 12 }),
    bytesPerPixel: fc.constantFrom(1, 2, 3, 4),
    padding: fc.nat(9),
    misalignment: fc.nat(9),
    seed: fc.nat(),
    changedOf1000: fc.constantFrom(0, 1, 10, 100, 500, 1000),
    joinGap: fc.constantFrom(0, 1, 2, 5, 40),
    room: fc.constantFrom(2, 3, 8, 4096),
  })
  .chain((shape) =>
    someCandidates(shape.width, shape.height).map((candidates) => {
      const strideBytes = shape.width * shape.bytesPerPixel + shape.padding
      const random = generator(shape.seed)
      const memory = Uint8Array.from({ length: strideBytes * shape.height + shape.misalignment }, random)
      const shadow = memory.subarray(shape.misalignment)
      const live = shadow.map((byte) =>
        random() * 4 < shape.changedOf1000 ? byte ^ (1 << (random() & 7)) : byte,
      )
      return { ...shape, strideBytes, live, shadow, candidates }
    }),
  )

/** Bytes of a linear congruential generator, so that a failing scene can be made again. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  }
}

/** 4 bytes a pixel, nothing changed yet, all of it to be looked at. */
function blank(width: number, height: number): Scene {
  const live = new Uint8Array(4 * width * height)
  const shadow = live.slice()
  const candidates = [rect(0, 0, width, height)]
  return {
    live,
    shadow,
    width,
    height,
    strideBytes: 4 * width,
    bytesPerPixel: 4,
    joinGap: 1,
    candidates,
    room: 64,
  }
}

for (const name of ['refine', 'refinePlain'] as const) {
  const refine = binding[name]

  describe(name, () => {
    it('copies what changed inside the candidates, and nothing else', () => {
      fc.assert(
        fc.property(someScene, (scene) => {
          const { shadow } = run(refine, scene)
          const { width, height, strideBytes, bytesPerPixel } = scene
          const inside = Bitmap.ofRects(width, height, scene.candidates)
          const expected = scene.shadow.map((byte, at) => {
            const x = Math.floor((at % strideBytes) / bytesPerPixel)
            return inside.get(x, Math.floor(at / strideBytes)) && x < width ? scene.live[at]! : byte
          })
          assert.deepEqual(shadow, expected)
        }),
      )
    })

    it('covers each changed pixel with tight, disjoint rects; exactly those without a gap to join', () => {
      fc.assert(
        fc.property(someScene, (scene) => {
          const changed = changedPixels(scene)
          const { rects } = run(refine, { ...scene, room: 4096 })
          const covered = Bitmap.ofRects(scene.width, scene.height, rects)
          assert.ok(covered.covers(changed))
          assertDisjoint(rects)
          assertTight(rects, changed)
          if (scene.joinGap <= 1) assert.equal(covered.toString(), changed.toString())
        }),
      )
    })

    it('loses nothing and goes nowhere else when there is little room', () => {
      fc.assert(
        fc.property(someScene, (scene) => {
          const changed = changedPixels(scene)
          const { rects } = run(refine, { ...scene, room: 2 })
          const box = Region.of(...rects).bounds
          assert.ok(rects.length <= 2)
          assert.ok(Bitmap.ofRects(scene.width, scene.height, rects).covers(changed))
          if (rects.length > 0) assertTight([box], changed)
        }),
      )
    })

    it('joins runs of a row that are fewer than joinGap pixels apart', () => {
      const scene = blank(100, 1)
      for (const x of [10, 14, 19]) scene.live[4 * x] = 1
      const rects = (joinGap: number) => run(refine, { ...scene, joinGap }).rects
      assert.deepEqual(rects(3), [rect(10, 0, 11, 1), rect(14, 0, 15, 1), rect(19, 0, 20, 1)])
      assert.deepEqual(rects(4), [rect(10, 0, 15, 1), rect(19, 0, 20, 1)])
      assert.deepEqual(rects(5), [rect(10, 0, 20, 1)])
    })

    it('makes one rect of a block that lies in a head, full rows and a tail', () => {
      const scene = blank(64, 6)
      for (let y = 0; y < 6; y++) scene.live.fill(1, 4 * (64 * y + 20), 4 * (64 * y + 50))
      scene.candidates = [rect(20, 0, 64, 1), rect(0, 1, 64, 5), rect(0, 5, 55, 6)]
      assert.deepEqual(run(refine, scene).rects, [rect(20, 0, 50, 6)])
    })

    it('does not stack runs over rows that were not compared', () => {
      const scene = blank(8, 6)
      scene.live.fill(1)
      scene.candidates = [rect(0, 0, 8, 2), rect(0, 3, 8, 4)]
      assert.deepEqual(run(refine, scene).rects, scene.candidates)
    })

    it('may be given one array for what goes in and what comes out', () => {
      const scene = blank(8, 6)
      scene.live.fill(1)
      const rects = toFlat([rect(0, 0, 4, 2), rect(0, 3, 4, 4)])
      assert.equal(refine(scene.live, scene.shadow, 32, 4, 1, rects, 2, rects), 2)
      assert.deepEqual(fromFlat(rects, 2), [rect(0, 0, 4, 2), rect(0, 3, 4, 4)])
    })

    it('loses nothing where candidates overlap, against the rule', () => {
      const scene = blank(8, 1)
      scene.live[4 * 3] = 1
      scene.live[4 * 7] = 1
      scene.candidates = [rect(0, 0, 8, 1), rect(2, 0, 5, 1)]
      const covered = Bitmap.ofRects(8, 1, run(refine, scene).rects)
      assert.ok(covered.get(3, 0) && covered.get(7, 0))
    })

    it('refuses what is out of bounds', () => {
      const { live, shadow } = blank(8, 6)
      const out = new Int32Array(64)
      const call = (change: Partial<Record<string, unknown>>) => {
        const given = {
          live,
          shadow,
          stride: 32,
          bpp: 4,
          gap: 1,
          rects: [0, 0, 8, 6],
          count: 1,
          out,
          ...change,
        }
        const rects = Array.isArray(given.rects) ? Int32Array.from(given.rects) : given.rects
        return Reflect.apply(refine, undefined, [
          given.live,
          given.shadow,
          given.stride,
          given.bpp,
          given.gap,
          rects,
          given.count,
          given.out,
        ])
      }
      assert.equal(call({}), 0)
      const outside = [
        { rects: [0, 0, 9, 6] },
        { rects: [0, 0, 8, 7] },
        { rects: [-1, 0, 8, 6] },
        { rects: [0, -1, 8, 6] },
        { rects: [4, 0, 4, 6] },
        { rects: [0, 5, 8, 5] },
        { rects: [0, 0, 2 ** 31 - 1, 2 ** 31 - 1] },
        { rects: [0, 2, 4, 3, 4, 1, 8, 2], count: 2 },
        { count: 2 },
        { count: -1 },
        { count: Number.NaN },
        { live: live.subarray(1) },
        { shadow: shadow.subarray(1) },
        { shadow: new Uint8Array(0) },
        { stride: 0 },
        { stride: 31 },
        { stride: 33 },
        { stride: 2 ** 40 },
        { bpp: 0 },
        { bpp: 5 },
        { gap: -1 },
        { gap: 1.5 },
        { out: new Int32Array(7) },
      ]
      for (const change of outside) assert.throws(() => call(change), RangeError, JSON.stringify(change))
      const wrongTypes = [
        { live: null },
        { shadow: 'x' },
        { rects: new Uint32Array(4) },
        { out: [] },
        { stride: '32' },
      ]
      for (const change of wrongTypes) assert.throws(() => call(change), TypeError, JSON.stringify(change))
    })
  })
}

describe('refine and refinePlain', () => {
  it('give the same rects and the same shadow', () => {
    fc.assert(
      fc.property(someScene, (scene) => {
        assert.deepEqual(run(binding.refine, scene), run(binding.refinePlain, scene))
      }),
      { numRuns: 1000 },
    )
  })
})
