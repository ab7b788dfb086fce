/**
 * What every tracker promises, whatever its mechanism:
 *
 *   - a store is reported by the next harvest, once; a store after that is reported again
 *   - runs are ascending, disjoint and not adjacent; what does not fit stays for the next harvest
 *   - which writers are seen: who-is-seen.test.ts
 */
import assert from 'node:assert/strict'
import { writeSync } from 'node:fs'
import { describe, it } from 'node:test'
import { binding } from '../../src/native/load.js'
import {
  mechanisms,
  mechanismsOfMappings,
  pageSize,
  settled,
  sizePages,
  skipReason,
  TrackedMemory,
} from '../support/tracked-memory.js'

for (const mechanism of mechanismsOfMappings) {
  describe(`tracker ${mechanism}`, { skip: skipReason(mechanism) }, () => {
    it('reports all pages first, then nothing', () => {
      const device = new TrackedMemory(mechanism, sizePages)
      assert.deepEqual(device.frame(), [[0, sizePages]])
      assert.deepEqual(device.frame(), [])
      device.close()
    })

    it('reports what it is told', () => {
      const device = settled(mechanism)
      writeSync(device.memory.fd, Buffer.of(7), 0, 1, 5 * pageSize)
      device.tracker.markDirty(5, 1)
      assert.deepEqual(device.frame(), [[5, 1]])
      assert.deepEqual(device.frame(), [])
      device.close()
    })

    it('sees a store to a page that was re-armed', () => {
      const device = settled(mechanism)
      for (let value = 1; value <= 100; value++) {
        device.pixels[9 * pageSize + 17] = value
        assert.deepEqual(device.frame(), [[9, 1]], `store ${value}`)
      }
      device.close()
    })

    it('reports runs ascending, disjoint and not adjacent, first and last page included', () => {
      const device = settled(mechanism, 200)
      for (const page of [199, 63, 64, 130, 129, 0, 128]) device.pixels[page * pageSize] = 1
      device.tracker.markDirty(62, 1)
      assert.deepEqual(device.frame(), [
        [0, 1],
        [62, 3],
        [128, 3],
        [199, 1],
      ])
      device.close()
    })

    it('keeps runs that do not fit', () => {
      const device = settled(mechanism, sizePages, 3)
      for (let page = 0; page < 10; page += 2) device.pixels[page * pageSize] = 1
      assert.deepEqual(
        device.frame(),
        [0, 2, 4].map((page) => [page, 1]),
      )
      device.pixels[2 * pageSize] = 2
      assert.deepEqual(
        device.frame(),
        [2, 6, 8].map((page) => [page, 1]),
      )
      assert.deepEqual(device.frame(), [])
      device.close()
    })

    it('keeps everything when there is no room at all', () => {
      const device = settled(mechanism)
      device.pixels[0] = 1
      assert.equal(device.tracker.harvest(new Uint32Array(1)), 0)
      assert.deepEqual(device.frame(), [[0, 1]])
      device.close()
    })

    it('reports more runs than one system call can', () => {
      const pages = 2048
      const device = settled(mechanism, pages)
      const expected: [number, number][] = []
      for (let page = 0; page < pages; page += 2) {
        device.pixels[page * pageSize + 1] = 1
        expected.push([page, 1])
      }
      assert.deepEqual(device.frame(), expected)
      assert.deepEqual(device.frame(), [])
      for (const [page] of expected) device.pixels[page * pageSize + 1] = 2
      assert.deepEqual(device.frame(), expected, 'all of them were re-armed')
      device.close()
    })

    it('outlives the memory, as its mapping does', () => {
      const device = settled(mechanism)
      device.tracker.markDirty(1, 1)
      device.memory.close()
      assert.equal(device.tracker.harvest(new Uint32Array(2)), 1)
      device.tracker.close()
    })

    it('has arguments checked', () => {
      const { memory, shadow, tracker } = settled(mechanism)
      const { Tracker } = binding
      const wrong = (value: unknown) => value as never
      assert.throws(() => new Tracker(wrong({}), { mechanism, shadow }), TypeError)
      assert.throws(() => new Tracker(wrong(tracker), { mechanism, shadow }), TypeError)
      assert.throws(() => new Tracker(memory, wrong(undefined)), TypeError)
      assert.throws(() => new Tracker(memory, { mechanism: wrong('soft-dirty'), shadow }), TypeError)
      assert.throws(() => new Tracker(memory, { mechanism, shadow: wrong([]) }), TypeError)
      assert.throws(() => new Tracker(memory, { mechanism, shadow: shadow.subarray(1) }), RangeError)
      for (const runs of [undefined, [], new Uint8Array(8), new Int32Array(8)]) {
        assert.throws(() => tracker.harvest(wrong(runs)), TypeError)
      }
      tracker.close()
      memory.close()
    })
  })
}

for (const mechanism of ['wp-async', 'mprotect'] as const) {
  describe(`tracker ${mechanism}`, { skip: skipReason(mechanism) }, () => {
    it('refuses a second tracker of the same mapping', () => {
      const device = settled(mechanism)
      const { memory, shadow } = device
      assert.throws(() => new binding.Tracker(memory, { mechanism, shadow }), { code: 'EBUSY' })
      device.pixels[0] = 1
      assert.deepEqual(device.frame(), [[0, 1]], 'the first one is none the worse')
      device.close()
    })
  })
}

it('the probe gives a reason for what does not work, and compare always works', () => {
  const probes = binding.probeTrackers()
  assert.deepEqual(
    probes.map((p) => p.mechanism),
    mechanisms,
  )
  for (const { works, reason } of probes) assert.equal(works, reason === '')
  assert.ok(probes.find(({ mechanism }) => mechanism === 'compare')?.works)
})
