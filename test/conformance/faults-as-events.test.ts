/**
 * What the trackers promise whose faults are events of a userfaultfd (wp-sync, zap, zap-reads), beyond what every tracker
 * does:
 *
 *   - a store in another process rings, too
 *   - whoever waits in a fault goes on, whenever the tracker ends
 *   - a process that shares the userfaultfd, or that runs the agent, spoils nothing but its own tracking: its mapping is
 *     compared then, and nothing is lost
 */
import assert from 'node:assert/strict'
import { readdirSync, readlinkSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { TrackerMechanism } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { pageSize, settled, skipReason, TrackedMemory } from '../support/tracked-memory.js'
import { ways } from '../support/ways.js'
import { Writer } from '../support/writer.js'

const byEvents: TrackerMechanism[] = ['wp-sync', 'zap', 'zap-reads']

/** Another process with pages [first, first + 16) mapped and attached, by a command of writer.ts. */
async function attachWriter(t: TestContext, device: TrackedMemory, command = 'map', first = 16) {
  const writer = await Writer.start(t)
  const mapping = await writer.map(device.memory.fd, first, 16, command)
  const id = mapping.attach(device.tracker)
  mapping.close()
  return { writer, id }
}

/** How many this process has open. */
function userfaultfds(): number {
  const target = (fd: string) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return '' // The directory's own.
    }
  }
  return readdirSync('/proc/self/fd').filter((fd) => target(fd) === 'anon_inode:[userfaultfd]').length
}

function assertCompared(device: TrackedMemory, lastError: RegExp): void {
  const { tracked, compared, lastError: received } = device.tracker.status()
  assert.deepEqual({ tracked, compared }, { tracked: 1, compared: 1 })
  assert.match(received, lastError)
}

for (const mechanism of byEvents) {
  describe(`tracker ${mechanism}`, { skip: skipReason(mechanism) }, () => {
    it('rings for a store in another process', async (t) => {
      let rung = () => {}
      const device = new TrackedMemory(mechanism, 64, 64, { onStore: () => rung() })
      const { writer } = await attachWriter(t, device)
      device.frame()
      await device.fallSilent()
      for (let round = 1; round <= 3; round++) {
        assert.ok(device.tracker.watch(), 'nobody has to look')
        const ring = new Promise<void>((resolve) => {
          rung = resolve
        })
        for (const page of [2, 3]) await writer.tell(`store ${page} ${round}`)
        await ring
        assert.deepEqual(device.frame(), [[18, 2]])
        await device.fallSilent()
      }
      device.close()
    })

    it('refuses a second tracker of the same mapping', () => {
      const device = settled(mechanism)
      const { memory, shadow } = device
      assert.throws(() => new binding.Tracker(memory, { mechanism, shadow }), { code: 'EBUSY' })
      device.pixels[0] = 1
      assert.deepEqual(device.frame(), [[0, 1]], 'the first one is none the worse')
      device.close()
    })

    it('lets everybody go on who is in a fault when it ends', async (t) => {
      const device = settled(mechanism)
      const writer = await Writer.start(t)
      const mapping = await writer.map(device.memory.fd, 16, 16)
      let silent = false
      const done = writer.tell('burst 400000 7').then(() => {
        silent = true
      })
      while (!silent) {
        const id = mapping.attach(device.tracker)
        for (let frame = 0; frame < 3; frame++) device.frame()
        device.tracker.detach(id)
        await setImmediate()
      }
      await done
      device.frame()
      assert.equal(device.firstStalePage(), -1)
      mapping.close()
      device.close()
    })

    it('compares a mapping whose userfaultfd was made blocking', async (t) => {
      const device = settled(mechanism)
      const hostile = await attachWriter(t, device)
      const honest = await attachWriter(t, device, 'map', 32)
      device.frame()
      await device.fallSilent()
      await hostile.writer.tell('make-blocking')
      await hostile.writer.tell('store 2 9')
      // Nobody reads its faults any more: it waits until its mapping is compared.
      const stored = hostile.writer.tell('store 3 9')
      await honest.writer.tell('store 2 9')
      while (device.tracker.status().compared === 0) {
        device.frame()
        await setImmediate()
      }
      await stored
      device.frame()
      assert.equal(device.firstStalePage(), -1)
      const { tracked, lastError } = device.tracker.status()
      assert.equal(tracked, 2, 'the others go on')
      assert.match(lastError, /^EBADF/)
      device.close()
    })

    it('compares a mapping whose userfaultfd cannot do it', async (t) => {
      const device = settled(mechanism)
      const { writer } = await attachWriter(t, device, 'map-without-features')
      assert.deepEqual(device.frame(), [[16, 16]])
      await writer.tell('store 4 6')
      assert.deepEqual(device.frame(), [[20, 1]])
      assertCompared(device, /^E/)
      device.close()
    })

    it('compares a mapping without a userfaultfd for it', async (t) => {
      const device = settled(mechanism)
      const writer = await Writer.start(t)
      const mapping = await writer.map(device.memory.fd, 16, 16)
      const { uffd, pagemap, address } = mapping
      device.tracker.attach(uffd, pagemap, undefined, undefined, address, 16, 16)
      mapping.close()
      assert.deepEqual(device.frame(), [[16, 16]])
      await writer.tell('store 4 6')
      assert.deepEqual(device.frame(), [[20, 1]])
      assertCompared(device, /^ENODEV/)
      device.close()
    })

    it('closes the descriptors that forks bring along', async (t) => {
      const device = settled(mechanism)
      const { writer } = await attachWriter(t, device, 'map-with-forks')
      const before = userfaultfds()
      for (let round = 1; round <= 20; round++) {
        await writer.tell(`change fork-child 2 ${round}`)
        await writer.tell(`store 3 ${round}`)
      }
      assert.equal(userfaultfds(), before)
      device.frame()
      assert.equal(device.shadow[19 * pageSize], 20)
      device.close()
    })
  })
}

