/**
 * What these hold: whatever a frontend writes into device memory, and whenever, the backend neither throws nor stops, its
 * surfaces lie inside of the memory, and what it shows is what is there. What it keeps is bounded.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import type { RingConsumer } from '../../src/native/binding.js'
import {
  eventBytes,
  formatCodes,
  framebufferPage,
  info,
  outTypes,
  paletteColours,
  peer,
  scanout,
} from '../../src/ring/layout.js'
import { maxEventsInWindow, OutRing } from '../../src/ring/out-ring.js'
import { modeBytes } from '../../src/surface/mode.js'
import type { Sink } from '../../src/surface/sink.js'
import { type RingScene, ringScene, settled } from '../support/ring-scene.js'

const u32 = fc.oneof(
  fc.nat(80),
  fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 - 52, 1 << 20, 1 << 16),
  fc.nat(2 ** 32 - 1),
)
const types = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...Object.values(outTypes)) },
  { weight: 1, arbitrary: fc.nat(255) },
)

/** A slot: a type that is known more often than not, and numbers at the edges of what fits. */
const slot: fc.Arbitrary<Uint8Array> = fc
  .tuple(types, fc.nat(4), fc.nat(255), fc.array(u32, { minLength: 9, maxLength: 9 }))
  .map(([type, index, byte, words]) => {
    const raw = new Uint8Array(eventBytes)
    const view = new DataView(raw.buffer)
    raw.set([type, index, byte, 0])
    for (const [i, word] of words.entries()) view.setUint32(4 + 4 * i, word, true)
    return raw
  })

/** Near to something that can be shown, so that some of it is. */
const entry = fc
  .record({
    enabled: fc.constantFrom(1, 1, 1, 0, 7),
    width: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 100 }) }, u32),
    height: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 100 }) }, u32),
    strideBytes: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(400, 800, 401) }, u32),
    offsetBytes: fc.oneof({ weight: 3, arbitrary: fc.bigInt(0n, 2n ** 20n) }, fc.bigInt(0n, 2n ** 64n - 1n)),
    format: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...Object.values(formatCodes)) }, u32),
    blank: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, u32),
    x: fc.constantFrom(0, 5, -(2 ** 31), 2 ** 31 - 1),
    y: fc.constantFrom(0, 5, -(2 ** 31), 2 ** 31 - 1),
  })
  .map((values) => scanout.encode({ ...values, reserved: new Uint8Array() }))

type Step =
  | { what: 'post'; slots: Uint8Array[] }
  | { what: 'entry'; index: number; raw: Uint8Array }
  | { what: 'words'; words: number[] }
  | { what: 'indices'; page: 'framebufferOffset' | 'keyboardOffset'; at: number; value: number }
  | { what: 'store'; text: string }
  | { what: 'colours'; value: number }
  | { what: 'draw' | 'ring' | 'look' | 'watch' | 'leave' | 'type' }

