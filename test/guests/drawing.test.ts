import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseTracker, probeTrackers } from '../../src/surface/tracker-choice.js'
import { guestSurface, runGuest } from '../support/test-guest.js'
import { skipReason } from '../support/tracked-memory.js'

/**
 * An unmodified program's bytes reach the shadow, however they got into device memory. Each case stores, falls silent,
 * and must be seen: by page faults alone, but for the writes that libc makes for stdio.
 */

const cases = ['mmap', 'write', 'pwrite', 'writev', 'second', 'read', 'mremap', 'dup', 'munmap', 'pan']

/** Another process's stores are told by userfaultfd alone: not by signals, nor by the log of a virtual machine. */
const fromOutside: ReadonlySet<string> = new Set(['wp-async', 'wp-sync', 'zap', 'zap-reads'])

const trackers = [
  ...probeTrackers().map(({ mechanism }) => ({ tracker: mechanism, mechanism })),
  { tracker: 'auto', mechanism: chooseTracker('auto').mechanism } as const,
]

for (const { tracker, mechanism } of trackers) {
  const skip = skipReason(mechanism)
  const byFaults = fromOutside.has(mechanism)

  for (const name of [...cases, 'fork', 'exec', 'closer']) {
    test(`${tracker}: no store of "${name}" is lost`, { skip }, async () => {
      await using surface = await guestSurface({ tracker })
      let compared = 0
      const run = await runGuest(name, {
        surface,
        onSync: () => {
          compared = Math.max(compared, surface.stats.tracking.compared)
        },
      })
      assert.equal(run.exit.status, 0)
      assert.ok(run.syncs.length > 0, 'the guest said something')
      if (byFaults) assert.equal(compared, 0, `found by page faults: ${surface.stats.tracking.lastError}`)
    })
  }

  test(`${tracker}: what stdio writes is found by comparing`, { skip }, async () => {
    await using surface = await guestSurface({ tracker })
    let compared = 0
    const run = await runGuest('stdio', {
      surface,
      onSync: () => {
        compared = surface.stats.tracking.compared
      },
    })
    assert.equal(run.exit.status, 0)
    assert.ok(compared > 0)
  })

  test(`${tracker}: where userfaultfd is forbidden, mappings are compared`, { skip }, async () => {
    await using surface = await guestSurface({ tracker })
    const run = await runGuest('forbidden', {
      surface,
      onSync: () => assert.ok(surface.stats.tracking.compared > 0),
    })
    assert.equal(run.exit.status, 0)
  })
}
