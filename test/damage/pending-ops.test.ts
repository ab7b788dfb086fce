/**
 * Ops stay ops as long as they are exact, and become damage where they are not. That the viewer's picture is right in any
 * case is held by test/invariants/ops-and-stores.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { maxPendingOps, PendingDamage } from '../../src/damage/pending.js'
import type { PictureOp } from '../../src/damage/picture-op.js'
import { type Rect, rect } from '../../src/geometry/rect.js'

const cost = { rectPixels: 0 }

function copy(to: Rect, fromX: number, fromY: number): PictureOp {
  return { op: 'copy', rect: to, fromX, fromY }
}

function fill(where: Rect, colour = 7): PictureOp {
  return { op: 'fill', rect: where, colour, rop: 'copy' }
}

/** A text's scroll by `rows`, as a console does it: the last line is new. */
function scroll(pending: PendingDamage, rows: number): void {
  pending.addOp(copy(rect(0, 0, 100, 100 - rows), 0, rows))
  pending.addRect(rect(0, 100 - rows, 100, 100))
}

describe('ops that wait', () => {
  it('are taken in order, once', () => {
    const pending = new PendingDamage()
    const ops = [fill(rect(0, 0, 10, 10)), copy(rect(50, 50, 60, 60), 0, 0)]
    for (const op of ops) pending.addOp(op)
    assert.equal(pending.isEmpty, false)
    assert.deepEqual(pending.take(cost), { ops, damage: [] })
    pending.shown()
    assert.deepEqual(pending.take(cost), { ops: [], damage: [] })
  })

  it('come with the damage of what they copied from damage', () => {
    const pending = new PendingDamage()
    pending.addRect(rect(5, 5, 8, 8))
    const op = copy(rect(50, 50, 60, 60), 0, 0)
    pending.addOp(op)
    assert.deepEqual(pending.take(cost), { ops: [op], damage: [rect(5, 5, 8, 8), rect(55, 55, 58, 58)] })
  })

  it('take away the damage of what they overwrite', () => {
    const pending = new PendingDamage()
    pending.addRect(rect(0, 0, 20, 10))
    pending.addOp(fill(rect(0, 0, 10, 10)))
    pending.addOp(copy(rect(10, 0, 20, 10), 60, 60))
    assert.deepEqual(pending.take(cost).damage, [])
  })

  it('are damage where they copy nothing but damage', () => {
    const pending = new PendingDamage()
    pending.addRect(rect(0, 0, 30, 30))
    pending.addOp(copy(rect(50, 50, 60, 60), 0, 0))
    assert.deepEqual(pending.take(cost), { ops: [], damage: [rect(0, 0, 30, 30), rect(50, 50, 60, 60)] })
  })

  it('count what is under way as damage: a slow present may show it as it was, or as it is', () => {
    const pending = new PendingDamage()
    pending.addRect(rect(0, 90, 100, 100))
    pending.take(cost)
    scroll(pending, 10)
    pending.shown()
    assert.deepEqual(pending.take(cost), {
      ops: [copy(rect(0, 0, 100, 90), 0, 10)],
      damage: [rect(0, 80, 100, 100)],
    })
  })

  it('add up where scrolls of one area follow each other', () => {
    const pending = new PendingDamage()
    for (let i = 0; i < 9; i++) scroll(pending, 10)
    assert.deepEqual(pending.take(cost), {
      ops: [copy(rect(0, 0, 100, 10), 0, 90)],
      damage: [rect(0, 10, 100, 100)],
    })
  })

  it('do not add up where one copy would not do the same', () => {
    const pending = new PendingDamage()
    const ops = [copy(rect(0, 0, 100, 90), 0, 10), copy(rect(0, 0, 100, 90), 0, 10)]
    for (const op of ops) pending.addOp(op)
    assert.deepEqual(pending.take(cost).ops, ops)
  })

  it('are none where a scroll went there and back', () => {
    const pending = new PendingDamage()
    scroll(pending, 10)
    pending.addRect(rect(0, 0, 100, 10))
    pending.addOp(copy(rect(0, 10, 100, 100), 0, 0))
    assert.deepEqual(pending.take(cost), { ops: [], damage: [rect(0, 0, 100, 20)] })
  })

  it('are left out where a later fill or damage covers them', () => {
    const pending = new PendingDamage()
    pending.addOp(copy(rect(0, 0, 10, 10), 50, 50))
    pending.addOp(fill(rect(5, 5, 9, 9)))
    pending.addOp(fill(rect(0, 0, 20, 20)))
    assert.deepEqual(pending.ops, [fill(rect(0, 0, 20, 20))])
    pending.addRect(rect(0, 0, 30, 30))
    assert.deepEqual(pending.take(cost), { ops: [], damage: [rect(0, 0, 30, 30)] })
  })

  it('stay where damage covers them and a later one copies from there', () => {
    const pending = new PendingDamage()
    const ops = [fill(rect(0, 0, 10, 10)), copy(rect(50, 50, 60, 60), 0, 0)]
    for (const op of ops) pending.addOp(op)
    pending.addRect(rect(0, 0, 10, 10))
    assert.deepEqual(pending.take(cost).ops, ops)
  })

  it('are few: one more, and all are damage', () => {
    const pending = new PendingDamage()
    const spot = (i: number) => rect(2 * i, 0, 2 * i + 1, 1)
    for (let i = 0; i < maxPendingOps; i++) pending.addOp(fill(spot(i)))
    assert.equal(pending.ops.length, maxPendingOps)
    pending.addOp(fill(spot(maxPendingOps)))
    const { ops, damage } = pending.take(cost)
    assert.deepEqual([ops.length, damage.length], [0, maxPendingOps + 1])
  })
})

describe('a present with ops', () => {
  it('that failed leaves damage: of its ops, and of those since, which relied on them', () => {
    const pending = new PendingDamage()
    pending.addOp(fill(rect(0, 0, 10, 10)))
    pending.take(cost)
    pending.addOp(copy(rect(50, 0, 60, 10), 0, 0))
    pending.giveBack()
    assert.deepEqual(pending.take(cost), { ops: [], damage: [rect(0, 0, 10, 10), rect(50, 0, 60, 10)] })
  })

  it('to a viewer that lost its source meanwhile is made good by damage', () => {
    const pending = new PendingDamage()
    pending.addOp(copy(rect(50, 0, 60, 10), 0, 0))
    pending.take(cost)
    pending.lose(rect(0, 0, 10, 10))
    pending.shown()
    assert.deepEqual(pending.take(cost), { ops: [], damage: [rect(0, 0, 10, 10), rect(50, 0, 60, 10)] })
  })
})

describe('a viewer that loses', () => {
  it('what ops copy from is shown what they would have made', () => {
    const pending = new PendingDamage()
    pending.addOp(copy(rect(50, 0, 60, 10), 0, 0))
    pending.lose(rect(0, 0, 10, 10))
    assert.deepEqual(pending.take(cost), { ops: [], damage: [rect(0, 0, 10, 10), rect(50, 0, 60, 10)] })
  })

  it('all of it to another size is shown no op', () => {
    const pending = new PendingDamage()
    pending.addOp(copy(rect(50, 0, 60, 10), 0, 0))
    pending.clip(rect(0, 0, 55, 50))
    assert.deepEqual(pending.take(cost), { ops: [], damage: [rect(50, 0, 55, 10)] })
  })
})
