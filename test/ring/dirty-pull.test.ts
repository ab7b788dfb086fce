/**
 * What these hold: who tracks itself is asked while there is something, one request at a time, and not without end; a bit
 * is taken before the pixels are read; who does not answer is taken to have dirtied everything.
 */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { binding } from '../../src/native/load.js'
import { silenceMs } from '../../src/ring/dirty-pull.js'
import type { Sink } from '../../src/surface/sink.js'
import { allKeys } from '../support/raw-frontend.js'
import { type RingScene, ringScene, settled } from '../support/ring-scene.js'

const watcher: Sink = { name: 'watcher', present: () => {} }
const pictureBytes = 64 * 48 * 4

async function tracking(t: TestContext): Promise<RingScene> {
  const scene = await ringScene(t)
  scene.surface.attach(watcher)
  scene.frontend.connect(scene.state, allKeys)
  await settled()
  scene.surface.harvest()
  return scene
}

function asked({ frontend }: RingScene): number[] {
  return frontend.takeRequests().flatMap((request) => (request.type === 'dirty' ? [request.serial] : []))
}

async function answer({ frontend, surface }: RingScene, serial: number): Promise<void> {
  frontend.post({ type: 'dirty', serial })
  await settled()
  surface.harvest()
}

describe('a guest that tracks itself', () => {
  it('is asked one request at a time, as long as there is something', async (t) => {
    const scene = await tracking(t)
    const { surface, frontend } = scene
    const [first = 0, ...more] = asked(scene)
    assert.ok(first > 0)
    assert.deepEqual(more, [])
    surface.harvest()
    assert.deepEqual(asked(scene), [], 'one is under way')

    frontend.pixels[5000] = 1
    frontend.setBits(1, 1)
    await answer(scene, first)
    assert.equal(surface.snapshot().pixels[5000], 1)
    const [second = 0] = asked(scene)
    assert.ok(second > first)

    await answer(scene, second)
    surface.harvest()
    assert.deepEqual(asked(scene), [], 'it had nothing more')
    frontend.setBits(0, 1)
    frontend.post({ type: 'dirty', serial: 0 })
    await settled()
    surface.harvest()
    assert.equal(asked(scene).length, 1, 'it says that it stores again')
  })

  it('is taken for dirty all over when it says nothing', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const scene = await tracking(t)
    scene.frontend.pixels[5000] = 1
    t.mock.timers.tick(silenceMs - 1)
    assert.equal(scene.surface.harvest(), false)
    t.mock.timers.tick(1)
    assert.equal(scene.surface.harvest(), true)
    assert.equal(asked(scene).length, 2, 'and asked again')
  })

  it('loses no store, whatever comes between the taking of bits and the reading of pixels', async (t) => {
    const scene = await tracking(t)
    const { surface, frontend } = scene
    // As if its process ran just then: a store, and its bit, between what the backend does.
    let value = 0
    const store = () => {
      frontend.pixels[4096] = ++value
      frontend.setBits(1, 1)
    }
    for (const name of ['takeBitmap', 'refine'] as const) {
      const plain = binding[name] as (...args: unknown[]) => number
      t.mock.method(binding, name, (...args: unknown[]) => {
        if (value % 2 === 0) store()
        const result = plain.apply(binding, args)
        if (value % 3 === 0) store()
        return result
      })
    }
    for (let round = 0; round < 20; round++) {
      value++
      surface.harvest()
    }
    t.mock.restoreAll()
    // One more frame is enough.
    let shadow: Uint8Array = new Uint8Array()
    const attachment = surface.attach({
      name: 'last',
      present: ({ pixels }) => {
        shadow = pixels
      },
    })
    surface.harvest()
    attachment.close()
    store()
    surface.harvest()
    const shown = Buffer.from(shadow.subarray(0, pictureBytes))
    assert.equal(shown.compare(frontend.pixels.subarray(0, pictureBytes)), 0)
  })
})