describe('tracker zap', { skip: skipReason('zap') }, () => {
  it('sees a store to a hole of the memory, after a load and without one', () => {
    const device = settled('zap')
    const { memory } = device
    for (let round = 1; round <= 3; round++) {
      for (const page of [5, 6]) ways.change('punch-hole', memory.buffer, memory.fd, page, 0)
      assert.equal(device.pixels[5 * pageSize], 0)
      assert.deepEqual(device.frame(), [], 'a load is no store')
      device.pixels[5 * pageSize] = round
      device.pixels[6 * pageSize] = round
      assert.deepEqual(device.frame(), [[5, 2]])
    }
    device.close()
  })
})

for (const mechanism of ['zap', 'zap-reads'] as const) {
  describe(`tracker ${mechanism} and the agent`, { skip: skipReason(mechanism) }, () => {
    it('does not wait for one that is deaf: what was dirty stays dirty', async (t) => {
      const device = settled(mechanism)
      const { writer } = await attachWriter(t, device, 'map-with-deaf-agent')
      for (let round = 1; round <= 300; round++) {
        if (round % 100 === 0) await writer.tell(`store 2 ${round}`)
        assert.deepEqual(device.frame(), [[16, 16]])
        assert.equal(device.firstStalePage(), -1)
      }
      assert.equal(device.tracker.watch(), false)
      assert.equal(device.tracker.status().tracked, 2)
      device.close()
    })

    it('compares the mapping of one that lies', async (t) => {
      const device = settled(mechanism)
      const { writer } = await attachWriter(t, device, 'map-with-deaf-agent')
      await writer.tell('agent-lies')
      assert.deepEqual(device.frame(), [[16, 16]])
      assertCompared(device, /^EPROTO/)
      await writer.tell('store 4 6')
      assert.deepEqual(device.frame(), [[20, 1]])
      device.close()
    })

    it('compares the mapping of one that has ended', async (t) => {
      const device = settled(mechanism)
      const { writer } = await attachWriter(t, device)
      device.frame()
      await device.fallSilent()
      await writer.tell('stop-agent')
      await writer.tell('store 4 6')
      assert.deepEqual(device.frame(), [[16, 16]])
      assertCompared(device, /^(EPIPE|ECONNRESET)/)
      await writer.tell('store 4 7')
      assert.deepEqual(device.frame(), [[20, 1]])
      device.close()
    })

    it('joins more runs than one question can hold', async (t) => {
      const pages = 2 * 128 + 20
      const device = settled(mechanism, 2 * pages)
      const writer = await Writer.start(t)
      const mapping = await writer.map(device.memory.fd, 0, 2 * pages)
      mapping.attach(device.tracker)
      mapping.close()
      device.frame()
      await device.fallSilent()
      const expected: [number, number][] = []
      for (let page = 0; page < pages; page++) {
        await writer.tell(`store ${2 * page} 1`)
        expected.push([2 * page, 1])
      }
      assert.deepEqual(device.frame(), expected)
      await device.fallSilent()
      await writer.tell(`store ${2 * pages - 2} 2`)
      assert.deepEqual(device.frame(), [[2 * pages - 2, 1]])
      device.close()
    })
  })
}
