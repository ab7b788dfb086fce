/** What these hold: a pan shows another part of memory, costs one comparison and what differs, and is no new mode. */
import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { InvalidArgumentError } from '../../src/errors.js'
import { rect } from '../../src/geometry/rect.js'
import { createMode } from '../../src/surface/mode.js'
import { panAsCopy } from '../../src/surface/pan.js'
import type { Frame, Sink } from '../../src/surface/sink.js'
import { Surface } from '../../src/surface/surface.js'

const width = 64
const height = 48
const strideBytes = width * 4
const screenBytes = strideBytes * height
const all = rect(0, 0, width, height)

/** Shows at once, and remembers what. */
class Frames implements Sink {
  readonly name = 'frames'
  readonly takesOps: Sink['takesOps']
  readonly shown: Pick<Frame, 'ops' | 'damage'>[] = []
  modes = 0

  constructor(takesOps: Sink['takesOps'] = []) {
    this.takesOps = takesOps
  }

  present({ ops, damage }: Frame): void {
    this.shown.push({ ops, damage })
  }

  modeChanged(): void {
    this.modes++
  }
}

async function twoScreens(frames: Sink): Promise<Surface> {
  const surface = await Surface.create({ width, height, capacityBytes: 3 * screenBytes, fps: 1 })
  surface.attach(frames)
  surface.harvest()
  return surface
}

describe('a flip between two buffers', () => {
  it('of the same content shows nothing', async () => {
    const frames = new Frames()
    await using surface = await twoScreens(frames)
    surface.pixels.fill(7, 0, 2 * screenBytes)
    surface.harvest()
    frames.shown.length = 0
    for (const offset of [screenBytes, 0, screenBytes]) {
      surface.pan(offset)
      assert.equal(surface.harvest(), false)
    }
    assert.deepEqual(frames.shown, [])
    assert.equal(frames.modes, 0)
  })

  it('shows what differs, and no more, in one frame', async () => {
    const frames = new Frames()
    await using surface = await twoScreens(frames)
    surface.pixels.fill(7, 0, 2 * screenBytes)
    surface.harvest()
    surface.pixels[screenBytes + 5 * strideBytes + 4 * 10] = 8
    assert.equal(surface.harvest(), false, 'it is not shown yet')
    frames.shown.length = 0
    surface.pan(screenBytes)
    assert.equal(surface.mode.offsetBytes, screenBytes)
    assert.equal(surface.harvest(), true)
    assert.deepEqual(frames.shown, [{ ops: [], damage: [rect(10, 5, 11, 6)] }])
    assert.equal(surface.snapshot().pixels[5 * strideBytes + 40], 8)
  })

  it('to and fro within a frame is no flip', async () => {
    const frames = new Frames()
    await using surface = await twoScreens(frames)
    surface.pixels.fill(9, screenBytes, 2 * screenBytes)
    frames.shown.length = 0
    surface.pan(screenBytes)
    surface.pan(0)
    assert.equal(surface.harvest(), false)
    assert.deepEqual(frames.shown, [])
  })

  it('compares each page once', async () => {
    const frames = new Frames()
    await using surface = await twoScreens(frames)
    const before = surface.stats.pages
    surface.pan(screenBytes)
    surface.harvest()
    assert.equal(surface.stats.pages - before, screenBytes / 4096)
    surface.harvest()
    assert.equal(surface.stats.pages - before, screenBytes / 4096, 'and not again')
  })

  it('is told to who asks, as a pan', async () => {
    await using surface = await twoScreens(new Frames())
    const told: number[] = []
    surface.on('pan', ({ offsetBytes }) => told.push(offsetBytes))
    surface.on('mode', () => assert.fail('no mode is new'))
    surface.pan(screenBytes)
    surface.pan(screenBytes)
    surface.setMode({ width, height, offsetBytes: 4096 })
    assert.deepEqual(told, [screenBytes, 4096])
  })

  it('leaves ops that come after it right', async () => {
    const frames = new Frames(['copy', 'fill'])
    await using surface = await twoScreens(frames)
    surface.pixels.fill(1, screenBytes, 2 * screenBytes)
    surface.pan(screenBytes)
    surface.draw({ op: 'fill', rect: rect(0, 0, 8, 8), colour: 0x05050505 })
    surface.pan(0)
    surface.draw({ op: 'fill', rect: rect(8, 8, 9, 9), colour: 0x06060606 })
    const { pixels } = surface.snapshot()
    assert.deepEqual(pixels.subarray(0, screenBytes), surface.pixels.subarray(0, screenBytes))
    surface.pan(screenBytes)
    assert.deepEqual(
      surface.snapshot().pixels.subarray(0, screenBytes),
      surface.pixels.subarray(screenBytes, 2 * screenBytes),
    )
  })

  it('beyond device memory is refused, and changes nothing', async () => {
    await using surface = await twoScreens(new Frames())
    for (const offset of [-4, 2 * screenBytes + 1, 2 ** 31, 0.5]) {
      assert.throws(() => surface.pan(offset), InvalidArgumentError)
    }
    assert.equal(surface.mode.offsetBytes, 0)
  })
})

describe('a pan by some rows', () => {
  it('is a copy for sinks that can, and the rows that came into view', async () => {
    const frames = new Frames(['copy'])
    await using surface = await twoScreens(frames)
    for (let i = 0; i < 2 * screenBytes; i++) surface.pixels[i] = (i * 31) >> 8
    surface.harvest()
    frames.shown.length = 0
    surface.pan(3 * strideBytes)
    surface.harvest()
    assert.deepEqual(frames.shown, [
      {
        ops: [{ op: 'copy', rect: rect(0, 0, width, height - 3), fromX: 0, fromY: 3 }],
        damage: [rect(0, height - 3, width, height)],
      },
    ])
  })

  const mode = (offsetBytes: number) => createMode({ width, height, strideBytes: 512, offsetBytes })
  for (const [what, from, to, expected] of [
    ['down', 0, 512 * 2, { rect: rect(0, 0, width, height - 2), fromX: 0, fromY: 2 }],
    ['up', 512 * 2, 0, { rect: rect(0, 2, width, height), fromX: 0, fromY: 0 }],
    ['to the right', 0, 4 * 5, { rect: rect(0, 0, width - 5, height), fromX: 5, fromY: 0 }],
    ['up and to the right', 512, 8, { rect: rect(0, 1, width - 2, height), fromX: 2, fromY: 0 }],
  ] as const) {
    test(`${what}`, () => assert.deepEqual(panAsCopy(mode(to), from), { op: 'copy', ...expected }))
  }

  for (const [what, from, to] of [
    ['by all rows', 0, 512 * height],
    ['by half a pixel', 0, 2],
    ['by all columns', 0, 4 * width],
  ] as const) {
    test(`${what} is none`, () => assert.equal(panAsCopy(mode(to), from), undefined))
  }
})

test('a mode that is set again is not a new one', async () => {
  const frames = new Frames()
  await using surface = await twoScreens(frames)
  frames.shown.length = 0
  surface.setMode({ width, height })
  surface.harvest()
  assert.deepEqual([frames.modes, frames.shown], [0, []])
  surface.setMode({ width, height, format: 'xbgr8888' })
  surface.harvest()
  assert.deepEqual([frames.modes, frames.shown.at(-1)!.damage], [1, [all]])
})
