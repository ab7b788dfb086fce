/**
 * What every tracker promises of mappings in other processes, which are armed from outside:
 *
 *   - all pages of a fresh mapping are dirty once; then as with a mapping of our own
 *   - which writers are seen: who-is-seen.test.ts
 *   - on any doubt all pages of the mapping are dirty: it exits, disarms itself, or is detached
 *   - nothing that a process hands over is trusted
 */
import assert from 'node:assert/strict'
import { closeSync, openSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import type { TrackerMechanism } from '../../src/native/binding.js'
import {
  mechanismsOfMappings,
  pageSize,
  settled,
  sizePages,
  skipReason,
  type TrackedMemory,
} from '../support/tracked-memory.js'
import { type RemoteMapping, Writer } from '../support/writer.js'

/** A writer in another process with pages [16, 32) mapped, and those attached and settled. */
async function withWriter(
  t: TestContext,
  mechanism: TrackerMechanism,
  body: (device: TrackedMemory, writer: Writer, mapping: RemoteMapping, id: number) => Promise<void>,
): Promise<void> {
  const device = settled(mechanism)
  const writer = await Writer.start(t)
  const mapping = await writer.map(device.memory.fd, 16, 16)
  const id = mapping.attach(device.tracker)
  mapping.close()
  assert.deepEqual(device.frame(), [[16, 16]], 'all pages of a fresh mapping are dirty once')
  await device.fallSilent()
  await body(device, writer, mapping, id)
  device.close()
}

/** Whether all mappings are tracked by faults: else those of other processes are compared. */
const isArmed = (device: TrackedMemory) => device.tracker.status().compared === 0

for (const mechanism of mechanismsOfMappings) {
  describe(`tracker ${mechanism} of other processes`, { skip: skipReason(mechanism) }, () => {
    it('merges the mappings of all processes', async (t) => {
      await withWriter(t, mechanism, async (device, writer) => {
        await writer.tell('store 0 1')
        device.pixels[15 * pageSize] = 1
        device.pixels[16 * pageSize + 8] = 1
        device.pixels[63 * pageSize] = 1
        assert.deepEqual(device.frame(), [
          [15, 2],
          [63, 1],
        ])
      })
    })

    it('compares the pages of a mapping that nobody can arm', async (t) => {
      await withWriter(t, mechanism, async (device, writer) => {
        const exact = isArmed(device)
        const id = device.tracker.attachUntracked(16, 4)
        assert.deepEqual(device.frame(), [[16, 4]])
        await writer.tell('change second-mapping 2 9')
        await writer.tell('change second-mapping 8 9')
        assert.deepEqual(
          device.frame(),
          exact
            ? [[18, 1]]
            : [
                [18, 1],
                [24, 1],
              ],
        )
        device.tracker.detach(id)
        assert.deepEqual(device.frame(), [[16, 4]])
      })
    })

    it('takes the last store of a process that exits', async (t) => {
      await withWriter(t, mechanism, async (device, writer) => {
        const exact = isArmed(device)
        writer.send('store-and-exit 7 42')
        await writer.exited
        const dirty = device.frame()
        assert.deepEqual(dirty, exact ? [[16, 16]] : [[23, 1]])
        assert.equal(device.shadow[23 * pageSize], 42)
        assert.deepEqual(device.frame(), [])
        if (exact) {
          const status = device.tracker.status()
          assert.deepEqual([status.tracked, status.compared], [1, 0], 'dropped')
          assert.match(status.lastError, /^ESRCH/)
        }
      })
    })

    it('takes the last store of a mapping that is detached', async (t) => {
      await withWriter(t, mechanism, async (device, writer, _, id) => {
        await writer.tell('store 7 42')
        await writer.tell('unmap')
        device.tracker.detach(id)
        assert.deepEqual(device.frame(), [[16, 16]])
        assert.equal(device.shadow[23 * pageSize], 42)
        device.tracker.detach(id)
        device.tracker.detach(12345)
        assert.deepEqual(device.frame(), [])
      })
    })

    it('outlives the descriptors of the other process', async (t) => {
      await withWriter(t, mechanism, async (device, writer) => {
        await writer.tell('close-descriptors')
        await writer.tell('store 3 5')
        assert.deepEqual(device.frame(), [[19, 1]])
        await device.fallSilent()
      })
    })

    it('refuses what is not a mapping of the device', async (t) => {
      const writer = await Writer.start(t)
      const device = settled(mechanism)
      const mapping = await writer.map(device.memory.fd, 0, 16)
      if (mapping.uffd === undefined || mapping.syncUffd === undefined)
        return t.skip('userfaultfd is forbidden to the writer: "umfb doctor" tells what allows it')
      const other = openSync('/proc/self/maps', 'r')
      const attach = (change: Partial<RemoteMapping>, first = 0, count = 16) => {
        const { uffd, pagemap, syncUffd, zapAgent, address } = { ...mapping, ...change }
        return () => device.tracker.attach(uffd, pagemap, syncUffd, zapAgent, address, first, count)
      }
      assert.throws(attach({ uffd: other }), TypeError)
      assert.throws(attach({ uffd: device.memory.fd }), TypeError)
      assert.throws(attach({ uffd: 1 << 30 }), TypeError)
      assert.throws(attach({ uffd: -1 }), RangeError)
      assert.throws(attach({ pagemap: other }), TypeError)
      assert.throws(attach({ pagemap: mapping.uffd }), TypeError)
      assert.throws(attach({ syncUffd: other }), TypeError)
      assert.throws(attach({ syncUffd: mapping.pagemap }), TypeError)
      assert.throws(attach({ zapAgent: other }), TypeError)
      assert.throws(attach({ zapAgent: mapping.uffd }), TypeError)
      assert.throws(attach({ address: mapping.address + 1n }), TypeError)
      assert.throws(attach({ address: 0n }), TypeError)
      assert.throws(attach({ address: -4096n }), TypeError)
      assert.throws(attach({ address: 2n ** 64n }), TypeError)
      assert.throws(attach({ address: 2n ** 64n - BigInt(pageSize) }), TypeError)
      for (const [first, count] of [
        [0, 0],
        [0, sizePages + 1],
        [sizePages, 1],
        [sizePages - 1, 2],
        [2 ** 32 - 1, 2 ** 32 - 1],
        [-1, 1],
        [0.5, 1],
        [2 ** 32, 1],
      ] as const) {
        assert.throws(attach({}, first, count), RangeError, `${first}, ${count}`)
        assert.throws(() => device.tracker.attachUntracked(first, count), RangeError)
        assert.throws(() => device.tracker.markDirty(first, count), RangeError)
      }
      assert.deepEqual(device.frame(), [], 'nothing was attached')
      closeSync(other)
      mapping.close()
      await writer.close()
      device.close()
    })

    it('bounds how many mappings there are', () => {
      const device = settled(mechanism)
      const attachAll = () => {
        for (let i = 0; i < 1024; i++) device.tracker.attachUntracked(0, sizePages)
      }
      assert.throws(attachAll, { code: 'ENOSPC' })
      device.close()
    })
  })
}

describe('tracker wp-async of other processes', { skip: skipReason('wp-async') }, () => {
  it('compares a mapping whose process disarms it', async (t) => {
    await withWriter(t, 'wp-async', async (device, writer) => {
      await writer.tell('unregister')
      await writer.tell('store 3 5')
      assert.deepEqual(device.frame(), [[16, 16]], 'all dirty, on doubt')
      const status = device.tracker.status()
      assert.deepEqual([status.tracked, status.compared], [1, 1])
      assert.match(status.lastError, /^EPERM.*PAGEMAP_SCAN/)
      await writer.tell('store 4 6')
      assert.deepEqual(device.frame(), [[20, 1]])
      assert.deepEqual(device.frame(), [])
    })
  })

  it('compares a mapping whose userfaultfd cannot do it', async (t) => {
    const device = settled('wp-async')
    const writer = await Writer.start(t)
    const mapping = await writer.map(device.memory.fd, 16, 16, 'map-without-features')
    mapping.attach(device.tracker)
    mapping.close()
    assert.deepEqual(device.frame(), [[16, 16]])
    await writer.tell('store 4 6')
    assert.deepEqual(device.frame(), [[20, 1]])
    const status = device.tracker.status()
    assert.deepEqual([status.tracked, status.compared], [1, 1])
    assert.notEqual(status.lastError, '')
    await writer.close()
    device.close()
  })

  it('takes the last stores of a process that exited before it was attached', async (t) => {
    const device = settled('wp-async')
    const writer = await Writer.start(t)
    const mapping = await writer.map(device.memory.fd, 16, 16)
    await writer.close()
    mapping.attach(device.tracker)
    mapping.close()
    assert.deepEqual(device.frame(), [[16, 16]])
    assert.deepEqual(device.frame(), [])
    device.close()
  })
})
