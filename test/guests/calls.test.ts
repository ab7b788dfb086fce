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
      assert.equal(surface.blankLevel, 1, 'as FBIOBLANK said')
      assert.deepEqual([...surface.palette.subarray(21, 24)], [7, 248, 0x42])
    },
  })
  assert.equal(exit.status, 0)
  assert.deepEqual(syncs, ['colours'])
})

test('a frame buffer is as large as its screen, and grows with it into the room that the device has', async () => {
  await using surface = await guestSurface({ capacityBytes: 64 * 2 ** 20 })
  const { exit, syncs } = await runGuest('growth', {
    surface,
    onSync: (name) => {
      const { width, height, offsetBytes } = surface.mode
      if (name === 'panned') assert.equal(offsetBytes, 9 * 128 * 72 * 4)
      if (name === 'grown') assert.deepEqual([width, height], [1920, 1080])
    },
  })
  assert.equal(exit.status, 0)
  assert.deepEqual(syncs, ['panned', 'stored', 'grown'])
  assert.deepEqual(await surface.requestMode({ width: 100, height: 100 }), { outcome: 'prohibited' })
})

for (const name of ['paths', 'console']) {
  test(`${name} are there as programs look for them`, async () => {
    await using surface = await guestSurface()
    const { exit } = await runGuest(name, { surface })
    assert.equal(exit.status, 0)
  })
}
