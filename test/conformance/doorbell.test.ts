/**
 * Where page faults come as events, nobody has to look: once watch() has said so, the next store is told by onStore, once.
 * Else watch() says that somebody has to.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { TrackerMechanism } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { mechanisms, pageSize, skipReason } from '../support/tracked-memory.js'

/** A bell that never rings fails its test, instead of hanging it. */
const timeout = 30_000
const pages = 16
const runs = new Uint32Array(2 * pages)

/** Looks for what changed, so that somebody has to look. */
const polled: readonly TrackerMechanism[] = ['wp-async', 'compare']
/** Sees nothing of this process. */
const unseeing: readonly TrackerMechanism[] = ['kvm-log']

/** A tracker that owes nothing, and its bell, which says 'ring'. */
function open(t: TestContext, mechanism: TrackerMechanism) {
  const bell = new EventTarget()
  const told = { times: 0 }
  const memory = new binding.DeviceMemory(pages * pageSize)
  const tracker = new binding.Tracker(memory, {
    mechanism,
    shadow: new Uint8Array(memory.sizeBytes),
    onStore: () => {
      told.times++
      bell.dispatchEvent(new Event('ring'))
    },
  })
  assert.equal(tracker.watch(), false, 'all pages are dirty at first')
  tracker.harvest(runs)
  // The bell alone keeps no process alive.
  const keepAlive = setInterval(() => {}, 1000)
  t.after(() => {
    clearInterval(keepAlive)
    tracker.close()
    memory.close()
  })
  return { tracker, told, bell, pixels: new Uint8Array(memory.buffer) }
}

for (const mechanism of mechanisms) {
  if (unseeing.includes(mechanism)) continue
  describe(`the doorbell of ${mechanism}`, { skip: skipReason(mechanism), timeout }, () => {
    if (polled.includes(mechanism)) {
      it('does not promise to ring', (t) => assert.equal(open(t, mechanism).tracker.watch(), false))
      return
    }

    it('rings at the first store, whenever it is asked to', async (t) => {
      const { tracker, told, bell, pixels } = open(t, mechanism)
      for (let round = 1; round <= 20; round++) {
        assert.equal(tracker.watch(), true)
        const ring = once(bell, 'ring')
        for (const page of [3, 4, 9]) pixels[page * pageSize] = round
        await ring
        await setImmediate()
        assert.equal(told.times, round, 'once')
        assert.equal(tracker.harvest(runs), 2)
      }
    })

    it('is silent where nobody asked', async (t) => {
      const { tracker, told, pixels } = open(t, mechanism)
      for (let round = 1; round <= 20; round++) {
        pixels[3 * pageSize] = round
        assert.equal(tracker.harvest(runs), 1)
        await setImmediate()
      }
      assert.equal(told.times, 0)
    })

    it('promises nothing while a store waits to be harvested', (t) => {
      const { tracker, pixels } = open(t, mechanism)
      pixels[3 * pageSize] = 1
      assert.equal(tracker.watch(), false)
      tracker.harvest(runs)
      assert.equal(tracker.watch(), true)
    })
  })
}
