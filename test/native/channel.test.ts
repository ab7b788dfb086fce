import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, describe, it } from 'node:test'
import type { Channel, ChannelListener } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { writerProgram } from '../support/writer.js'

const folder = mkdtempSync(join(tmpdir(), 'umfb-channel-'))
after(() => rmSync(folder, { recursive: true }))
let paths = 0
const newPath = () => join(folder, `${paths++}`)

/** Everything that was opened ends with the test, or a failure would keep the process alive. */
let opened: { close(): void }[] = []
afterEach(() => {
  for (const handle of opened) handle.close()
  opened = []
})

function remember<T extends { close(): void }>(handle: T): T {
  opened.push(handle)
  return handle
}

function listen(path: string, onChannel: (channel: Channel) => void): ChannelListener {
  return remember(new binding.ChannelListener(path, (channel) => onChannel(remember(channel))))
}

const connect = (path: string) => remember(binding.Channel.connect(path))

interface End {
  channel: Channel
  /** The next message; rejects at the end of the channel. */
  next(): Promise<{ text: string; fds: number[] }>
  ended: Promise<void>
}

function started(channel: Channel): End {
  const queue: { text: string; fds: number[] }[] = []
  let wake = () => {}
  let over = false
  const ended = new Promise<void>((resolve) => {
    channel.start(
      (message, fds) => {
        queue.push({ text: Buffer.from(message).toString(), fds })
        wake()
      },
      () => {
        over = true
        wake()
        resolve()
      },
    )
  })
  const next = async () => {
    while (queue.length === 0) {
      if (over) throw new Error('the channel has ended')
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return queue.shift()!
  }
  return { channel, next, ended }
}

async function pair(): Promise<[End, End]> {
  const path = newPath()
  let listener: ChannelListener | undefined
  const accepted = new Promise<Channel>((resolve) => {
    listener = listen(path, resolve)
  })
  const near = connect(path)
  const far = await accepted
  listener?.close()
  return [started(near), started(far)]
}

const openDescriptors = () => readdirSync('/proc/self/fd').length

describe('Channel', () => {
  it('keeps the borders and the order of messages', async () => {
    const [a, b] = await pair()
    for (const text of ['one', 'two', 'x'.repeat(65536)]) assert.ok(a.channel.send(Buffer.from(text)))
    assert.equal((await b.next()).text, 'one')
    assert.equal((await b.next()).text, 'two')
    assert.equal((await b.next()).text.length, 65536)
    b.channel.send(Buffer.from('back'))
    assert.equal((await a.next()).text, 'back')
    a.channel.close()
    await Promise.all([a.ended, b.ended])
    b.channel.close()
  })

  it('tells who the peer is', async () => {
    const [a, b] = await pair()
    const self = { pid: process.pid, uid: process.getuid!(), gid: process.getgid!() }
    assert.deepEqual(a.channel.peer, self)
    assert.deepEqual(b.channel.peer, self)
    a.channel.close()
    await b.ended
  })

  it('hands over descriptors, which are new, closed on exec and owned by the receiver', async () => {
    const [a, b] = await pair()
    const file = openSync('/dev/null', 'r')
    a.channel.send(Buffer.from('take'), [file, file, file, file])
    const { fds } = await b.next()
    assert.equal(new Set([file, ...fds]).size, 5)
    for (const fd of fds) {
      assert.equal(fstatSync(fd).rdev, fstatSync(file).rdev)
      const flags = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')
      assert.match(flags, /flags:\s+0*2\d{6}$/m, 'O_CLOEXEC is 02000000')
      binding.closeDescriptor(fd)
    }
    closeSync(file)
    a.channel.close()
    await b.ended
  })

  it('returns false when the queue is full, and when the peer is gone', async () => {
    const path = newPath()
    const accepted = new Promise<Channel>((resolve) => {
      const listener = listen(path, (channel) => {
        listener.close()
        resolve(channel)
      })
    })
    const near = connect(path)
    const far = await accepted
    const message = Buffer.alloc(1000)
    let sent = 0
    while (near.send(message)) assert.ok(++sent < 10_000)
    assert.ok(sent > 0)
    far.close()
    assert.equal(near.send(message), false)
    near.close()
  })

  it('calls nobody before the next turn, and onEnd once', async () => {
    const [a, b] = await pair()
    let ends = 0
    const { channel } = a
    void a.ended.then(() => ends++)
    channel.close()
    channel.close()
    assert.equal(ends, 0)
    await Promise.all([a.ended, b.ended])
    b.channel.close()
    assert.equal(ends, 1)
  })

  it('returns false between the end of its peer and onEnd', async () => {
    const path = newPath()
    const accepted = new Promise<Channel>((resolve) => listen(path, resolve))
    const peer = connect(path)
    const channel = await accepted
    peer.send(Buffer.from('last'))
    peer.close()
    const events: unknown[] = []
    await new Promise<void>((resolve) => {
      channel.start(
        // The end is received in the same turn; after it, and before onEnd, comes this.
        () => setImmediate(() => events.push(channel.send(Buffer.from('late')))),
        () => {
          events.push('end')
          resolve()
        },
      )
    })
    assert.deepEqual(events, [false, 'end'])
  })

  it('throws after close()', async () => {
    const [a, b] = await pair()
    a.channel.close()
    assert.throws(() => a.channel.send(Buffer.of(1)), { code: 'ERR_CLOSED' })
    assert.throws(() => a.channel.unref(), { code: 'ERR_CLOSED' })
    assert.throws(() => a.channel.start(nothing, nothing), { code: 'ERR_CLOSED' })
    await b.ended
  })

  it('has arguments checked', async () => {
    const [a, b] = await pair()
    const { channel } = a
    assert.throws(() => channel.send(Buffer.alloc(0)), RangeError)
    assert.throws(() => channel.send(Buffer.alloc(65537)), RangeError)
    assert.throws(() => channel.send('text' as never), TypeError)
    assert.throws(() => channel.send(Buffer.of(1), [0, 0, 0, 0, 0]), RangeError)
    assert.throws(() => channel.send(Buffer.of(1), ['0' as never]), TypeError)
    assert.throws(() => channel.send(Buffer.of(1), [1 << 30]), { code: 'EBADF' })
    assert.throws(() => channel.start(nothing, nothing), /started before/)
    assert.throws(() => binding.Channel.fromDescriptor(-1), RangeError)
    const file = openSync('/dev/null', 'r')
    assert.throws(() => binding.Channel.fromDescriptor(file), { code: 'ENOTSOCK' })
    closeSync(file)
    assert.throws(() => binding.Channel.connect(join(folder, 'nobody')), {
      code: 'ENOENT',
      syscall: 'connect',
    })
    assert.throws(() => binding.Channel.connect('x'.repeat(200)), { code: 'ENAMETOOLONG' })
    assert.throws(() => binding.Channel.connect('a\0b'), TypeError)
    assert.throws(() => Reflect.construct(channel.constructor, [3]), TypeError)
    channel.close()
    await b.ended
  })

  it('refuses a descriptor that is another kind of socket, and leaves it open', async () => {
    const server = createServer().listen(newPath())
    const fd = (server as unknown as { _handle: { fd: number } })._handle.fd
    assert.throws(() => binding.Channel.fromDescriptor(fd), { code: 'EPROTOTYPE' })
    fstatSync(fd)
    server.close()
  })

  for (const violation of ['send-too-long', 'send-nothing', 'send-5-descriptors']) {
    it(`ends at a peer that breaks the bounds (${violation}), and keeps no descriptor`, async () => {
      const path = newPath()
      const messages: unknown[] = []
      const before = openDescriptors()
      const channel = await new Promise<Channel>((resolve) => {
        listen(path, resolve)
        spawn(writerProgram, [path], { stdio: 'inherit' })
      })
      const ended = new Promise<void>((resolve) => {
        channel.start((message) => messages.push(message), resolve)
      })
      channel.send(Buffer.from(violation))
      await ended
      assert.deepEqual(messages, [])
      for (const handle of opened) handle.close()
      assert.equal(openDescriptors(), before)
    })
  }
})

describe('ChannelListener', () => {
  it('makes its file with mode 0600 whatever the umask, and unlinks it', () => {
    const path = newPath()
    const umask = process.umask(0)
    const listener = listen(path, nothing)
    process.umask(umask)
    assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.throws(() => new binding.ChannelListener(path, nothing), { code: 'EADDRINUSE' })
    assert.ok(existsSync(path), 'a listener that fails unlinks nothing')
    listener.close()
    listener.close()
    assert.ok(!existsSync(path))
    assert.throws(() => listener.unref(), { code: 'ERR_CLOSED' })
  })

  it('leaves a file that replaced its own', () => {
    const path = newPath()
    const first = listen(path, nothing)
    rmSync(path)
    const second = listen(path, nothing)
    first.close()
    assert.ok(existsSync(path))
    second.close()
    assert.ok(!existsSync(path))
  })

  it('accepts many', async () => {
    const path = newPath()
    const accepted: Channel[] = []
    const clients: Channel[] = []
    await new Promise<void>((resolve) => {
      const listener = listen(path, (channel) => {
        accepted.push(channel)
        if (accepted.length === 40) {
          listener.close()
          resolve()
        } else if (clients.length < 40) {
          clients.push(connect(path))
        }
      })
      for (let i = 0; i < 10; i++) clients.push(connect(path))
    })
    for (const channel of [...clients, ...accepted]) channel.close()
  })

  it('has arguments checked', () => {
    const { ChannelListener } = binding
    assert.throws(() => new ChannelListener(1 as never, nothing), TypeError)
    assert.throws(() => new ChannelListener(newPath(), undefined as never), TypeError)
    assert.throws(() => new ChannelListener('', nothing), { code: 'ENOENT' })
    assert.throws(() => new ChannelListener('/nowhere/socket', nothing), { code: 'ENOENT', syscall: 'bind' })
    assert.throws(() => new ChannelListener('x'.repeat(200), nothing), { code: 'ENAMETOOLONG' })
  })
})

function nothing(): void {}
