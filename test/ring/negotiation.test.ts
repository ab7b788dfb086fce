/**
 * What these hold: only what one side offers and the other one asks for is ever sent, whichever of them lacks it; what
 * cannot be told is shown all the same.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rect } from '../../src/geometry/rect.js'
import type { OutEvent } from '../../src/ring/events.js'
import { Frontend } from '../../src/ring/frontend.js'
import { outTypes } from '../../src/ring/layout.js'
import { allFeatures, type Feature, offerable, tellable } from '../../src/ring/negotiation.js'
import { readStore, storeHas } from '../../src/ring/store.js'
import type { Sink } from '../../src/surface/sink.js'
import { RawFrontend } from '../support/raw-frontend.js'
import { type RingScene, ringScene, settled } from '../support/ring-scene.js'

const watcher: Sink = { name: 'watcher', present: () => {} }

/** The types of events that were posted to the backend's out ring, whether or not it has taken them. */
function postedTypes(scene: RingScene): Set<string> {
  const { bytes, layout } = scene.frontend
  const names = new Map<number, string>(Object.entries(outTypes).map(([name, code]) => [code, name]))
  const ring = layout.framebufferOffset + 2048
  const types = Array.from({ length: 51 }, (_, slot) => names.get(bytes[ring + slot * 40]!))
  return new Set(types.filter((type) => type !== undefined))
}

/** A frontend as people use it, on the scene's memory, that does everything that it can. */
async function drawEverything(scene: RingScene): Promise<Frontend> {
  const frontend = new Frontend(scene.frontend.device, scene.frontend.link, { width: 64, height: 48 })
  for (let i = 0; i < 3; i++) await settled()
  frontend.fill(rect(0, 0, 64, 48), 0x111111)
  frontend.copy(rect(0, 0, 20, 20), 5, 5)
  frontend.blit(rect(30, 10, 38, 11), { bits: Uint8Array.of(0x5a), foreground: 0xffffff, background: 0 })
  frontend.update(rect(1, 1, 2, 2))
  frontend.bell()
  frontend.setColours(0, [1, 2, 3])
  frontend.setCursor({ width: 1, height: 1, hotX: 0, hotY: 0, pixels: new Uint8Array(4) })
  frontend.scanout(1).setMode({ width: 8, height: 8, offsetBytes: 1 << 16 })
  for (let i = 0; i < 5; i++) await settled()
  return frontend
}

describe('with a backend that lacks', () => {
  const eventsOf: { readonly [feature in Feature]?: OutEvent['type'] } = {
    update: 'update',
    fill: 'fill',
    copy: 'copy',
    blit: 'blit',
    cursor: 'cursor',
    bell: 'bell',
    scanouts: 'scanout',
    colours: 'colours',
  }
  for (const [feature, event] of Object.entries(eventsOf)) {
    it(`${feature}, a frontend does not send it, and is shown`, async (t) => {
      const features = new Set([...allFeatures].filter((name) => name !== feature))
      const scene = await ringScene(t, { features })
      scene.surface.attach(watcher)
      const frontend = await drawEverything(scene)
      const posted = postedTypes(scene)
      assert.equal(posted.has(event), false)
      assert.ok(posted.size >= 5, [...posted].join(' '))
      assert.deepEqual(picture(scene), scene.frontend.pixels.slice(0, 64 * 48 * 4))
      await frontend.close()
    })
  }
})

describe('with a frontend that lacks', () => {
  for (const name of tellable) {
    it(`feature-${name}, the backend takes none of it`, async (t) => {
      const scene = await ringScene(t)
      scene.surface.attach(watcher)
      const keys = tellable.filter((other) => other !== name).map((other) => `feature-${other}`)
      scene.frontend.connect(scene.state, keys)
      await settled()
      assert.deepEqual(
        [...scene.backend.agreed!].sort(),
        [...tellable.filter((other) => other !== name), 'resize'].sort(),
      )
      scene.surface.harvest()
      scene.frontend.pixels.fill(3, 0, 64 * 48 * 4)
      if (name === 'update') assert.equal(scene.surface.harvest(), true, 'compared')
      const op = { type: 'fill', scanout: 0, rect: rect(0, 0, 64, 48), rop: 'copy', colour: 3 } as const
      scene.frontend.post(op)
      await settled()
      assert.equal(scene.surface.harvest(), name !== 'fill' && name !== 'update')
    })
  }

  it('everything, the backend sends nothing but the refresh period, and compares', async (t) => {
    const scene = await ringScene(t)
    scene.surface.attach(watcher)
    scene.frontend.connect(scene.state, [])
    await settled()
    scene.surface.harvest()
    scene.frontend.pixels[77] = 1
    assert.equal(scene.surface.harvest(), true)
    const answer = scene.surface.requestMode({ width: 10, height: 10 })
    assert.deepEqual(await answer, { outcome: 'refused' })
    const types = scene.frontend.takeRequests().map(({ type }) => type)
    assert.deepEqual(types, ['refreshPeriod'])
    scene.surface.input.send([
      { type: 3, code: 0, value: 5 },
      { type: 1, code: 30, value: 1 },
    ])
    assert.deepEqual(
      scene.frontend.takeKeyboard().map(({ type }) => type),
      ['motion', 'key'],
    )
  })
})

describe('the backend says', () => {
  for (const name of [...tellable, ...offerable]) {
    it(`whether it knows of ${name}`, async (t) => {
      const side = (tellable as readonly string[]).includes(name) ? 'request' : 'feature'
      for (const knows of [true, false]) {
        const features = new Set([...allFeatures].filter((other) => knows || other !== name))
        const { frontend } = await ringScene(t, { features })
        assert.ok(frontend instanceof RawFrontend)
        assert.equal(storeHas(readStore(frontend.memory, 'backend')!, `${side}-${name}`), knows)
      }
    })
  }
})

function picture({ surface }: RingScene): Uint8Array {
  return surface.snapshot().pixels.slice(0, 64 * 48 * 4)
}
