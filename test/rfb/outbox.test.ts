import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Outbox, type OutboxSocket } from '../../src/rfb/outbox.js'

/** Takes what it is given only when the test says so. */
class HandSocket {
  readonly written: Uint8Array[] = []
  readonly taken: (() => void)[] = []

  write(bytes: Uint8Array, done?: (error?: Error) => void): boolean {
    this.written.push(bytes)
    if (done) this.taken.push(done)
    return true
  }

  cork(): void {}
  uncork(): void {}

  get bytes(): Buffer {
    return Buffer.concat(this.written)
  }
}

function createOutbox(over: { maxUnsentBytes?: number; stallTimeoutMs?: number; onStall?: () => void } = {}) {
  const socket = new HandSocket()
  const options = { maxUnsentBytes: 100_000, stallTimeoutMs: 60_000, onStall: () => {}, ...over }
  return { socket, outbox: new Outbox(socket as unknown as OutboxSocket, options) }
}

async function settled(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<boolean>((r) => setImmediate(() => r(false)))])
}

describe('Outbox', () => {
  it('sends in order, one step at a time', () => {
    const { socket, outbox } = createOutbox()
    const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251)
    outbox.send(Uint8Array.of(1), bytes)
    assert.equal(socket.bytes.length, 65_536)
    for (let i = 0; i < 4; i++) socket.taken.shift()?.()
    assert.deepEqual(socket.bytes, Buffer.concat([Uint8Array.of(1), bytes]))
    assert.equal(outbox.unsentBytes, 0)
    assert.equal(outbox.sentBytes, 200_001)
    outbox.close(new Error('done'))
  })

  it('has room again when a viewer takes what it was sent', async () => {
    const { socket, outbox } = createOutbox()
    await outbox.room()
    outbox.send(new Uint8Array(150_000))
    const room = outbox.room()
    assert.equal(await settled(room), false)
    socket.taken.shift()!()
    assert.equal(await settled(room), true)
    outbox.close(new Error('done'))
  })

  it('rejects who waits when it is closed, and takes nothing more', async () => {
    const { socket, outbox } = createOutbox()
    outbox.send(new Uint8Array(150_000))
    const room = outbox.room()
    outbox.close(new Error('gone'))
    await assert.rejects(room, /gone/)
    await assert.rejects(outbox.room(), /gone/)
    outbox.send(new Uint8Array(5))
    assert.equal(socket.bytes.length, 65_536)
    assert.equal(outbox.unsentBytes, 0)
  })

  it('tells of a viewer that takes nothing for too long', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let stalls = 0
    const { socket, outbox } = createOutbox({ stallTimeoutMs: 1000, onStall: () => stalls++ })
    outbox.send(new Uint8Array(200_000))
    for (let i = 0; i < 2; i++) {
      t.mock.timers.tick(900)
      socket.taken.shift()!()
    }
    assert.equal(stalls, 0, 'slow is not stalled')
    t.mock.timers.tick(1001)
    assert.equal(stalls, 1)
    outbox.close(new Error('done'))
  })

  it('does not mind silence while nothing is owed', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let stalls = 0
    const { socket, outbox } = createOutbox({ stallTimeoutMs: 1000, onStall: () => stalls++ })
    outbox.send(new Uint8Array(10))
    socket.taken.shift()!()
    t.mock.timers.tick(5000)
    assert.equal(stalls, 0)
  })
})
