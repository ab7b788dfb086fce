import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { rectOfSize } from '../../src/geometry/rect.js'
import {
  decodeIn,
  decodeOut,
  encodeIn,
  encodeOut,
  type InEvent,
  type OutEvent,
} from '../../src/ring/events.js'
import { decodeKeyboard, encodeKeyboard, type KeyboardEvent } from '../../src/ring/keyboard-events.js'
import { eventBytes } from '../../src/ring/layout.js'

const rect = rectOfSize(-3, 4, 50, 60)
const scanout = 3

const outEvents: OutEvent[] = [
  { type: 'update', scanout, rect },
  { type: 'resize', scanout, width: 1, height: 2, strideBytes: 3, depth: 4, offsetBytes: 5 },
  { type: 'fill', scanout, rect, rop: 'xor', colour: 0xfedcba98 },
  { type: 'copy', scanout, rect, fromX: -7, fromY: 8 },
  {
    type: 'blit',
    scanout,
    rect,
    kind: 'transparentGlyph',
    heapOffset: 0xf0000000,
    strideBytes: 9,
    foreground: 0xffffffff,
    background: 1,
  },
  {
    type: 'cursor',
    scanout,
    kind: 'shape',
    x: -1,
    y: -2,
    hotX: 3,
    hotY: 4,
    width: 256,
    height: 5,
    heapOffset: 6,
  },
  {
    type: 'cursor',
    scanout,
    kind: 'moved',
    x: 1,
    y: 2,
    hotX: 0,
    hotY: 0,
    width: 0,
    height: 0,
    heapOffset: 0,
  },
  { type: 'dirty', serial: 0xffffffff },
  { type: 'bell', scanout },
  { type: 'scanout', scanout },
  { type: 'colours', scanout },
]

const inEvents: InEvent[] = [
  { type: 'refreshPeriod', ms: 0 },
  { type: 'dirty', serial: 7 },
  { type: 'mode', width: 1, height: 16384 },
]

const keyboardEvents: KeyboardEvent[] = [
  { type: 'motion', relX: -1, relY: 2, relZ: -3 },
  { type: 'key', pressed: true, keycode: 0x2ff },
  { type: 'key', pressed: false, keycode: 1 },
  { type: 'pos', absX: 32767, absY: 0, relZ: 1 },
  { type: 'mtouch', event: 'down', contact: 255, x: -1, y: 5 },
  { type: 'mtouch', event: 'motion', contact: 1, x: 1, y: 5 },
  { type: 'mtouch', event: 'up', contact: 1 },
  { type: 'mtouch', event: 'syn', contact: 0 },
  { type: 'mtouch', event: 'shape', contact: 2, major: 0xffffffff, minor: 2 },
  { type: 'mtouch', event: 'orientation', contact: 2, angle: -32768 },
]

/** A view in the middle of bytes that are not to be touched. */
function slot() {
  const bytes = new Uint8Array(3 * eventBytes).fill(0xee)
  const view = new DataView(bytes.buffer)
  const untouched = () =>
    bytes.subarray(0, eventBytes).every((byte) => byte === 0xee) &&
    bytes.subarray(2 * eventBytes).every((byte) => byte === 0xee)
  return { bytes, view, untouched }
}

describe('events', () => {
  it('are read as they were written, one slot each', () => {
    for (const event of outEvents) {
      const { view, untouched } = slot()
      encodeOut(view, eventBytes, event)
      assert.deepEqual(decodeOut(view, eventBytes), event)
      assert.ok(untouched())
    }
    for (const event of inEvents) {
      const { view, untouched } = slot()
      encodeIn(view, eventBytes, event)
      assert.deepEqual(decodeIn(view, eventBytes), event)
      assert.ok(untouched())
    }
    for (const event of keyboardEvents) {
      const { view, untouched } = slot()
      encodeKeyboard(view, eventBytes, event)
      assert.deepEqual(decodeKeyboard(view, eventBytes), event)
      assert.ok(untouched())
    }
  })

  it('are written as docs/protocol.md lays them out', () => {
    const { bytes, view } = slot()
    encodeOut(view, eventBytes, {
      type: 'fill',
      scanout: 1,
      rect: rectOfSize(2, 3, 4, 5),
      rop: 'xor',
      colour: 6,
    })
    const expected = Buffer.alloc(eventBytes)
    expected.set([64, 1, 1, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 6])
    assert.deepEqual(Buffer.from(bytes.subarray(eventBytes, 2 * eventBytes)), expected)
  })

  it('with values out of range are none', () => {
    const wrong = (event: OutEvent, change: (view: DataView) => void) => {
      const view = new DataView(new ArrayBuffer(eventBytes))
      encodeOut(view, 0, event)
      change(view)
      assert.equal(decodeOut(view, 0), undefined)
    }
    const fill = outEvents[2]!
    wrong(fill, (view) => view.setUint8(1, 4))
    wrong(fill, (view) => view.setUint8(2, 2))
    wrong(fill, (view) => view.setInt32(12, 0, true))
    wrong(fill, (view) => view.setInt32(16, -1, true))
    wrong(fill, (view) => view.setInt32(12, 2 ** 31 - 1, true))
    wrong(fill, (view) => view.setInt32(4, -(2 ** 31), true))
    wrong(outEvents[3]!, (view) => view.setInt32(20, 2 ** 30, true))
    wrong(outEvents[4]!, (view) => view.setUint8(2, 3))
    wrong(outEvents[4]!, (view) => view.setInt32(12, 16385, true))
    wrong(outEvents[5]!, (view) => view.setUint8(2, 3))
    wrong(outEvents[5]!, (view) => view.setUint16(16, 257, true))
    wrong(outEvents[5]!, (view) => view.setUint16(12, 256, true))
    wrong(outEvents[5]!, (view) => view.setUint16(18, 0, true))
    for (const type of [0, 1, 4, 63, 72, 255]) wrong(fill, (view) => view.setUint8(0, type))
  })

  it('never make anything throw: random bytes', () => {
    const type = fc.constantFrom(0, 1, 2, 3, 4, 5, 64, 65, 66, 67, 68, 69, 70, 71, 200)
    fc.assert(
      fc.property(type, fc.uint8Array({ minLength: eventBytes, maxLength: eventBytes }), (code, bytes) => {
        bytes[0] = code
        const view = new DataView(bytes.buffer, bytes.byteOffset, eventBytes)
        const again = new DataView(new ArrayBuffer(eventBytes))
        const out = decodeOut(view, 0)
        if (out) {
          encodeOut(again, 0, out)
          assert.deepEqual(decodeOut(again, 0), out)
          if ('rect' in out) assert.ok(out.rect.x1 < out.rect.x2 && out.rect.y1 < out.rect.y2)
        }
        const back = decodeIn(view, 0)
        if (back) {
          encodeIn(again, 0, back)
          assert.deepEqual(decodeIn(again, 0), back)
        }
        const keyboard = decodeKeyboard(view, 0)
        if (keyboard) {
          encodeKeyboard(again, 0, keyboard)
          assert.deepEqual(decodeKeyboard(again, 0), keyboard)
        }
      }),
      { numRuns: 5000 },
    )
  })
})
