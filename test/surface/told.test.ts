/**
 * What these hold: drawing that is told is repeated for sinks that take it, and compared for all; scrolls of an area add up;
 * work is bounded; whoever lies is found out in the same frame.
 */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { PictureOp, PictureOpName } from '../../src/damage/picture-op.js'
import { InvalidArgumentError } from '../../src/errors.js'
import { type Rect, rect } from '../../src/geometry/rect.js'
import { binding } from '../../src/native/load.js'
import type { Sink } from '../../src/surface/sink.js'
import { Surface } from '../../src/surface/surface.js'

const size = { width: 32, height: 16, fps: 1 }
const rowBytes = size.width * 4
const scroll = { op: 'copy', rect: rect(0, 0, 32, 12), fromX: 0, fromY: 4 } as const

/** A surface with a row's number in its pixels, a sink that was shown them, and memory that no tracker sees. */
async function scene(t: TestContext, ...takesOps: PictureOpName[]) {
  const surface = await Surface.create(size)
  const memory = new binding.DeviceMemory(undefined, surface.memoryDescriptor)
  t.after(async () => {
    await surface.close()
    memory.close()
  })
  const unseen = new Uint8Array(memory.untracked, 0, size.height * rowBytes)
  for (let y = 0; y < size.height; y++) unseen.fill(y + 1, y * rowBytes, (y + 1) * rowBytes)
  const frames: { ops: readonly PictureOp[]; damage: readonly Rect[] }[] = []
  const sink: Sink = {
    name: 'told',
    takesOps,
    cost: { rectPixels: 0 },
    present: ({ ops, damage }) => {
      frames.push({ ops, damage })
    },
  }
  surface.attach(sink)
  surface.harvest()
  frames.length = 0
  return { surface, unseen, frames, shown: () => surface.snapshot().pixels.slice(0, unseen.length) }
}

describe('surface.tell', () => {
  it('hands on what was really drawn', async (t) => {
    const { surface, unseen, frames, shown } = await scene(t, 'copy', 'fill')
    unseen.copyWithin(0, 4 * rowBytes)
    surface.tell(scroll)
    surface.tell({ op: 'update', rect: rect(0, 12, 32, 16) })
    surface.harvest()
    // What lies below is as it was.
    assert.deepEqual(frames, [{ ops: [scroll], damage: [] }])
    unseen.fill(9, 0, rowBytes)
    surface.tell({ op: 'fill', rect: rect(0, 0, 32, 1), colour: 0x09090909, rop: 'copy' })
    surface.harvest()
    assert.deepEqual(frames[1]?.ops.length, 1)
    assert.deepEqual(frames[1]?.damage, [])
    assert.deepEqual(shown(), unseen.slice())
  })

  it('shows what is there to who is lied to', async (t) => {
    const { surface, unseen, frames, shown } = await scene(t, 'copy')
    surface.tell(scroll)
    surface.harvest()
    assert.deepEqual(frames, [{ ops: [], damage: [rect(0, 0, 32, 12)] }])
    assert.deepEqual(shown(), unseen.slice())
  })

  it('tells no more than what changed where no sink takes the op', async (t) => {
    const { surface, unseen, frames } = await scene(t)
    unseen[5 * rowBytes] = 77
    surface.tell({ op: 'fill', rect: rect(0, 0, 32, 16), colour: 0, rop: 'copy' })
    surface.harvest()
    assert.deepEqual(frames, [{ ops: [], damage: [rect(0, 5, 1, 6)] }])
  })

  it('does the scrolls of a frame as one', async (t) => {
    const { surface, unseen, frames, shown } = await scene(t, 'copy')
    for (let line = 0; line < 100; line++) {
      unseen.copyWithin(0, 4 * rowBytes)
      unseen.fill(100 + line, 12 * rowBytes)
      surface.tell(scroll)
      surface.tell({ op: 'update', rect: rect(0, 12, 32, 16) })
      if (line === 1) surface.harvest()
    }
    surface.harvest()
    assert.deepEqual(frames[0]?.ops, [{ op: 'copy', rect: rect(0, 0, 32, 8), fromX: 0, fromY: 8 }])
    assert.deepEqual(frames[1]?.ops, [], 'nothing is left of what was there')
    assert.deepEqual(shown(), unseen.slice())
  })

  it('repeats a bounded number of pixels a frame', async (t) => {
    const { surface, unseen, shown } = await scene(t, 'copy')
    const copy = t.mock.method(binding, 'copy')
    for (let i = 0; i < 500; i++) surface.tell({ ...scroll, rect: rect(i % 2, 0, 32, 12), fromX: i % 2 })
    surface.harvest()
    assert.ok(copy.mock.callCount() <= 12, `${copy.mock.callCount()} copies`)
    t.mock.restoreAll()
    assert.deepEqual(shown(), unseen.slice())
  })

  it('refuses what is out of range', async (t) => {
    const { surface } = await scene(t)
    for (const x1 of [Number.NaN, 0.5, -(2 ** 40)]) {
      assert.throws(() => surface.tell({ op: 'update', rect: rect(x1, 0, 4, 4) }), InvalidArgumentError)
    }
    surface.tell({ op: 'update', rect: rect(-5, -5, 0, 0) })
    assert.equal(surface.harvest(), false)
  })

  it('asks a teller ahead of each frame, until it is detached', async (t) => {
    const { surface, unseen } = await scene(t)
    let asked = 0
    const detach = surface.attachTeller({
      tell: () => {
        asked++
        surface.tell({ op: 'update', rect: surface.bounds })
      },
    })
    unseen[0] = 200
    assert.equal(surface.harvest(), true)
    assert.equal(surface.harvest(), false)
    detach()
    detach()
    surface.harvest()
    assert.equal(asked, 2)
  })
})
