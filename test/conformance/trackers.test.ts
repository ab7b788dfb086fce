/**
 * What every tracker promises, whatever its mechanism:
 *
 *   - a store is reported by the next harvest, once; a store after that is reported again
 *   - runs are ascending, disjoint and not adjacent; what does not fit stays for the next harvest
 *   - which writers are seen: the tables `local` and `remote` below, a line each
 *   - on any doubt all pages of a mapping are dirty
 */
import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { TrackerMechanism } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { pageSize, skipReason, TrackedMemory } from '../support/tracked-memory.js'
import { type RemoteMapping, Writer } from '../support/writer.js'

const mechanisms: TrackerMechanism[] = ['wp-async', 'compare']
const sizePages = 64

/** A memory that owes nothing: what was dirty from the start is taken. */
function settled(mechanism: TrackerMechanism, pages = sizePages, maxRuns?: number): TrackedMemory {
  const device = new TrackedMemory(mechanism, pages, maxRuns)
  device.frame()
  return device
}

/** fs.readSync of a file that holds one byte: a store by the kernel, on our behalf. */
function readInto(target: Uint8Array, value: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'umfb-read-'))
  writeFileSync(join(folder, 'byte'), Buffer.of(value))
  const fd = openSync(join(folder, 'byte'), 'r')
  assert.equal(readSync(fd, target), 1)
  closeSync(fd)
  rmSync(folder, { recursive: true })
}

interface LocalWriter {
  name: string
  store(device: TrackedMemory, offset: number): void
  seenBy: Record<TrackerMechanism, boolean>
}

const local: LocalWriter[] = [
  {
    name: 'a store',
    store: (device, offset) => device.pixels.fill(7, offset, offset + 1),
    seenBy: { 'wp-async': true, compare: true },
  },
  {
    name: 'a store of the value that is there',
    store: (device, offset) => device.pixels.fill(0, offset, offset + 1),
    seenBy: { 'wp-async': true, compare: false },
  },
  {
    name: 'read(2) into the mapping',
    store: (device, offset) => readInto(device.pixels.subarray(offset, offset + 1), 7),
    seenBy: { 'wp-async': true, compare: true },
  },
  {
    name: 'pwrite(2) on the memfd',
    store: (device, offset) => assert.equal(writeSync(device.memory.fd, Buffer.of(7), 0, 1, offset), 1),
    seenBy: { 'wp-async': false, compare: true },
  },
  {
    name: 'pwrite(2) on the memfd, then markDirty',
    store: (device, offset) => {
      writeSync(device.memory.fd, Buffer.of(7), 0, 1, offset)
      device.tracker.markDirty(offset / pageSize, 1)
    },
    seenBy: { 'wp-async': true, compare: true },
  },
]

interface RemoteWriter {
  name: string
  command: string
  seenBy: Record<TrackerMechanism, boolean>
}

const remote: RemoteWriter[] = [
  { name: 'a store', command: 'store', seenBy: { 'wp-async': true, compare: true } },
  { name: 'read(2) into the mapping', command: 'read', seenBy: { 'wp-async': true, compare: true } },
  { name: 'a second mapping', command: 'second-mapping', seenBy: { 'wp-async': false, compare: true } },
  { name: "a fork's child", command: 'child', seenBy: { 'wp-async': false, compare: true } },
  { name: 'pwrite(2) on the memfd', command: 'pwrite', seenBy: { 'wp-async': false, compare: true } },
]

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
  assert.deepEqual(device.frame(), [])
  await body(device, writer, mapping, id)
  device.close()
}

for (const mechanism of mechanisms) {
  describe(`tracker ${mechanism}`, { skip: skipReason(mechanism) }, () => {
    const exact = mechanism !== 'compare'

    it('reports all pages first, then nothing', () => {
      const device = new TrackedMemory(mechanism, sizePages)
      assert.deepEqual(device.frame(), [[0, sizePages]])
      assert.deepEqual(device.frame(), [])
      device.close()
    })

    for (const writer of local) {
      const seen = writer.seenBy[mechanism]
      it(`${seen ? 'sees' : 'does not see'} ${writer.name}`, () => {
        const device = settled(mechanism)
        writer.store(device, 5 * pageSize)
        assert.deepEqual(device.frame(), seen ? [[5, 1]] : [])
        assert.deepEqual(device.frame(), [], 'reported once')
        device.close()
      })
    }

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

    for (const { name, command, seenBy } of remote) {
      const seen = seenBy[mechanism]
      it(`${seen ? 'sees' : 'does not see'} ${name} in another process`, async (t) => {
        await withWriter(t, mechanism, async (device, writer) => {
          for (const value of [3, 4]) {
            await writer.tell(`${command} 2 ${value}`)
            assert.deepEqual(device.frame(), seen ? [[18, 1]] : [])
            assert.equal(device.pixels[18 * pageSize], value)
          }
        })
      })
    }

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
        const id = device.tracker.attachUntracked(16, 4)
        assert.deepEqual(device.frame(), [[16, 4]])
        await writer.tell('second-mapping 2 9')
        await writer.tell('second-mapping 8 9')
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
        assert.deepEqual(device.frame(), [])
      })
    })

    it('outlives the memory, as its mapping does', () => {
      const device = settled(mechanism)
      device.tracker.markDirty(1, 1)
      device.memory.close()
      assert.equal(device.tracker.harvest(new Uint32Array(2)), 1)
      device.tracker.close()
    })

    it('refuses what is not a mapping of the device', async (t) => {
      const writer = await Writer.start(t)
      const device = settled(mechanism)
      const mapping = await writer.map(device.memory.fd, 0, 16)
      if (mapping.uffd < 0) return t.skip('userfaultfd is forbidden to the writer')
      const other = openSync('/proc/self/maps', 'r')
      const attach = (change: Partial<RemoteMapping>, first = 0, count = 16) => {
        const { uffd, pagemap, address } = { ...mapping, ...change }
        return () => device.tracker.attach(uffd, pagemap, address, first, count)
      }
      assert.throws(attach({ uffd: other }), TypeError)
      assert.throws(attach({ uffd: device.memory.fd }), TypeError)
      assert.throws(attach({ uffd: 1 << 30 }), TypeError)
      assert.throws(attach({ uffd: -1 }), RangeError)
      assert.throws(attach({ pagemap: other }), TypeError)
      assert.throws(attach({ pagemap: mapping.uffd }), TypeError)
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

describe('tracker wp-async', { skip: skipReason('wp-async') }, () => {
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

  it('refuses a second tracker of the same mapping', () => {
    const device = settled('wp-async')
    const { memory, shadow } = device
    assert.throws(() => new binding.Tracker(memory, { mechanism: 'wp-async', shadow }), { code: 'EBUSY' })
    device.pixels[0] = 1
    assert.deepEqual(device.frame(), [[0, 1]], 'the first one is none the worse')
    device.close()
  })
})

it('the probe gives a reason for what does not work, and compare always works', () => {
  const probes = binding.probeTrackers()
  assert.deepEqual(
    probes.map((p) => p.mechanism),
    mechanisms,
  )
  for (const { works, reason } of probes) assert.equal(works, reason === '')
  assert.ok(probes.at(-1)?.works)
})
