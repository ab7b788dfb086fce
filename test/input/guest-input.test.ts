import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import fc from 'fast-check'
import { InvalidArgumentError } from '../../src/errors.js'
import { ABS, BTN, EV, KEY } from '../../src/input/codes.js'
import { type InputEvent, synReport } from '../../src/input/event.js'
import { GuestInput } from '../../src/input/guest-input.js'
import { touchSlots } from '../../src/input/input-state.js'

const key = (code: number, value: number) => ({ type: EV.KEY, code, value })
const abs = (code: number, value: number) => ({ type: EV.ABS, code, value })
const size = { width: 100, height: 50 }

/** A guest, and what it was sent since it was asked last. */
function guestWithLog() {
  const guest = new GuestInput()
  const log: InputEvent[] = []
  guest.attach({ input: (events) => log.push(...events) })
  return { guest, sent: () => log.splice(0) }
}

describe('keys', () => {
  it('are pressed, repeated and released', () => {
    const { guest, sent } = guestWithLog()
    const viewer = guest.open()
    for (const down of [true, true, false, false]) viewer.key(KEY.A, down)
    assert.deepEqual(sent(), [key(KEY.A, 1), synReport, key(KEY.A, 2), synReport, key(KEY.A, 0), synReport])
  })

  it('that two hold go up when the last lets go', () => {
    const { guest, sent } = guestWithLog()
    const [one, other] = [guest.open(), guest.open()]
    one.key(KEY.A, true)
    other.key(KEY.A, true)
    assert.deepEqual(sent(), [key(KEY.A, 1), synReport, key(KEY.A, 2), synReport])
    one.key(KEY.A, false)
    assert.deepEqual(sent(), [])
    assert.ok(guest.state.isDown(KEY.A))
    other.close()
    assert.deepEqual(sent(), [key(KEY.A, 0), synReport])
  })

  it('cannot be let go by who does not hold them', () => {
    const { guest, sent } = guestWithLog()
    guest.open().key(KEY.A, true)
    sent()
    const other = guest.open()
    other.key(KEY.A, false)
    other.close()
    assert.deepEqual(sent(), [])
  })

  it('that are buttons do not repeat', () => {
    const { guest, sent } = guestWithLog()
    const [one, other] = [guest.open(), guest.open()]
    for (const source of [one, one, other]) source.key(BTN.LEFT, true)
    one.close()
    assert.deepEqual(sent(), [key(BTN.LEFT, 1), synReport])
    other.close()
    assert.deepEqual(sent(), [key(BTN.LEFT, 0), synReport])
  })

  it('beyond those of evdev are refused', () => {
    for (const code of [0, -1, 0x300, 1.5, Number.NaN]) {
      assert.throws(() => new GuestInput().open().key(code, true), InvalidArgumentError)
    }
  })

  it('are all up when everybody has left, whatever was done before', () => {
    const step = fc.record({ who: fc.nat(2), code: fc.integer({ min: 1, max: 6 }), down: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { guest, sent } = guestWithLog()
        const sources = [guest.open(), guest.open(), guest.open()]
        for (const { who, code, down } of steps) sources[who]!.key(code, down)
        const down = new Set<number>()
        for (const { type, code, value } of sent()) {
          if (type !== EV.KEY) continue
          assert.equal(down.has(code), value !== 1, 'only a key that is up can be pressed')
          if (value === 0) down.delete(code)
          else down.add(code)
        }
        for (const source of sources) source.close()
        assert.deepEqual(
          new Set(
            sent()
              .filter(({ type }) => type === EV.KEY)
              .map(({ code }) => code),
          ),
          down,
        )
        assert.ok(guest.state.keys.every((byte) => byte === 0))
      }),
    )
  })
})

describe('touches', () => {
  it('have a slot each, and tell when the first comes and the last goes', () => {
    const { guest, sent } = guestWithLog()
    const viewer = guest.open()
    viewer.touch([{ id: 7, x: 10, y: 20 }], size)
    assert.deepEqual(sent(), [
      abs(ABS.MT_SLOT, 0),
      abs(ABS.MT_TRACKING_ID, 0),
      abs(ABS.MT_POSITION_X, 10),
      abs(ABS.MT_POSITION_Y, 20),
      key(BTN.TOUCH, 1),
      synReport,
    ])
    viewer.touch(
      [
        { id: 9, x: 500, y: -3 },
        { id: 7, x: 11, y: 20 },
      ],
      size,
    )
    assert.deepEqual(
      guest.state.slots.slice(0, 2).map(({ x, y }) => [x, y]),
      [
        [11, 20],
        [99, 0],
      ],
    )
    sent()
    viewer.touch([{ id: 9, x: 1, y: 1 }], size)
    assert.deepEqual(sent().slice(0, 2), [abs(ABS.MT_SLOT, 0), abs(ABS.MT_TRACKING_ID, -1)])
    assert.equal(guest.state.firstTouch?.trackingId, 1)
    viewer.close()
    assert.deepEqual(sent(), [abs(ABS.MT_SLOT, 1), abs(ABS.MT_TRACKING_ID, -1), key(BTN.TOUCH, 0), synReport])
    viewer.close()
    assert.deepEqual(sent(), [])
  })

  it('of two viewers do not meet in a slot, and what is too many is ignored', () => {
    const { guest } = guestWithLog()
    const touches = Array.from({ length: touchSlots - 1 }, (_, id) => ({ id, x: id, y: 0 }))
    const [one, other] = [guest.open(), guest.open()]
    one.touch(touches, size)
    other.touch(touches, size)
    assert.deepEqual(
      guest.state.slots.map(({ x }) => x),
      [...touches.map(({ x }) => x), 0],
    )
    one.close()
    assert.ok(guest.state.touched, 'the other one still touches')
    other.close()
    assert.ok(!guest.state.touched)
  })
})

test('a consumer that is detached hears nothing more', () => {
  const guest = new GuestInput()
  let heard = 0
  const detach = guest.attach({ input: () => heard++ })
  guest.open().key(KEY.A, true)
  detach()
  detach()
  guest.open().key(KEY.B, true)
  assert.equal(heard, 1)
})

test('a batch of somebody who knows no SYN_REPORT gets one', () => {
  const { guest, sent } = guestWithLog()
  guest.send([abs(ABS.X, 5)])
  guest.send([])
  assert.deepEqual(sent(), [abs(ABS.X, 5), synReport])
  assert.equal(guest.state.x, 5)
})
