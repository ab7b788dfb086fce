/**
 * A still mapping of an adaptive tracker waits for its next store, without a look in between; and nothing is lost on
 * the way there and back.
 */
import assert from 'node:assert/strict'
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { temporaryFolder } from '../support/temporary.js'
import { pageSize, TrackedMemory } from '../support/tracked-memory.js'
import { tripwireSkipReason } from '../support/tripwire.js'
import { Writer } from '../support/writer.js'

const mechanism = 'wp-async'
const sizePages = 600
/** More stores than are handled one by one. */
const flood = 100

/** A device whose doorbell can be awaited. */
class Watched extends TrackedMemory {
  rings = 0
  readonly rung: Promise<void>
  /** Nothing else keeps the process alive until the doorbell rings, which takes a moment. */
  readonly #keepAlive = setTimeout(() => {}, 20_000)

  constructor() {
    let ring = () => {}
    super(mechanism, sizePages, sizePages, { adaptive: true, onStore: () => ring() })
    this.rung = new Promise((resolve) => {
      ring = () => {
        this.rings++
        resolve()
      }
    })
    this.frame()
  }

  /** What a clock does with a surface on which nothing moves. @returns how often it looked */
  rest(): number {
    for (let looks = 1; ; looks++) {
      if (this.tracker.watch()) return looks
      assert.ok(looks < 2000, `not still: ${JSON.stringify(this.tracker.status())}`)
      this.frame()
    }
  }

  override close(): void {
    super.close()
    clearTimeout(this.#keepAlive)
  }
}

/** Ends with the test, however that ends. */
function watched(t: TestContext): Watched {
  const device = new Watched()
  t.after(() => device.close())
  return device
}

describe('idle tripwire', { skip: tripwireSkipReason() }, () => {
  it('tells of the first store, and nobody has looked', async (t) => {
    const device = watched(t)
    assert.ok(device.rest() <= 2, 'the hand-over makes all pages dirty once')
    assert.equal(device.tracker.status().still, 1)
    device.pixels[7 * pageSize] = 1
    await device.rung
    assert.equal(device.rings, 1)
    assert.deepEqual(device.frame(), [[7, 1]])
    assert.ok(device.tracker.watch(), 'a single store changes nothing')
    device.close()
  })

  it('compares everything once on the way: what was stored meanwhile is not lost', (t) => {
    const device = watched(t)
    assert.equal(device.tracker.watch(), false)
    assert.deepEqual(device.frame(), [[0, sizePages]])
    assert.equal(device.tracker.watch(), true)
    device.close()
  })

  it('lets read(2) store into a still surface', async (t) => {
    const path = join(temporaryFolder(t), 'byte')
    writeFileSync(path, Buffer.of(7))
    const device = watched(t)
    device.rest()
    const fd = openSync(path, 'r')
    assert.equal(readSync(fd, device.pixels.subarray(5 * pageSize, 5 * pageSize + 1)), 1)
    closeSync(fd)
    await device.rung
    assert.deepEqual(device.frame(), [[5, 1]])
    assert.equal(device.shadow[5 * pageSize], 7)
    device.close()
  })

  it('gives way to a writer who stores a lot, and comes back later', (t) => {
    const device = watched(t)
    device.rest()
    for (let page = 0; page < flood; page++) device.pixels[page * pageSize] = 1
    device.frame()
    assert.equal(device.firstStalePage(), -1)
    assert.equal(device.tracker.status().still, 0)
    device.pixels[sizePages * pageSize - 1] = 1
    assert.deepEqual(device.frame(), [[sizePages - 1, 1]], 'tracked by scanning again')
    assert.ok(device.rest() > 3, 'not at once: the hand-over did not pay')
    device.close()
  })

  it('stays for a few stores in every frame only as long as they are cheaper than scanning', (t) => {
    const device = watched(t)
    device.rest()
    let frames = 0
    do {
      frames++
      device.pixels[frames * pageSize] = 1
      assert.ok(device.frame().length > 0)
    } while (device.tracker.watch())
    assert.ok(frames > 5 && frames < flood, `${frames} frames`)
    assert.equal(device.firstStalePage(), -1)
    device.close()
  })

  it('rings for another process', async (t) => {
    const device = watched(t)
    const writer = await Writer.start(t)
    const mapping = await writer.map(device.memory.fd, 100, 200)
    mapping.attach(device.tracker)
    device.rest()
    assert.equal(device.tracker.status().still, 2)
    await writer.tell('store 3 7')
    await device.rung
    assert.deepEqual(device.frame(), [[103, 1]])
    mapping.close()
    device.close()
  })

  it('is not for a process whose read(2) would fail', async (t) => {
    const device = watched(t)
    const writer = await Writer.start(t)
    const { uffd, pagemap, syncUffd, address, close } = await writer.map(device.memory.fd, 0, 8)
    device.tracker.attach(uffd, pagemap, syncUffd, undefined, address, 0, 8, true)
    close()
    device.frame()
    for (let look = 0; look < 10; look++) assert.equal(device.tracker.watch(), false)
    assert.match(device.tracker.status().whyPolled, /kernel's own stores/)
    assert.equal(device.tracker.status().lastError, '')
    device.close()
  })

  it('loses nothing while a process stores through every hand-over', async (t) => {
    const device = watched(t)
    const writer = await Writer.start(t)
    const mapping = await writer.map(device.memory.fd, 0, sizePages)
    mapping.attach(device.tracker)
    mapping.close()
    let still = 0
    for (let round = 1; round <= 40; round++) {
      device.rest()
      still++
      let silent = false
      const done = writer.tell(`burst ${round % 2 ? 4000 : 20} ${round}`).then(() => {
        silent = true
      })
      while (!silent) {
        device.frame()
        device.tracker.watch()
        await setImmediate()
      }
      await done
      while (device.frame().length > 0) {
        // A hand-over reports everything once more.
      }
      assert.equal(device.firstStalePage(), -1, `round ${round}: a page was lost`)
    }
    t.diagnostic(`${still} times still, 0 pages lost`)
    assert.equal(device.tracker.status().lastError, '')
    device.close()
  })

  it('is closed in any state, and lets everybody go on', (t) => {
    for (const stores of [0, 1, flood]) {
      const device = watched(t)
      device.rest()
      for (let page = 0; page < stores; page++) device.pixels[page * pageSize] = 1
      device.tracker.close()
      device.pixels.fill(2)
      device.close()
    }
  })
})
