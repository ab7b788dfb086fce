import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ABS, BTN, EV, KEY, LED, REL } from '../../src/input/codes.js'
import { Typist } from '../../src/input/typist.js'
import { guestSurface, runGuest } from '../support/test-guest.js'

/** What event devices answer: the expectations are in native/client/test/input.c, which says "failed" of each. */

const event = (type: number, code: number, value: number) => `event ${type} ${code} ${value}`
const syn = event(EV.SYN, 0, 0)
const keyA = (value: number) => [event(EV.KEY, KEY.A, value), syn]

test('event devices are as Linux has them', async () => {
  await using surface = await guestSurface()
  const viewer = surface.input.open()
  let presses = 0
  const { exit, said } = await runGuest('input', {
    surface,
    onSync: (name) => {
      if (name === 'hold') {
        viewer.key(KEY.A, true)
        viewer.send([
          { type: EV.ABS, code: ABS.X, value: 10 },
          { type: EV.ABS, code: ABS.Y, value: 20 },
          { type: EV.KEY, code: BTN.LEFT, value: 1 },
        ])
        viewer.touch([{ id: 1, x: 5, y: 6 }], surface.mode)
      } else if (name === 'move') {
        viewer.send([
          { type: EV.REL, code: REL.X, value: -3 },
          { type: EV.REL, code: REL.Y, value: 4 },
        ])
      } else if (name === 'key') {
        presses++
        viewer.key(KEY.A, true)
      } else {
        for (let i = 0; i < 2000; i++) viewer.key(KEY.A, i % 2 === 0)
        viewer.key(KEY.Z, true)
      }
    },
  })
  assert.equal(exit.status, 0)
  const touch = [
    event(EV.ABS, ABS.MT_SLOT, 0),
    event(EV.ABS, ABS.MT_TRACKING_ID, 0),
    event(EV.ABS, ABS.MT_POSITION_X, 5),
    event(EV.ABS, ABS.MT_POSITION_Y, 6),
    event(EV.KEY, BTN.TOUCH, 1),
    event(EV.ABS, ABS.X, 5),
    event(EV.ABS, ABS.Y, 6),
    syn,
  ]
  const pointer = [event(EV.ABS, ABS.X, 10), event(EV.ABS, ABS.Y, 20), event(EV.KEY, BTN.LEFT, 1), syn]
  const mouse = [event(EV.REL, REL.X, -3), event(EV.REL, REL.Y, 4), syn]
  const led = [event(EV.LED, LED.CAPSL, 1), syn]
  assert.deepEqual(said, [...keyA(1), ...pointer, ...touch, ...mouse, ...keyA(2), ...keyA(2), ...led, syn])
  assert.equal(presses, 5)
})

test('an event device that was inherited over exec is one', async () => {
  await using surface = await guestSurface()
  const { exit, said } = await runGuest('input-exec', {
    surface,
    onSync: () => surface.input.open().key(KEY.A, true),
  })
  assert.equal(exit.status, 0)
  assert.deepEqual(said, keyA(1))
})

test('a slow reader loses nothing of what is typed', async () => {
  await using surface = await guestSurface()
  const text = 'abcdefghij'.repeat(200)
  let typed: Promise<void> | undefined
  const { said } = await runGuest('input-slow', {
    surface,
    onSync: async () => {
      let done = false
      typed = new Typist(surface.input).type(`${text}{esc}`, { intervalMs: 0 }).finally(() => {
        done = true
      })
      while (!done && !surface.input.room()) await nextTurn()
    },
  })
  await typed
  assert.deepEqual(said, [`pressed ${text.length}`])
})
