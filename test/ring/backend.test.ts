/**
 * What these hold: a frontend that connects is shown; what it tells reaches sinks as ops or as damage; what it cannot tell,
 * or tells wrongly, is compared; modes, colours, cursors and bells arrive whether or not somebody watches.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PictureOpName } from '../../src/damage/picture-op.js'
import { rect } from '../../src/geometry/rect.js'
import { stateConnected, stateWaiting } from '../../src/ring/layout.js'
import { writeScanout } from '../../src/ring/scanout-table.js'
import { createMode } from '../../src/surface/mode.js'
import type { Frame, Sink } from '../../src/surface/sink.js'
import { allKeys } from '../support/raw-frontend.js'
import { ringScene, settled } from '../support/ring-scene.js'

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

const rowBytes = 64 * 4

describe('a backend', () => {
  it('shows all of a frontend that connects', async (t) => {
    const { surface, frontend, backend, state } = await ringScene(t)
    assert.equal(frontend.backendState(), stateWaiting)
    surface.harvest()
    frontend.pixels.fill(7, 0, 48 * rowBytes)
    frontend.connect(state)
    await settled()
    assert.equal(frontend.backendState(), stateConnected)
    assert.ok(backend.agreed?.has('copy'))
    assert.equal(surface.harvest(), true)
    assert.equal(surface.snapshot().pixels[5], 7)
  })

  it('passes copies and fills on, and finds what else was drawn', async (t) => {
    const { surface, frontend, state } = await ringScene(t)
    const sinks = [new CountingSink('copy', 'fill'), new CountingSink('copy'), new CountingSink()]
    for (const sink of sinks) surface.attach(sink)
    const { pixels } = frontend
    for (let y = 0; y < 48; y++) pixels.fill(y + 1, y * rowBytes, (y + 1) * rowBytes)
    frontend.connect(state)
    await settled()
    surface.harvest()
    for (const sink of sinks) sink.frames.length = 0

    // A console scrolls by 8 lines, clears those, and draws a glyph there.
    pixels.copyWithin(0, 8 * rowBytes, 48 * rowBytes)
    pixels.fill(9, 40 * rowBytes, 48 * rowBytes)
    pixels.fill(200, 41 * rowBytes + 8, 41 * rowBytes + 16)
    frontend.post(
      { type: 'copy', scanout: 0, rect: rect(0, 0, 64, 40), fromX: 0, fromY: 8 },
      { type: 'fill', scanout: 0, rect: rect(0, 40, 64, 48), rop: 'copy', colour: 0x09090909 },
      {
        type: 'blit',
        scanout: 0,
        kind: 'glyph',
        rect: rect(0, 41, 8, 42),
        heapOffset: 0,
        strideBytes: 1,
        foreground: 1,
        background: 2,
      },
    )
    await settled()
    assert.equal(surface.harvest(), true)
    const copy = { op: 'copy', rect: rect(0, 0, 64, 40), fromX: 0, fromY: 8 }
    const fill = { op: 'fill', rect: rect(0, 40, 64, 48), colour: 0x09090909, rop: 'copy' }
    assert.deepEqual(
      sinks.map(({ frames }) => frames),
      [
        [{ ops: [copy, fill], damage: [rect(2, 41, 4, 42)] }],
        [{ ops: [copy], damage: [rect(0, 40, 64, 48)] }],
        [{ ops: [], damage: [rect(0, 0, 64, 48)] }],
      ],
    )
    assert.deepEqual(shown(surface), pixels.slice(0, 48 * rowBytes))
  })

  it('scrolls as often as it is told by one copy', async (t) => {
    const { surface, frontend, state } = await ringScene(t)
    const sink = new CountingSink('copy')
    surface.attach(sink)
    const { pixels } = frontend
    for (let y = 0; y < 48; y++) pixels.fill(y + 1, y * rowBytes, (y + 1) * rowBytes)
    frontend.connect(state)
    await settled()
    surface.harvest()
    sink.frames.length = 0
    for (let line = 0; line < 3; line++) {
      pixels.copyWithin(0, 4 * rowBytes, 48 * rowBytes)
      pixels.fill(100 + line, 44 * rowBytes, 48 * rowBytes)
      frontend.post(
        { type: 'copy', scanout: 0, rect: rect(0, 0, 64, 44), fromX: 0, fromY: 4 },
        { type: 'update', scanout: 0, rect: rect(0, 44, 64, 48) },
      )
    }
    await settled()
    surface.harvest()
    assert.deepEqual(sink.frames, [
      { ops: [{ op: 'copy', rect: rect(0, 0, 64, 36), fromX: 0, fromY: 12 }], damage: [rect(0, 36, 64, 48)] },
    ])
  })

  it('compares at every frame who does not tell', async (t) => {
    const { surface, frontend, state } = await ringScene(t)
    surface.attach(new CountingSink())
    frontend.connect(
      state,
      allKeys.filter((key) => key !== 'feature-update'),
    )
    await settled()
    surface.harvest()
    frontend.pixels[1234] = 5
    assert.equal(surface.harvest(), true)
    assert.deepEqual(shown(surface), frontend.pixels.slice(0, 48 * rowBytes))
    assert.equal(surface.stats.tracking.compared, 1)
    frontend.connect(state)
    await settled()
    surface.harvest()
    frontend.pixels[1234] = 6
    assert.equal(surface.harvest(), false, 'who tells is not looked at')
  })

  it('compares all where events were lost, or a ring lies', async (t) => {
    const { surface, frontend, state } = await ringScene(t)
    surface.attach(new CountingSink('copy'))
    frontend.connect(state)
    await settled()
    surface.harvest()
    frontend.pixels[1000] = 1
    frontend.setAllDirty()
    assert.equal(surface.harvest(), true)
    frontend.pixels[1000] = 2
    const prod = frontend.layout.framebufferOffset + 12
    new DataView(frontend.bytes.buffer).setUint32(prod, 12345, true)
    frontend.link.ring()
    await settled()
    assert.equal(surface.harvest(), true)
    assert.deepEqual(shown(surface), frontend.pixels.slice(0, 48 * rowBytes))
  })

  it('asks for news only while somebody watches, and compares for who looks once', async (t) => {
    const { surface, frontend, state } = await ringScene(t)
    frontend.connect(state)
    await settled()
    assert.deepEqual(frontend.takeRequests(), [{ type: 'refreshPeriod', ms: 0 }])
    frontend.pixels[99] = 3
    assert.equal(surface.snapshot().pixels[99], 3)
    const attachment = surface.attach(new CountingSink())
    assert.deepEqual(frontend.takeRequests(), [{ type: 'refreshPeriod', ms: 17 }])
    attachment.close()
    assert.deepEqual(frontend.takeRequests(), [{ type: 'refreshPeriod', ms: 0 }])
  })

  it('follows modes and colours though nobody watches', async (t) => {
    const { surface, frontend, state } = await ringScene(t)
    frontend.connect(state)
    await settled()
    const mode = createMode({ width: 100, height: 50, format: 'c8', strideBytes: 128, offsetBytes: 4096 })
    writeScanout(frontend.memory, 0, { ...state, mode })
    frontend.post({ type: 'scanout', scanout: 0 })
    new DataView(frontend.bytes.buffer).setUint32(frontend.layout.coloursOffset + 4, 0x112233, true)
    frontend.post({ type: 'colours', scanout: 0 })
    await settled()
    const { width, height, format, strideBytes, offsetBytes } = surface.mode
    assert.deepEqual([width, height, format.name, strideBytes], [100, 50, 'c8', 128])
    assert.equal(offsetBytes, frontend.layout.pixelsOffset + 4096)
    assert.deepEqual([...surface.palette.subarray(3, 6)], [0x11, 0x22, 0x33])
  })

  it('hands on cursors and bells', async (t) => {
    const { surface, frontend, state } = await ringScene(t)
    frontend.connect(state)
    await settled()
    const heard: unknown[] = []
    surface.attach({
      name: 'pointed',
      present: () => {},
      bell: () => heard.push('bell'),
      cursorChanged: () => heard.push([surface.cursor?.width, surface.pointer]),
    })
    frontend.bytes.fill(7, frontend.layout.heapOffset + 64, frontend.layout.heapOffset + 72)
    const place = { type: 'cursor', scanout: 0, x: 3, y: 4, hotX: 1, hotY: 0 } as const
    frontend.post(
      { type: 'bell', scanout: 0 },
      { ...place, kind: 'shape', width: 2, height: 1, heapOffset: 64 },
      { ...place, kind: 'shape', width: 2, height: 1, heapOffset: frontend.layout.heapBytes - 7 },
      { ...place, kind: 'moved', width: 0, height: 0, heapOffset: 0 },
      { ...place, kind: 'hidden', width: 0, height: 0, heapOffset: 0 },
    )
    await settled()
    const at = { x: 3, y: 4 }
    assert.deepEqual(heard, ['bell', [2, undefined], [2, at], [2, at], [0, at]])
  })
})

function shown(surface: { snapshot(): Pick<Frame, 'pixels'> }): Uint8Array {
  return surface.snapshot().pixels.slice(0, 48 * rowBytes)
}
