import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InputSender, maxWaitingEvents } from '../../src/guests/input-sender.js'
import * as wire from '../../src/guests/wire.js'
import { EV, KEY, SYN } from '../../src/input/codes.js'
import { type InputEvent, keyEvent, synReport } from '../../src/input/event.js'
import { GuestInput } from '../../src/input/guest-input.js'

/** A process with a queue that the test opens and shuts. */
function process() {
  const input = new GuestInput()
  const got: InputEvent[] = []
  const queue = { open: true }
  const sender = new InputSender(input, (body) => {
    if (!queue.open) return false
    const { count, events } = wire.input.decode(body)
    got.push(...events.slice(0, count))
    return true
  })
  return { input, got, queue, sender }
}

const pressA = [keyEvent(KEY.A, true), synReport]

describe('input for a process that takes messages', () => {
  it('goes at once, in messages of a bounded size', () => {
    const { input, got } = process()
    const many = Array.from({ length: 3 * wire.maxInputEvents }, (_, i) => keyEvent(1 + i, true))
    input.send(many)
    assert.deepEqual(got, [...many, synReport])
  })

  it('waits while the process does not read, and then comes in order', async () => {
    const { input, got, queue } = process()
    queue.open = false
    input.send(pressA)
    input.send([keyEvent(KEY.A, false)])
    assert.ok(input.room(), 'who types is to wait')
    queue.open = true
    await input.room()
    assert.deepEqual(got, [...pressA, keyEvent(KEY.A, false), synReport])
    assert.equal(input.room(), undefined)
  })

  it('is bounded: what does not fit is lost, and told', async () => {
    const { input, got, queue } = process()
    queue.open = false
    for (let i = 0; i < maxWaitingEvents; i++) input.send(pressA)
    queue.open = true
    await input.room()
    assert.equal(got.length, maxWaitingEvents + 2)
    assert.deepEqual(got.slice(-2), [{ type: EV.SYN, code: SYN.DROPPED, value: 0 }, synReport])
    input.send(pressA)
    assert.deepEqual(got.slice(-2), pressA)
  })

  it('ends with the connection, also for who waits', async () => {
    const { input, got, queue, sender } = process()
    queue.open = false
    input.send(pressA)
    const room = input.room()
    sender.close()
    sender.close()
    await room
    assert.equal(input.room(), undefined)
    assert.deepEqual(got, [])
  })
})
