/**
 * Invariant: no lost update. Once the writers fall silent, one more harvest makes the shadow equal the memory.
 *
 * Continuous writers mask a loss, because the next store repairs it: so every round ends in silence, and the whole
 * memory is looked at then.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import {
  mechanismsOfMappings,
  pageSize,
  probeOf,
  skipReason,
  TrackedMemory,
} from '../support/tracked-memory.js'
import { Writer } from '../support/writer.js'

const sizePages = 600

/** xorshift32: the same numbers in every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const variants = mechanismsOfMappings.flatMap((mechanism) => [
  { mechanism, adaptive: false },
  ...(probeOf(mechanism).automatic ? [{ mechanism, adaptive: true }] : []),
])

for (const { mechanism, adaptive } of variants) {
  const name = adaptive ? `${mechanism}, adaptive,` : mechanism
  describe(`${name} loses no update`, { skip: skipReason(mechanism) }, () => {
    it('of one store, followed by silence', () => {
      const device = new TrackedMemory(mechanism, sizePages, sizePages, { adaptive })
      const random = randomNumbers(1)
      device.frame()
      for (let round = 1; round <= 500; round++) {
        const offset = random(sizePages * pageSize)
        device.pixels[offset] = device.pixels[offset]! ^ 0xff
        const page = Math.floor(offset / pageSize)
        const runs = device.frame()
        // What an adaptive tracker closes is told once more.
        if (!adaptive) assert.deepEqual(runs, [[page, 1]])
        assert.ok(runs.some(([first, count]) => first <= page && page < first + count))
        assert.equal(device.firstStalePage(), -1, `round ${round}`)
      }
      device.close()
    })

    // A run vector that is too small now and then, so that pages are left for the next harvest.
    for (const maxRuns of [sizePages, 5]) {
      it(`of another process that stores while it is harvested, with room for ${maxRuns} runs`, async (t) => {
        const device = new TrackedMemory(mechanism, sizePages, maxRuns, { adaptive })
        const writer = await Writer.start(t)
        const mapping = await writer.map(device.memory.fd, 0, sizePages)
        mapping.attach(device.tracker)
        mapping.close()
        for (let round = 1; round <= 60; round++) {
          let silent = false
          const done = writer.tell(`burst 4000 ${round}`).then(() => {
            silent = true
          })
          while (!silent) {
            device.frame()
            // As a clock does that finds nothing: with some trackers the mapping changes hands.
            device.tracker.watch()
            await setImmediate()
          }
          await done
          while (device.frame().length === maxRuns) {
            // The vector was full: there may be more.
          }
          assert.equal(device.firstStalePage(), -1, `round ${round}: a page was lost`)
        }
        device.close()
      })
    }
  })
}
