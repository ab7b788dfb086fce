import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ABS, BTN, EV, REL } from '../../src/input/codes.js'
import { Pointer } from '../../src/input/pointer.js'

const surface = { width: 100, height: 50 }
const at = (x: number, y: number) => [
  { type: EV.ABS, code: ABS.X, value: x },
  { type: EV.ABS, code: ABS.Y, value: y },
]
const button = (code: number, value: number) => ({ type: EV.KEY, code, value })

describe('Pointer', () => {
  it('says where it is', () => {
    assert.deepEqual(new Pointer().move(0, 3, 4, surface), at(3, 4))
  })

  it('stays inside of the surface', () => {
    assert.deepEqual(new Pointer().move(0, 65535, 50, surface), at(99, 49))
  })

  it('turns buttons 1 to 3 into left, middle and right, once each', () => {
    const pointer = new Pointer()
    assert.deepEqual(pointer.move(0b001, 0, 0, surface).slice(2), [button(BTN.LEFT, 1)])
    assert.deepEqual(pointer.move(0b111, 0, 0, surface).slice(2), [
      button(BTN.MIDDLE, 1),
      button(BTN.RIGHT, 1),
    ])
    assert.deepEqual(pointer.move(0b111, 1, 0, surface).slice(2), [])
    assert.deepEqual(pointer.move(0b110, 1, 0, surface).slice(2), [button(BTN.LEFT, 0)])
  })

  it('turns presses of buttons 4 to 7 into clicks of the wheel', () => {
    const pointer = new Pointer()
    const clicks = [8, 16, 32, 64].map((mask) => {
      const events = pointer.move(mask, 0, 0, surface).slice(2)
      assert.deepEqual(pointer.move(0, 0, 0, surface).slice(2), [], 'a release is nothing')
      return events
    })
    assert.deepEqual(clicks, [
      [{ type: EV.REL, code: REL.WHEEL, value: 1 }],
      [{ type: EV.REL, code: REL.WHEEL, value: -1 }],
      [{ type: EV.REL, code: REL.HWHEEL, value: -1 }],
      [{ type: EV.REL, code: REL.HWHEEL, value: 1 }],
    ])
  })

  it('turns buttons 8 and 9 into those of the thumb', () => {
    const pointer = new Pointer()
    assert.deepEqual(pointer.move(0x180, 0, 0, surface).slice(2), [button(BTN.SIDE, 1), button(BTN.EXTRA, 1)])
    assert.deepEqual(pointer.move(0x100, 0, 0, surface).slice(2), [button(BTN.SIDE, 0)])
  })
})
