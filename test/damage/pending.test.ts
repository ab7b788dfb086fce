import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { maxPendingRects, PendingDamage } from '../../src/damage/pending.js'
import { rect } from '../../src/geometry/rect.js'
import { Region } from '../../src/geometry/region.js'

const left = rect(0, 0, 10, 10)
const right = rect(20, 0, 30, 10)

/** The damage that is taken, as a region. */
function take(pending: PendingDamage): Region {
  return Region.of(...pending.take({ rectPixels: 0 }).damage)
}

describe('PendingDamage', () => {
  it('waits until it is taken', () => {
    const pending = new PendingDamage()
    assert.ok(pending.isEmpty)
    pending.add(Region.of(left))
    pending.addRect(right)
    assert.ok(!pending.isEmpty)
    assert.ok(take(pending).equals(Region.of(left, right)))
    assert.ok(pending.isEmpty)
  })

  it('gathers what comes during a present by itself', () => {
    const pending = new PendingDamage()
    pending.addRect(left)
    const taken = take(pending)
    pending.addRect(right)
    assert.ok(taken.equals(Region.of(left)))
    pending.shown()
    assert.ok(take(pending).equals(Region.of(right)))
  })

  it('has the damage of a failed present again, with what came since', () => {
    const pending = new PendingDamage()
    pending.addRect(left)
    take(pending)
    pending.addRect(right)
    pending.giveBack()
    assert.ok(take(pending).equals(Region.of(left, right)))
  })

  it('takes again what was neither shown nor given back', () => {
    const pending = new PendingDamage()
    pending.addRect(left)
    take(pending)
    assert.ok(take(pending).equals(Region.of(left)))
  })

  it('forgets shown damage', () => {
    const pending = new PendingDamage()
    pending.addRect(left)
    take(pending)
    pending.shown()
    pending.giveBack()
    assert.ok(pending.isEmpty)
    assert.ok(take(pending).isEmpty)
  })

  it('is cut to the surface, taken damage too', () => {
    const pending = new PendingDamage()
    pending.addRect(left)
    take(pending)
    pending.addRect(right)
    pending.clip(rect(0, 0, 25, 5))
    pending.giveBack()
    assert.ok(take(pending).equals(Region.of(rect(0, 0, 10, 5), rect(20, 0, 25, 5))))
  })

  it('has a bound on its rects, and loses nothing by it', () => {
    const pending = new PendingDamage()
    const spots = new Region()
    let state = 1
    for (let i = 0; i < 3000; i++) {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
      const x = (state >> 8) % 1024
      const y = (state >> 4) % 768
      spots.addRect(rect(x, y, x + 1, y + 1))
      if (i % 100 === 99) pending.add(spots)
    }
    const taken = take(pending)
    assert.ok(taken.rectCount <= maxPendingRects)
    spots.subtract(taken)
    assert.ok(spots.isEmpty)
    assert.ok(taken.bounds.x2 <= 1024 && taken.bounds.y2 <= 768)
  })
})
