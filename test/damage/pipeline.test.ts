import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { maxRectsPerRun, type PageLayout, runsToRects } from '../../src/damage/page-map.js'
import { PendingDamage } from '../../src/damage/pending.js'
import { Region } from '../../src/geometry/region.js'
import { binding } from '../../src/native/load.js'
import { Bitmap } from '../support/bitmap.js'
import { seeded } from '../support/masks.js'
import { assertDisjoint, assertTight } from '../support/rects.js'

interface Scene {
  layout: PageLayout
  stores: number
  rectPixels: number
  joinGap: number
  room: number
  seed: number
}

const someScene: fc.Arbitrary<Scene> = fc.record({
  layout: fc
    .record({
      width: fc.integer({ min: 1, max: 60 }),
      height: fc.integer({ min: 1, max: 30 }),
      bytesPerPixel: fc.constantFrom(1, 2, 3, 4),
      padding: fc.nat(40),
      offsetBytes: fc.nat(300),
      pageSize: fc.constantFrom(16, 64, 256),
    })
    .map(({ padding, ...rest }) => ({ ...rest, strideBytes: rest.width * rest.bytesPerPixel + padding })),
  stores: fc.integer({ min: 0, max: 60 }),
  rectPixels: fc.constantFrom(0.5, 4, 64),
  joinGap: fc.constantFrom(1, 8),
  room: fc.constantFrom(2, 512),
  seed: fc.nat(),
})

/** Stores anywhere in memory, some of a value that was there already, and the page runs that a tracker finds. */
function storeAnywhere({ layout, stores, seed }: Scene) {
  const { offsetBytes, strideBytes, height, pageSize } = layout
  const random = seeded(seed)
  const sizePages = Math.ceil((offsetBytes + strideBytes * height + pageSize) / pageSize)
  const memory = new Uint8Array(sizePages * pageSize)
  const runs: number[] = []
  const pages = new Set<number>()
  for (let i = 0; i < stores; i++) {
    const at = Math.floor(random() * memory.length)
    memory[at] = Math.floor(random() * 3)
    pages.add(Math.floor(at / pageSize))
  }
  for (const page of [...pages].sort((a, b) => a - b)) {
    if (runs.length > 0 && runs.at(-2)! + runs.at(-1)! === page) runs[runs.length - 1]!++
    else runs.push(page, 1)
  }
  return { memory, runs: Uint32Array.from(runs) }
}

describe('from stores to rects', () => {
  it('covers each changed pixel once, goes nowhere else, and leaves the shadow equal to the guest', () => {
    fc.assert(
      fc.property(someScene, (scene) => {
        const { layout, rectPixels, joinGap, room } = scene
        const { width, height, strideBytes, bytesPerPixel } = layout
        const { memory, runs } = storeAnywhere(scene)
        const live = memory.subarray(layout.offsetBytes)
        const shadow = new Uint8Array(live.length)

        const candidates = new Int32Array(4 * maxRectsPerRun * runs.length)
        const candidateCount = runsToRects(runs, runs.length / 2, layout, candidates)
        const out = new Int32Array(4 * room)
        const count = binding.refine(
          live,
          shadow,
          strideBytes,
          bytesPerPixel,
          joinGap,
          candidates,
          candidateCount,
          out,
        )
        const region = new Region()
        region.setRects(out, count)
        const pending = new PendingDamage()
        pending.add(region)
        const rects = pending.take({ rectPixels }).damage

        const changed = new Bitmap(width, height)
        for (let y = 0; y < height; y++) {
          for (let byte = 0; byte < width * bytesPerPixel; byte++) {
            const at = y * strideBytes + byte
            assert.equal(shadow[at], live[at])
            if (live[at] !== 0) changed.set(Math.floor(byte / bytesPerPixel), y)
          }
        }
        assert.ok(Bitmap.ofRects(width, height, rects).covers(changed))
        assertDisjoint(rects)
        // Joined runs may be cut between the changed pixels.
        if (room > 2 && joinGap === 1) assertTight(rects, changed)
        for (const r of rects) assert.ok(0 <= r.x1 && 0 <= r.y1 && r.x2 <= width && r.y2 <= height)
      }),
      { numRuns: 500 },
    )
  })
})
