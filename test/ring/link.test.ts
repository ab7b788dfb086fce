import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { Channel } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { ChannelLink, LocalLink } from '../../src/ring/link.js'
import { temporaryFolder } from '../support/temporary.js'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('a link in one process', () => {
  it('rings the other end, never from inside of a call, and several times as once', async () => {
    const [a, b] = LocalLink.pair()
    const heard: string[] = []
    a.onBell = () => heard.push('a')
    b.onBell = () => {
      heard.push('b')
      b.ring()
      b.ring()
      heard.push('b has rung')
    }
    a.ring()
    a.ring()
    assert.deepEqual(heard, [])
    await turn()
    assert.deepEqual(heard, ['b', 'b has rung', 'a'])
    a.ring()
    await turn()
    assert.equal(heard.length, 6)
  })

  it('ends at both ends, once, and rings no more', async () => {
    const [a, b] = LocalLink.pair()
    const heard: string[] = []
    for (const [name, end] of Object.entries({ a, b })) {
      end.onBell = () => heard.push(`${name} rung`)
      end.onEnd = () => heard.push(`${name} ended`)
    }
    a.ring()
    b.close()
    a.close()
    a.ring()
    assert.deepEqual(heard, [])
    await turn()
    assert.deepEqual(heard, ['b ended', 'a ended'])
  })
})

/** Both ends of a socket. */
async function channels(t: TestContext): Promise<[Channel, Channel]> {
  const path = join(temporaryFolder(t), 's')
  let listener: ReturnType<typeof listen>
  const listen = (done: (channel: Channel) => void) => new binding.ChannelListener(path, done)
  const accepted = new Promise<Channel>((resolve) => {
    listener = listen(resolve)
  })
  const connected = binding.Channel.connect(path)
  const other = await accepted
  listener!.close()
  t.after(() => {
    connected.close()
    other.close()
  })
  return [connected, other]
}

describe('a link over a socket', () => {
  it('takes the first packet apart, and every other one for a ring', async (t) => {
    const [ours, theirs] = await channels(t)
    const packets: number[] = []
    let bells = 0
    const first = new Promise<void>((resolve) => {
      const link = new ChannelLink(theirs, (packet) => {
        packets.push(packet.length)
        link.onBell = () => bells++
        link.onEnd = resolve
      })
    })
    const link = new ChannelLink(ours)
    ours.send(new Uint8Array(96))
    link.ring()
    // A descriptor that nobody asked for is closed.
    const memory = new binding.DeviceMemory(1)
    ours.send(Uint8Array.of(1), [memory.fd])
    link.close()
    link.close()
    link.ring()
    await first
    assert.deepEqual([packets, bells], [[96], 2])
    memory.close()
  })

  it('never waits for an end that does not listen', async (t) => {
    const [ours, theirs] = await channels(t)
    const link = new ChannelLink(ours)
    for (let i = 0; i < 10_000; i++) link.ring()
    let bells = 0
    const other = new ChannelLink(theirs)
    other.onBell = () => bells++
    const ended = new Promise<void>((resolve) => {
      other.onEnd = resolve
    })
    await turn()
    link.close()
    await ended
    assert.ok(bells > 0 && bells < 10_000)
  })
})
