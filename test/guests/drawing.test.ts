import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guestSurface, runGuest } from '../support/test-guest.js'

/**
 * An unmodified program's bytes reach the shadow, however they got into device memory. Each case stores, falls silent,
 * and must be seen: by page faults alone, but for the writes that libc makes for stdio.
 */

const cases = ['mmap', 'write', 'pwrite', 'writev', 'second', 'read', 'mremap', 'dup', 'munmap', 'pan']

for (const name of [...cases, 'fork', 'exec', 'closer']) {
  test(`no store of "${name}" is lost`, async () => {
    await using surface = await guestSurface()
    let compared = 0
    const run = await runGuest(name, {
      surface,
      onSync: () => {
        compared = Math.max(compared, surface.stats.tracking.compared)
      },
    })
    assert.equal(run.exit.status, 0)
    assert.ok(run.syncs.length > 0, 'the guest said something')
    if (surface.trackerChoice.mechanism === 'wp-async') {
      assert.equal(compared, 0, `found by page faults: ${surface.stats.tracking.lastError}`)
    }
  })
}

test('what stdio writes is found by comparing', async () => {
  await using surface = await guestSurface()
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

test('where userfaultfd is forbidden, mappings are compared', async () => {
  await using surface = await guestSurface()
  const run = await runGuest('forbidden', {
    surface,
    onSync: () => assert.ok(surface.stats.tracking.compared > 0),
  })
  assert.equal(run.exit.status, 0)
})
