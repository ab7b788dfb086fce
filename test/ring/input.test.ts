/**
 * What these hold: evdev's events become those of the keyboard page as was agreed upon; a full ring loses presses and
 * motion, and never a release; who types waits for room.
 */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { BTN, KEY } from '../../src/input/codes.js'
import { Pointer } from '../../src/input/pointer.js'
import type { KeyboardEvent } from '../../src/ring/keyboard-events.js'
import { keyboardPage } from '../../src/ring/layout.js'
import { type RingScene, ringScene, settled } from '../support/ring-scene.js'

const size = { width: 64, height: 48 }

async function connected(t: TestContext, ...keys: string[]): Promise<RingScene> {
  const scene = await ringScene(t)
  scene.frontend.connect(scene.state, ['feature-update', ...keys.map((key) => `request-${key}`)])
  await settled()
  return scene
}

describe('a pointer', () => {
  const left = { type: 'key', keycode: BTN.LEFT } as const
  const cases: { keys: string[]; expected: KeyboardEvent[] }[] = [
    {
      keys: [],
      expected: [
        { type: 'motion', relX: 63, relY: 10, relZ: 0 },
        { ...left, pressed: true },
        { type: 'motion', relX: -60, relY: 0, relZ: 0 },
        { ...left, pressed: false },
        { type: 'motion', relX: 0, relY: 0, relZ: -1 },
      ],
    },
    {
      keys: ['abs-pointer'],
      expected: [
        { type: 'pos', absX: 63, absY: 10, relZ: 0 },
        { ...left, pressed: true },
        { type: 'pos', absX: 3, absY: 10, relZ: 0 },
        { ...left, pressed: false },
        { type: 'pos', absX: 3, absY: 10, relZ: -1 },
      ],
    },
    {
      keys: ['abs-pointer', 'raw-pointer'],
      expected: [
        { type: 'pos', absX: 0x7fff, absY: Math.round((10 * 0x7fff) / 47), relZ: 0 },
        { ...left, pressed: true },
        { type: 'pos', absX: Math.round((3 * 0x7fff) / 63), absY: Math.round((10 * 0x7fff) / 47), relZ: 0 },
        { ...left, pressed: false },
        { type: 'pos', absX: Math.round((3 * 0x7fff) / 63), absY: Math.round((10 * 0x7fff) / 47), relZ: -1 },
      ],
    },
    { keys: ['disable-pointer'], expected: [] },
  ]
  for (const { keys, expected } of cases) {
    it(`is told with ${keys.join(' and ') || 'nothing agreed upon'}`, async (t) => {
      const { surface, frontend } = await connected(t, ...keys)
      const source = surface.input.open()
      const pointer = new Pointer()
      source.send(pointer.move(1, 63, 10, size))
      source.send(pointer.move(0, 3, 10, size))
      // The wheel's way up.
      source.send(pointer.move(8, 3, 10, size))
      assert.deepEqual(frontend.takeKeyboard(), expected)
    })
  }
})

describe('keys', () => {
  it('repeat, and go up with the last who holds them', async (t) => {
    const { surface, frontend } = await connected(t)
    const source = surface.input.open()
    source.key(KEY.A, true)
    source.key(KEY.A, true)
    source.close()
    assert.deepEqual(
      frontend.takeKeyboard().map((event) => event.type === 'key' && event.pressed),
      [true, true, false],
    )
  })

  it('are not sent where they are not wanted', async (t) => {
    const { surface, frontend } = await connected(t, 'disable-keyboard')
    const source = surface.input.open()
    source.key(KEY.A, true)
    source.key(BTN.LEFT, true)
    assert.deepEqual(frontend.takeKeyboard(), [{ type: 'key', pressed: true, keycode: BTN.LEFT }])
  })
})

describe('fingers', () => {
  it('go down, move and leave', async (t) => {
    const { surface, frontend } = await connected(t, 'multi-touch')
    const source = surface.input.open()
    source.touch([{ id: 7, x: 1, y: 2 }], size)
    source.touch(
      [
        { id: 7, x: 3, y: 4 },
        { id: 9, x: 5, y: 6 },
      ],
      size,
    )
    source.touch([], size)
    const touch = { type: 'mtouch' } as const
    const syn = { ...touch, event: 'syn', contact: 0 }
    assert.deepEqual(frontend.takeKeyboard(), [
      { ...touch, event: 'down', contact: 0, x: 1, y: 2 },
      syn,
      { ...touch, event: 'motion', contact: 0, x: 3, y: 4 },
      { ...touch, event: 'down', contact: 1, x: 5, y: 6 },
      syn,
      { ...touch, event: 'up', contact: 0 },
      { ...touch, event: 'up', contact: 1 },
      syn,
    ])
  })
})

describe('a frontend that does not look', () => {
  it('misses presses and motion, and no release', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { surface, frontend } = await connected(t, 'abs-pointer')
    const source = surface.input.open()
    const pointer = new Pointer()
    const held: number[] = [KEY.A, KEY.B, KEY.C]
    for (const code of held) source.key(code, true)
    for (let i = 0; i < 500; i++) source.send(pointer.move(0, i % 64, 0, size))
    for (let i = 0; i < 500; i++) {
      source.key(KEY.D, true)
      source.key(KEY.D, false)
    }
    source.close()
    const seen: KeyboardEvent[] = []
    for (let i = 0; i < 10; i++) {
      seen.push(...frontend.takeKeyboard())
      t.mock.timers.tick(1000)
    }
    const down = new Set<number>()
    for (const event of seen) {
      if (event.type !== 'key') continue
      if (event.pressed) down.add(event.keycode)
      else down.delete(event.keycode)
    }
    assert.deepEqual([...down], [])
    assert.ok(seen.length >= keyboardPage.in.slots && seen.length < 200, `${seen.length} events`)
    assert.equal(seen.filter((event) => event.type === 'key' && held.includes(event.keycode)).length, 6)
  })

  it('is waited for by who types', async (t) => {
    const { surface, frontend } = await connected(t)
    const source = surface.input.open()
    assert.equal(surface.input.room(), undefined)
    for (let i = 0; i < 30; i++) {
      source.key(KEY.A, true)
      source.key(KEY.A, false)
    }
    const room = surface.input.room()
    assert.ok(room)
    const keepAlive = setInterval(() => {}, 1000)
    t.after(() => clearInterval(keepAlive))
    assert.equal(frontend.takeKeyboard().length, keyboardPage.in.slots)
    await room
    assert.equal(frontend.takeKeyboard().length, 60 - keyboardPage.in.slots)
  })
})
