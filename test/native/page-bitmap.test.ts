/** The native PageBitmap, seen through a tracker that finds nothing by itself. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { TrackedMemory } from '../support/tracked-memory.js'

const range = (sizePages: number) =>
  fc
    .tuple(fc.nat(sizePages - 1), fc.integer({ min: 1, max: sizePages }))
    .map(([first, count]): [number, number] => [first, Math.min(count, sizePages - first)])

const script = fc
  .integer({ min: 1, max: 300 })
  .chain((sizePages) =>
    fc.tuple(
      fc.constant(sizePages),
      fc.array(fc.oneof(range(sizePages), fc.integer({ min: 0, max: 9 })), { maxLength: 30 }),
    ),
  )

it('drains exactly the marked pages, as runs that are ascending, disjoint and not adjacent', () => {
  fc.assert(
    fc.property(script, ([sizePages, steps]) => {
      const device = new TrackedMemory('compare', sizePages)
      device.frame()
      const marked = new Set<number>()
      // A pair marks pages; a number drains that many runs.
      for (const step of [...steps, sizePages]) {
        if (Array.isArray(step)) {
          device.tracker.markDirty(...step)
          for (let page = step[0]; page < step[0] + step[1]; page++) marked.add(page)
          continue
        }
        const runs = new Uint32Array(2 * step)
        const count = device.tracker.harvest(runs)
        let previousEnd = -1
        for (let i = 0; i < count; i++) {
          const first = runs[2 * i]!
          const end = first + runs[2 * i + 1]!
          assert.ok(first > previousEnd && end > first && end <= sizePages)
          for (let page = first; page < end; page++) assert.ok(marked.delete(page), `page ${page}`)
          assert.ok(!marked.has(end), 'a run is whole')
          previousEnd = end
        }
        if (count < step) assert.equal(marked.size, 0)
      }
      device.close()
    }),
    { numRuns: 300 },
  )
})
