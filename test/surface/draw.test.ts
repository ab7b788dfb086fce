/**
 * What these hold: ops are seen by sinks and listeners; a sink that takes an op is handed it; what was stored before a copy
 * is copied; the tracker has nothing to tell of an op; nothing is drawn where an op is refused.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import type { PictureOpName } from '../../src/damage/picture-op.js'
import { ClosedError, InvalidArgumentError } from '../../src/errors.js'
import { rect } from '../../src/geometry/rect.js'
import type { Frame, Sink } from '../../src/surface/sink.js'
import { Surface } from '../../src/surface/surface.js'

const size = { width: 64, height: 48, fps: 1 }
const scroll = { op: 'copy', rect: rect(0, 0, 64, 40), fromX: 0, fromY: 8 } as const

class CountingSink implements Sink {
  readonly name = 'counting'
  readonly cost = { rectPixels: 0 }
  readonly frames: Pick<Frame, 'ops' | 'damage'>[] = []
  readonly takesOps: readonly PictureOpName[]

  constructor(...takesOps: PictureOpName[]) {
    this.takesOps = takesOps
  }

  present({ ops, damage }: Frame): void {
    this.frames.push({ ops, damage })
  }
}

/** All sinks have the first picture. */
async function shown(sinks: CountingSink[]): Promise<Surface> {
  const surface = await Surface.create(size)
  surface.pixels.fill(1)
  for (const sink of sinks) surface.attach(sink)
  surface.harvest()
  for (const sink of sinks) sink.frames.length = 0
  return surface
}

describe('surface.draw', () => {
  it('hands each sink the ops that it takes, and damage for the others', async () => {
    const sinks = [new CountingSink('copy', 'fill'), new CountingSink('copy'), new CountingSink()]
    await using surface = await shown(sinks)
    const fill = { op: 'fill', rect: rect(0, 40, 64, 48), colour: 9, rop: 'copy' } as const
    surface.draw(scroll)
    surface.draw(fill)
    assert.equal(surface.harvest(), true)
    assert.deepEqual(
      sinks.map(({ frames }) => frames),
      [
        [{ ops: [scroll, fill], damage: [] }],
        [{ ops: [scroll], damage: [rect(0, 40, 64, 48)] }],
        [{ ops: [], damage: [rect(0, 0, 64, 48)] }],
      ],
    )
  })

  it('leaves the tracker nothing to tell', async () => {
    await using surface = await shown([])
    const glyph = { bits: Uint8Array.of(0x5a), foreground: 3, background: 4 }
    surface.draw(scroll)
    surface.draw({ op: 'fill', rect: rect(0, 0, 10, 10), colour: 5 })
    surface.draw({ op: 'fill', rect: rect(5, 5, 10, 10), colour: 5, rop: 'xor' })
    surface.draw({ op: 'blit', rect: rect(20, 20, 28, 21), image: glyph })
    assert.equal(surface.harvest(), true)
    assert.equal(surface.harvest(), false)
  })

  it('damages of blits and exclusive-ors only what they change', async () => {
    const sink = new CountingSink('copy', 'fill')
    await using surface = await shown([sink])
    const glyph = { bits: Uint8Array.of(0b00111000), foreground: 3, background: 0x01010101 }
    for (let i = 0; i < 2; i++) {
      surface.draw({ op: 'blit', rect: rect(8, 20, 16, 21), image: glyph })
      surface.harvest()
    }
    surface.draw({ op: 'fill', rect: rect(1, 2, 3, 4), colour: 5, rop: 'xor' })
    surface.harvest()
    assert.deepEqual(sink.frames, [
      { ops: [], damage: [rect(10, 20, 13, 21)] },
      { ops: [], damage: [rect(1, 2, 3, 4)] },
    ])
  })

  it('copies what was stored before, and shows it as damage where it was and where it is', async () => {
    const sink = new CountingSink('copy')
    await using surface = await shown([sink])
    surface.pixels[(20 * 64 + 5) * 4] = 77
    surface.draw(scroll)
    surface.pixels[(30 * 64 + 5) * 4] = 78
    surface.harvest()
    assert.equal(surface.snapshot().pixels[(12 * 64 + 5) * 4], 77)
    assert.deepEqual(sink.frames[0]?.ops, [scroll])
    assert.deepEqual(sink.frames[0]?.damage, [rect(5, 12, 6, 13), rect(5, 30, 6, 31)])
  })

  it('tells listeners, and wakes the clock', async () => {
    await using surface = await Surface.create({ ...size, fps: 1000 })
    const keepAlive = setInterval(() => {}, 1000)
    surface.harvest()
    const damage = once(surface, 'damage')
    surface.draw(scroll)
    surface.draw({ op: 'fill', rect: rect(0, 44, 64, 48), colour: 9 })
    const [region] = await damage
    assert.deepEqual(region.rects(), [rect(0, 0, 64, 40), rect(0, 44, 64, 48)])
    clearInterval(keepAlive)
  })

  it('that is refused draws nothing', async () => {
    const sink = new CountingSink()
    const surface = await shown([sink])
    const short = { bits: new Uint8Array(3), foreground: 1 }
    assert.throws(
      () => surface.draw({ op: 'blit', rect: rect(0, 0, 8, 4), image: short }),
      InvalidArgumentError,
    )
    surface.draw({ op: 'fill', rect: rect(64, 0, 70, 9), colour: 3 })
    assert.equal(surface.harvest(), false)
    await surface.close()
    assert.throws(() => surface.draw(scroll), ClosedError)
  })

  it('draws in the mode of the moment, and a new mode forgets what was drawn in the old one', async () => {
    const sink = new CountingSink('copy', 'fill')
    await using surface = await shown([sink])
    surface.draw(scroll)
    surface.setMode({ width: 16, height: 8, format: 'c8', offsetBytes: 100 })
    surface.draw({ op: 'fill', rect: rect(0, 0, 64, 1), colour: 200 })
    surface.harvest()
    const fill = { op: 'fill', rect: rect(0, 0, 16, 1), colour: 200, rop: 'copy' } as const
    assert.deepEqual(sink.frames, [{ ops: [fill], damage: [rect(0, 1, 16, 8)] }])
    assert.deepEqual(surface.pixels.subarray(99, 117), Uint8Array.of(1, ...new Array(16).fill(200), 1))
  })
})
