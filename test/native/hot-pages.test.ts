/**
 * What an adaptive tracker leaves open, with costs that are given: the same in every run. Everything here costs time
 * alone, if it is wrong; that nothing is lost, test/invariants holds.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TrackingCosts } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { pageSize, skipReason, TrackedMemory } from '../support/tracked-memory.js'
import { Writer } from '../support/writer.js'

const mechanism = 'wp-async'
const sizePages = 256
const costs: TrackingCosts = { dirtyPageNs: 1000, runNs: 700, comparedPageNs: 150 }
/** Harvests after which every page that is stored to in all of them is open. */
const soon = 15
/** Harvests after which every page that changed in all of them, and then no more, is closed. */
const later = 60
/** More than the longest hold. */
const long = 300

const range = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)

/** Stores to these pages in each frame. @returns the frames that reported something */
function draw(device: TrackedMemory, frames: number, pages: readonly number[], content = true): number {
  let reports = 0
  for (let frame = 0; frame < frames; frame++) {
    for (const page of pages) {
      const at = page * pageSize + 8
      device.pixels[at] = device.view[at]! + (content ? 1 : 0)
    }
    if (device.frame().length > 0) reports++
    assert.equal(device.firstStalePage(), -1)
  }
  return reports
}

function adaptive(given: Partial<TrackingCosts> = {}): TrackedMemory {
  const device = new TrackedMemory(mechanism, sizePages, sizePages, { adaptive: { ...costs, ...given } })
  device.frame()
  return device
}

const openPages = (device: TrackedMemory) => device.tracker.status().openPages

describe('hot pages', { skip: skipReason(mechanism) }, () => {
  it('opens pages that change in every frame, and no others', () => {
    const device = adaptive()
    draw(device, soon, range(40, 32))
    assert.equal(openPages(device), 32)
    draw(device, long, range(40, 32))
    assert.equal(openPages(device), 32)
    device.close()
  })

  it('reports of open pages what changed, in the frame in which it does', () => {
    const device = adaptive()
    draw(device, soon, range(40, 32))
    device.pixels[50 * pageSize + pageSize - 1]! += 1
    device.pixels[200 * pageSize] = 1
    assert.deepEqual(device.frame(), [
      [50, 1],
      [200, 1],
    ])
    assert.deepEqual(device.frame(), [])
    device.close()
  })

  it('does not open a page that changes now and then', () => {
    const device = adaptive()
    for (let round = 0; round < 10; round++) {
      draw(device, 1, range(40, 32))
      draw(device, 24, [])
      assert.equal(openPages(device), 0)
    }
    device.close()
  })

  it('opens a page by itself only where that is worth one more system call', () => {
    const cheap = adaptive()
    draw(cheap, later, [70])
    assert.equal(openPages(cheap), 1)
    cheap.close()
    const dear = adaptive({ runNs: 2000 })
    draw(dear, long, [70])
    assert.equal(openPages(dear), 0)
    dear.close()
  })

  it('opens small gaps between hot pages with them', () => {
    const device = adaptive()
    const rows = range(0, 8).flatMap((row) => range(32 + row * 6, 3))
    draw(device, soon, rows)
    assert.equal(openPages(device), 8 * 6 - 3)
    device.close()
  })

  it('closes pages that change no more, and reports what closing tells once at most', () => {
    const device = adaptive()
    draw(device, soon, range(40, 32))
    assert.ok(draw(device, later, []) <= 1)
    assert.equal(openPages(device), 0)
    assert.equal(draw(device, later, []), 0)
    device.close()
  })

  it('leaves pages open for ever longer that are painted again with the same content', () => {
    const device = adaptive()
    const reports = [1, 2, 3, 4].map(() => draw(device, long, range(40, 32), false))
    assert.ok(reports[0]! < 60, `${reports}: most of the first frames were compared`)
    assert.ok(reports[3]! <= 4, `${reports}: of the last ones nearly all`)
    assert.ok(draw(device, long, []) <= 1)
    assert.equal(openPages(device), 0, 'and closes them at last')
    device.close()
  })

  it('compares open pages however their stores come', async (t) => {
    const device = adaptive()
    const writer = await Writer.start(t)
    const mapping = await writer.map(device.memory.fd, 0, sizePages)
    mapping.attach(device.tracker)
    mapping.close()
    device.frame()
    draw(device, soon, range(40, 32))
    await writer.tell('store 50 7')
    await writer.tell('store 100 7')
    assert.deepEqual(device.frame(), [
      [50, 1],
      [100, 1],
    ])
    device.close()
  })

  it('never looks at pages that show nothing, until they do', () => {
    const device = adaptive()
    device.tracker.setPicture(64 * pageSize + 100, 1000, 1000, 200)
    device.frame()
    device.pixels[63 * pageSize] = 1
    device.pixels[64 * pageSize] = 1
    device.pixels[120 * pageSize] = 1
    assert.deepEqual(device.frame(), [[64, 1]], 'its last bytes are shown')
    device.tracker.setPicture(0, sizePages * pageSize, sizePages * pageSize, 1)
    assert.deepEqual(device.frame(), [[0, sizePages]])
    device.pixels[120 * pageSize] = 2
    assert.deepEqual(device.frame(), [[120, 1]])
    device.close()
  })

  it('closes pages of which only padding differs from the shadow', () => {
    const device = adaptive()
    const rowBytes = 1000
    const strideBytes = 1024
    device.tracker.setPicture(0, strideBytes, rowBytes, (sizePages * pageSize) / strideBytes)
    draw(device, soon, range(40, 32))
    for (const page of range(40, 32)) device.pixels[page * pageSize + rowBytes] = 1
    let reports = 0
    const runs = new Uint32Array(2 * sizePages)
    for (let frame = 0; frame < later; frame++) if (device.tracker.harvest(runs) > 0) reports++
    assert.ok(reports <= 1)
    assert.equal(openPages(device), 0)
    device.close()
  })

  it('has arguments checked', () => {
    const device = new TrackedMemory('compare', 1)
    const { memory, shadow, tracker } = device
    const wrong = [1, 'yes', null, {}, { ...costs, runNs: -1 }, { ...costs, runNs: Number.NaN }]
    for (const adaptive of wrong) {
      assert.throws(
        () => new binding.Tracker(memory, { mechanism, shadow, adaptive: adaptive as never }),
        /adaptive: expected|Ns: expected/,
      )
    }
    const pictures: [number, number, number, number][] = [
      [0, 64, 65, 1],
      [0, 64, 64, 65],
      [1, 64, 64, 64],
      [0, 64, 64, 0],
      [0, 64, 0, 64],
      [4097, 1, 1, 1],
      [0, 2 ** 32 - 1, 1, 2 ** 32 - 1],
    ]
    for (const picture of pictures) assert.throws(() => tracker.setPicture(...picture), RangeError)
    device.close()
  })
})
