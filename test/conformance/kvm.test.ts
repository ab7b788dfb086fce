/**
 * What is seen of a KVM guest's stores, and what the dirty log of its slot promises:
 *
 *   - which tracker of the host's mapping sees them: the table "A KVM guest" of docs/trackers.md, a test a cell
 *   - a slot's store is reported by the next harvest, once; a store after that is reported again
 *   - nothing is lost under a processor that runs, nor on any error: then the pages are compared
 */
import assert from 'node:assert/strict'
import { openSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { KvmGuest } from '../../bench/tracking/kvm-guest.js'
import { Surface } from '../../src/index.js'
import type { TrackerMechanism } from '../../src/native/binding.js'
import { start } from '../support/child.js'
import {
  mechanisms,
  pageSize,
  probeOf,
  settled,
  sizePages,
  skipReason,
  TrackedMemory,
} from '../support/tracked-memory.js'
import { readWhoIsSeen } from '../support/who-is-seen.js'

const page = 5
const skip = skipReason('kvm-log')
const { slot } = KvmGuest

/** The first bytes of pages. */
const pagesAt = (...pages: number[]) => Uint32Array.from(pages, (each) => each * pageSize)

class GuestWithMemory extends TrackedMemory {
  readonly guest: InstanceType<typeof KvmGuest>

  constructor(mechanism: TrackerMechanism, pages = sizePages, { logged = true, manualProtect = false } = {}) {
    super(mechanism, pages)
    this.guest = new KvmGuest(this.memory.buffer, logged, manualProtect)
  }

  attachSlot(pageCount = this.view.length / pageSize): number {
    return this.tracker.attachKvmSlot(this.guest.vmFd, slot, 0, pageCount)
  }

  override close(): void {
    this.guest.close()
    super.close()
  }
}

/** With the slot attached, and nothing owed. */
function settledGuest(pages = sizePages, manualProtect = false): GuestWithMemory {
  const device = new GuestWithMemory('kvm-log', pages, { manualProtect })
  device.frame()
  device.attachSlot()
  assert.deepEqual(device.frame(), [[0, pages]], 'all pages of a fresh slot are dirty once')
  assert.deepEqual(device.frame(), [])
  return device
}

const rows: Record<string, (device: GuestWithMemory) => void> = {
  "a guest's store, its slot not attached": () => {},
  "a guest's store, its slot attached": (device) => device.attachSlot(),
}
const table = readWhoIsSeen('A KVM guest')

for (const { what, seenBy } of table) {
  const prepare = rows[what] ?? assert.fail(`no test stands behind the row: ${what}`)
  describe(what, { skip }, () => {
    for (const mechanism of mechanisms) {
      const outcomes = seenBy.get(mechanism) ?? assert.fail(`docs/trackers.md has no column ${mechanism}`)
      it(`${mechanism}: ${outcomes.join(' or ')}`, { skip: skipReason(mechanism) }, () => {
        const device = new GuestWithMemory(mechanism)
        prepare(device)
        device.frame()
        assert.deepEqual(device.frame(), [])
        const limited = probeOf(mechanism).limits.some((limit) => limit.includes('EFAULT'))
        const expected = outcomes[limited ? outcomes.length - 1 : 0]!
        for (const value of [7, 8]) {
          assert.equal(device.guest.store(pagesAt(page), value), expected === 'EFAULT' ? 'EFAULT' : '')
          assert.equal(device.view[page * pageSize], expected === 'EFAULT' ? 0 : value)
          assert.deepEqual(device.frame(), expected === 'yes' ? [[page, 1]] : [])
          assert.deepEqual(device.frame(), [], 'reported once')
        }
        device.close()
      })
    }
  })
}

it('the table has a row for each test', () => {
  assert.deepEqual(
    table.map(({ what }) => what),
    Object.keys(rows),
  )
})

for (const manualProtect of [false, true]) {
  const mode = manualProtect ? 'clearing re-protects' : 'reading re-protects'
  describe(`the dirty log of a KVM slot, where ${mode}`, { skip }, () => {
    it('reports pages on both sides of a word, first and last', () => {
      const pages = 200
      const device = settledGuest(pages, manualProtect)
      for (const value of [1, 2]) {
        assert.equal(device.guest.store(pagesAt(199, 63, 64, 130, 129, 0, 128), value), '')
        const expected = [
          [0, 1],
          [63, 2],
          [128, 3],
          [199, 1],
        ]
        assert.deepEqual(device.frame(), expected)
        assert.deepEqual(device.frame(), [])
      }
      device.close()
    })

    it('is put where the slot begins', () => {
      const device = new GuestWithMemory('kvm-log', 70, { manualProtect })
      const whole = new TrackedMemory('kvm-log', 100)
      whole.tracker.attachKvmSlot(device.guest.vmFd, slot, 30, 70)
      whole.frame()
      assert.equal(device.guest.store(pagesAt(0, 33, 34, 69), 1), '')
      assert.deepEqual(whole.frame(), [
        [30, 1],
        [63, 2],
        [99, 1],
      ])
      assert.deepEqual(whole.frame(), [])
      whole.close()
      device.close()
    })

    it('leaves pages alone that are compared, and reports them once they are not', () => {
      const device = settledGuest(sizePages, manualProtect)
      const compared = device.tracker.attachUntracked(8, 8)
      device.frame()
      device.guest.store(pagesAt(9, 20), 1)
      assert.deepEqual(device.frame(), [
        [9, 1],
        [20, 1],
      ])
      device.guest.store(pagesAt(9), 1)
      assert.deepEqual(device.frame(), [], 'the same value: not reported while compared')
      device.tracker.detach(compared)
      device.frame()
      assert.deepEqual(device.frame(), [])
      device.guest.store(pagesAt(9), 1)
      assert.deepEqual(device.frame(), [[9, 1]])
      device.close()
    })

    it('loses nothing under a running processor', async () => {
      const pages = 500
      const device = settledGuest(pages, manualProtect)
      // A prime stride, so that pages come in another order each time.
      const offsets = Uint32Array.from({ length: 3000 }, (_, i) => ((i * 4093 * 4) % (pages * pageSize)) & ~3)
      for (let round = 1; round <= 20; round++) {
        let running = true
        const done = device.guest.storeMeanwhile(offsets, round).finally(() => {
          running = false
        })
        while (running) {
          device.frame()
          await setImmediate()
        }
        assert.equal(await done, '')
        device.frame()
        assert.equal(device.firstStalePage(), -1, `round ${round}: a page was lost`)
      }
      device.close()
    })
  })
}

describe('a KVM slot that cannot be tracked', { skip }, () => {
  const compared = (device: GuestWithMemory, attach: () => number, error: RegExp) => {
    device.frame()
    attach()
    assert.match(device.tracker.status().lastError, error)
    device.frame()
    device.guest.store(pagesAt(3, sizePages - 1), 1)
    const found = device.frame()
    assert.deepEqual(found[0], [3, 1])
    assert.equal(device.tracker.status().compared, 1)
    device.close()
  }

  it('is compared where it has no log', () => {
    const device = new GuestWithMemory('kvm-log', sizePages, { logged: false })
    compared(device, () => device.attachSlot(), /^ENOENT.*KVM_/)
  })

  it('is compared where the slot is smaller', () => {
    const device = new GuestWithMemory('kvm-log')
    const { guest } = new GuestWithMemory('compare', sizePages - 1)
    compared(
      device,
      () => device.tracker.attachKvmSlot(guest.vmFd, slot, 0, sizePages),
      /^EINVAL.*KVM_CLEAR_DIRTY_LOG/,
    )
    guest.close()
  })

  it('is compared where the slot is larger, by less than a word and by more', () => {
    for (const pages of [sizePages + 1, 70_000]) {
      const device = new GuestWithMemory('kvm-log')
      const { guest } = new GuestWithMemory('compare', pages)
      compared(device, () => device.tracker.attachKvmSlot(guest.vmFd, slot, 0, sizePages), /^E(INVAL|FAULT)/)
      guest.close()
    }
  })

  it('is dirty throughout where it goes away, and compared from then on', () => {
    const device = settledGuest()
    assert.equal(device.guest.store(pagesAt(3), 1), '')
    device.guest.removeMemory()
    assert.deepEqual(device.frame(), [[0, sizePages]])
    assert.equal(device.shadow[3 * pageSize], 1)
    assert.match(device.tracker.status().lastError, /^ENOENT.*KVM_GET_DIRTY_LOG/)
    device.pixels[4 * pageSize] = 1
    assert.deepEqual(device.frame(), [[4, 1]])
    assert.equal(device.guest.store(pagesAt(3), 2), 'EFAULT')
    device.close()
  })

  it('is compared where another process made the machine', async (t) => {
    const { guest } = new GuestWithMemory('kvm-log')
    const load = new URL('../../src/native/load.js', import.meta.url).href
    const script = `
      const { binding } = await import(${JSON.stringify(load)})
      const memory = new binding.DeviceMemory(${sizePages * pageSize})
      const tracker = new binding.Tracker(memory, { mechanism: 'kvm-log', shadow: new Uint8Array(memory.sizeBytes) })
      tracker.attachKvmSlot(3, ${slot}, 0, ${sizePages})
      process.stdout.write(JSON.stringify(tracker.status()))`
    const child = start(t, process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit', guest.vmFd],
    })
    const status = JSON.parse(await text(child.stdout!))
    assert.match(status.lastError, /^EIO/)
    assert.equal(status.compared, 1)
    guest.close()
  })

  it('has its arguments checked', () => {
    const device = settled('kvm-log')
    const { tracker } = device
    const file = openSync('/dev/null', 'r')
    for (const fd of [file, device.memory.fd, 1 << 30]) {
      assert.throws(() => tracker.attachKvmSlot(fd, slot, 0, sizePages), TypeError)
    }
    const { guest } = new GuestWithMemory('compare')
    const attach = (slot: number, first: number, count: number) => () =>
      tracker.attachKvmSlot(guest.vmFd, slot, first, count)
    for (const wrong of [attach(-1, 0, 64), attach(2 ** 32, 0, 64), attach(1, 1, 64), attach(1, 0, 0)]) {
      assert.throws(wrong, RangeError)
    }
    assert.deepEqual(device.frame(), [], 'nothing was attached')
    guest.close()
    device.close()
  })
})

describe('a surface with a KVM guest', { skip }, () => {
  it('shows what the guest stores, until the slot is detached', async () => {
    await using surface = await Surface.create({ width: 64, height: 64, tracker: 'kvm-log' })
    const memory = surface.pixels.buffer as ArrayBuffer
    const guest = new KvmGuest(memory, true, false)
    const id = surface.attachKvmSlot(guest.vmFd, slot, 0, memory.byteLength / pageSize)
    surface.harvest()
    assert.equal(surface.harvest(), false)
    guest.store(Uint32Array.of(4 * 64 * 10), 0xffffff)
    assert.equal(surface.harvest(), true)
    surface.detachWriter(id)
    surface.harvest()
    guest.store(Uint32Array.of(4 * 64 * 11), 0xffffff)
    assert.equal(surface.harvest(), false)
    guest.close()
  })
})
