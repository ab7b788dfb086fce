import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { constants } from 'node:os'
import { type TestContext, test } from 'node:test'
import { EventDevices, maxStreams } from '../../src/guests/evdev/event-devices.js'
import * as wire from '../../src/guests/wire.js'
import { EV, KEY, LED, SYN } from '../../src/input/codes.js'
import { GuestInput } from '../../src/input/guest-input.js'
import { binding } from '../../src/native/load.js'

/** The host's side of event devices, with programs that do not behave. What they answer to those that do: input.test.ts. */

const { EBUSY, EINVAL, EMFILE, ENODEV } = constants.errno
const size = { width: 100, height: 50 }
const eventBytes = 24

function devices(t: TestContext) {
  const input = new GuestInput()
  const events = new EventDevices(input)
  t.after(() => events.close())
  const open = (device = wire.inputKeyboard) => {
    const opened = events.open(device)
    assert.ok('fd' in opened)
    return opened
  }
  return { input, events, open }
}

/** struct input_event, with the time left out. */
function timed(type: number, code: number, value: number): Buffer {
  const bytes = Buffer.alloc(eventBytes)
  bytes.writeUInt16LE(type, 16)
  bytes.writeUInt16LE(code, 18)
  bytes.writeInt32LE(value, 20)
  return bytes
}

const control = (id: number, what: number, first = 0) => ({ id, control: what, first, second: 0 })

test('there is a bound to what is open, and what is closed makes room', async (t) => {
  const { events, open } = devices(t)
  const fds = Array.from({ length: maxStreams }, () => open().fd)
  assert.deepEqual(events.open(0), { errno: EMFILE })
  assert.deepEqual(events.open(wire.inputDevices), { errno: ENODEV })
  for (const fd of fds) binding.closeDescriptor(fd)
  while (events.streams > 0) await new Promise((resolve) => setImmediate(resolve))
  binding.closeDescriptor(open().fd)
})

test('what cannot be done is an error', (t) => {
  const { events, open } = devices(t)
  const [one, other] = [open(), open()]
  assert.equal(events.control(control(9999, wire.inputClock)), ENODEV)
  assert.equal(events.control(control(one.id, 77)), EINVAL)
  assert.equal(events.control(control(one.id, wire.inputClock, 2)), EINVAL)
  assert.equal(events.control(control(one.id, wire.inputUngrab)), EINVAL)
  assert.equal(events.control(control(one.id, wire.inputGrab)), 0)
  assert.equal(events.control(control(other.id, wire.inputGrab)), EBUSY)
  assert.equal(events.control(control(other.id, wire.inputUngrab)), EINVAL)
  for (const { fd } of [one, other]) binding.closeDescriptor(fd)
})

test('whoever never reads costs a bounded amount, and nobody else a key', async (t) => {
  const { input, open } = devices(t)
  const asleep = open()
  const reader = new Socket({ fd: open().fd })
  let read = 0
  reader.on('data', (chunk: Buffer) => {
    read += chunk.length
  })
  const viewer = input.open()
  const before = process.memoryUsage().arrayBuffers
  const presses = 20_000
  for (let i = 0; i < presses; i++) {
    viewer.key(KEY.A, true)
    if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  while (read < presses * 2 * eventBytes) await once(reader, 'data')
  assert.ok(process.memoryUsage().arrayBuffers - before < 8 * 2 ** 20)
  // The sleeper wakes: its queue was full to its bound. The first thing behind it is that events were lost.
  const sleeper = new Socket({ fd: asleep.fd })
  const late: Buffer[] = []
  const isDropped = (at: Buffer) => at.readUInt16LE(16) === EV.SYN && at.readUInt16LE(18) === SYN.DROPPED
  while (!late.some(isDropped)) {
    const [chunk] = (await once(sleeper, 'data')) as [Buffer]
    for (let at = 0; at < chunk.length; at += eventBytes) late.push(chunk.subarray(at, at + eventBytes))
  }
  assert.ok(late.findIndex(isDropped) < 4000)
  sleeper.destroy()
  reader.destroy()
})

test('of what programs write, lights are taken, and nothing else', async (t) => {
  const { input, events, open } = devices(t)
  const keyboard = new Socket({ fd: open().fd })
  const pointer = new Socket({ fd: open(wire.inputPointer).fd })
  pointer.write(timed(EV.LED, LED.NUML, 1))
  const wrong = [timed(EV.KEY, KEY.A, 1), timed(EV.LED, 15, 1), timed(0xffff, 0xffff, -1)]
  const right = timed(EV.LED, LED.CAPSL, 5)
  // In pieces, as a stream may bring it.
  keyboard.write(Buffer.concat([...wrong, right.subarray(0, 5)]))
  keyboard.write(Buffer.concat([right.subarray(5), Buffer.from('the rest is no event')]))
  const [echo] = (await once(keyboard, 'data')) as [Buffer]
  assert.deepEqual(
    [echo.readUInt16LE(16), echo.readUInt16LE(18), echo.readInt32LE(20)],
    [EV.LED, LED.CAPSL, 1],
  )
  assert.equal(events.state(size).leds, 1 << LED.CAPSL)
  assert.ok(!input.state.isDown(KEY.A), 'a program presses no keys')
  keyboard.destroy()
  pointer.destroy()
})