const is = <T extends string>(...what: T[]) => fc.constantFrom(...what)
const keys = fc.subarray(
  ['feature-update', 'feature-copy', 'feature-scanouts', 'feature-dirty', 'feature-cursor', 'request-mode'],
  { minLength: 0 },
)
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ what: is('post'), slots: fc.array(slot, { minLength: 1, maxLength: 60 }) }),
  },
  { weight: 3, arbitrary: fc.record({ what: is('entry'), index: fc.nat(3), raw: entry }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: is('words'), words: fc.array(u32, { minLength: 5, maxLength: 5 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: is('indices'),
      page: is('framebufferOffset', 'keyboardOffset'),
      at: fc.constantFrom(0, 4, 8, 12),
      value: u32,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: is('store'),
      text: fc.oneof(
        fc.string({ maxLength: 2000 }),
        keys.map((list) => `${list.map((key) => `${key}=1\n`).join('')}\0`),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: is('colours'), value: u32 }) },
  { weight: 9, arbitrary: fc.record({ what: is('draw', 'ring', 'look', 'look', 'watch', 'leave', 'type') }) },
)

/** Shows nothing, and takes everything. */
const sink: Sink = { name: 'sink', takesOps: ['copy', 'fill'], present: () => {} }

class Hostility {
  readonly #scene: RingScene
  readonly #attached: { close(): void }[] = []
  #value = 0

  constructor(scene: RingScene) {
    this.#scene = scene
  }

  async do(step: Step): Promise<void> {
    const { surface, frontend } = this.#scene
    const { bytes, layout } = frontend
    const view = new DataView(bytes.buffer)
    switch (step.what) {
      case 'post':
        frontend.postRaw(Uint8Array.from(step.slots.flatMap((each) => [...each])))
        break
      case 'entry':
        bytes.set(step.raw, info.offsets.scanouts + step.index * scanout.size)
        frontend.setAllDirty()
        break
      case 'words':
        for (const [i, word] of step.words.entries())
          view.setUint32(info.offsets.frontend + 4 * i, word, true)
        break
      case 'indices':
        view.setUint32(layout[step.page] + step.at, step.value, true)
        break
      case 'store':
        bytes.set(Buffer.from(step.text).subarray(0, 1536), info.offsets.frontendStore)
        view.setUint32(info.offsets.frontend + peer.offsets.storeSerial, 2 * ++this.#value, true)
        view.setUint32(info.offsets.frontend + peer.offsets.state, 4, true)
        frontend.link.ring()
        break
      case 'colours':
        for (let i = 0; i < paletteColours; i++) {
          view.setUint32(layout.coloursOffset + 4 * i, step.value, true)
        }
        break
      case 'draw':
        frontend.pixels.fill(++this.#value, 0, 1 << 20)
        break
      case 'ring':
        frontend.link.ring()
        break
      case 'look':
        surface.harvest()
        break
      case 'watch':
        if (this.#attached.length < 3) this.#attached.push(surface.attach(sink))
        break
      case 'leave':
        this.#attached.pop()?.close()
        break
      case 'type':
        surface.input.send([{ type: 1, code: 30, value: 1 }])
        surface.input.send([{ type: 1, code: 30, value: 0 }])
    }
    await settled()
    await setImmediate()
    const { offsetBytes } = surface.mode
    assert.ok(offsetBytes >= layout.pixelsOffset)
    assert.ok(offsetBytes + modeBytes(surface.mode) <= layout.pixelsOffset + layout.pixelsBytes)
  }
}

describe('a hostile frontend', () => {
  it('harms nothing but its own picture', async (t) => {
    let shown = 0
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 10, maxLength: 60, size: 'max' }), async (list) => {
        const scene = await ringScene(t)
        const { surface, frontend, backend } = scene
        frontend.connect(scene.state)
        const hostility = new Hostility(scene)
        for (const step of list) await hostility.do(step)
        if (surface.mode.width !== 64) shown++
        // It is as it should be again, and so is its picture.
        frontend.bytes.fill(0, info.offsets.frontend, info.offsets.frontend + peer.size)
        for (const page of [frontend.layout.framebufferOffset, frontend.layout.keyboardOffset]) {
          frontend.bytes.fill(0, page, page + framebufferPage.in.events)
        }
        frontend.own.store('generation', 12345)
        frontend.connect(scene.state)
        await settled()
        const { pixels } = surface.snapshot()
        const bytes = modeBytes(surface.mode)
        assert.equal(surface.mode.width, 64)
        assert.equal(Buffer.compare(pixels.subarray(0, bytes), frontend.pixels.subarray(0, bytes)), 0)
        backend.close()
        await surface.close()
      }),
      { numRuns: 60 },
    )
    t.diagnostic(`${shown} of 60 ended in a mode of the frontend's own`)
    assert.ok(shown > 0)
  })

  it('is handled a bounded number of events at a time, however many it posts', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    // As fast as another processor: the ring is full again as soon as something was taken.
    const endless: RingConsumer = {
      take: (events) => {
        for (let i = 0; i < events.length; i += eventBytes) events[i] = outTypes.bell
        return events.length / eventBytes
      },
      release: () => true,
      skip: () => true,
    }
    let bells = 0
    const ring = new OutRing(endless, { event: () => bells++, lost: assert.fail, more: () => ring.drain() })
    ring.drain()
    const most = maxEventsInWindow + framebufferPage.out.slots
    assert.ok(bells >= maxEventsInWindow && bells <= most, `${bells} events`)
    ring.drain()
    assert.ok(bells <= 2 * most)
    ring.close()
  })
})
