import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  encodeMouse,
  type MouseAction,
  type MouseTracking,
  mouseButtons,
} from '../../src/console/mouse-protocol.js'

const at = { column: 4, row: 9, shift: false, alt: false, ctrl: false }
const { left, right, none, wheelUp } = mouseButtons
const press: MouseAction = { kind: 'press', button: left, ...at }
const release: MouseAction = { kind: 'release', button: left, ...at }
const drag: MouseAction = { kind: 'move', button: right, ...at }
const move: MouseAction = { kind: 'move', button: none, ...at }
const wheel: MouseAction = { kind: 'press', button: wheelUp, ...at }

/** As of xterm's ctlseqs: what each mode tells. */
const told: Record<MouseTracking, readonly MouseAction[]> = {
  none: [],
  x10: [press],
  vt200: [press, release, wheel],
  drag: [press, release, drag, wheel],
  any: [press, release, drag, move, wheel],
}
for (const [tracking, actions] of Object.entries(told) as [MouseTracking, MouseAction[]][]) {
  test(`${tracking} tells what it should`, () => {
    for (const action of [press, release, drag, move, wheel]) {
      for (const encoding of ['x10', 'sgr'] as const) {
        assert.equal(encodeMouse(action, tracking, encoding) !== '', actions.includes(action))
      }
    }
  })
}

test('as bytes', () => {
  assert.equal(encodeMouse(press, 'any', 'x10'), '\x1b[M %*')
  assert.equal(encodeMouse(release, 'any', 'x10'), '\x1b[M#%*')
  assert.equal(encodeMouse(drag, 'any', 'x10'), '\x1b[MB%*')
  assert.equal(encodeMouse(move, 'any', 'x10'), '\x1b[MC%*')
  assert.equal(encodeMouse(wheel, 'any', 'x10'), '\x1b[M`%*')
  assert.equal(encodeMouse({ ...press, column: 222 }, 'any', 'x10'), '\x1b[M \xff*')
  assert.equal(encodeMouse({ ...press, column: 223 }, 'any', 'x10'), '', 'a byte has no room for it')
})

test('as numbers', () => {
  assert.equal(encodeMouse(press, 'vt200', 'sgr'), '\x1b[<0;5;10M')
  assert.equal(encodeMouse(release, 'vt200', 'sgr'), '\x1b[<0;5;10m')
  assert.equal(encodeMouse(drag, 'drag', 'sgr'), '\x1b[<34;5;10M')
  assert.equal(encodeMouse(wheel, 'vt200', 'sgr'), '\x1b[<64;5;10M')
  assert.equal(encodeMouse({ ...press, column: 500 }, 'vt200', 'sgr'), '\x1b[<0;501;10M')
})

test('what is held is told, but not by X10', () => {
  const held = { ...press, shift: true, alt: true, ctrl: true }
  assert.equal(encodeMouse(held, 'vt200', 'sgr'), '\x1b[<28;5;10M')
  assert.equal(encodeMouse(held, 'x10', 'sgr'), '\x1b[<0;5;10M')
})
