import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guestSurface, runGuest } from '../support/test-guest.js'

/** What the device's calls answer: the expectations are in native/client/test/calls.c, which says "failed" of each. */

test('ioctls and bounds are those of a frame buffer driver', async () => {
  await using surface = await guestSurface()
  const { exit, syncs } = await runGuest('calls', {
    surface,
    onSync: () => {
      assert.equal(surface.mode.format.name, 'c8')
      assert.deepEqual([...surface.palette.subarray(21, 24)], [7, 248, 0x42])
    },
  })
  assert.equal(exit.status, 0)
  assert.deepEqual(syncs, ['colours'])
})

for (const name of ['paths', 'console']) {
  test(`${name} are there as programs look for them`, async () => {
    await using surface = await guestSurface()
    const { exit } = await runGuest(name, { surface })
    assert.equal(exit.status, 0)
  })
}
