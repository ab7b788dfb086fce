import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { rectOfSize } from '../../src/geometry/rect.js'
import type { Channel } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { type ConnectOptions, Frontend } from '../../src/ring/frontend.js'
import { attach, attached, attachMine, attachNew, formatCodes } from '../../src/ring/layout.js'
import { ChannelLink } from '../../src/ring/link.js'
import { adoptDeviceMemory, createDeviceMemory } from '../../src/ring/memory.js'
import { temporaryFolder } from '../support/temporary.js'
import { TestBackend } from '../support/test-backend.js'

type Request = ReturnType<typeof attach.decode>

/** Listens, and answers frontends with a backend that is driven by hand. */
class Listener {
  readonly path: string
  readonly requests: Request[] = []
  /** An errno for the next frontends. */
  status = 0
  #listener: { close(): void } | undefined
  #channels: Channel[] = []
  #arrived: ((backend: TestBackend) => void)[] = []

  constructor(t: TestContext) {
    this.path = join(temporaryFolder(t), 's')
    this.listen()
    t.after(() => this.close())
  }

  listen(): void {
    this.#listener = new binding.ChannelListener(this.path, (channel) => this.#accept(channel))
  }

  /** As when the process ends. */
  close(): void {
    this.#listener?.close()
    for (const channel of this.#channels.splice(0)) channel.close()
  }

  next(): Promise<TestBackend> {
    return new Promise((resolve) => this.#arrived.push(resolve))
  }

  #accept(channel: Channel): void {
    this.#channels.push(channel)
    const link = new ChannelLink(channel, (packet, fds) => {
      const request = attach.decode(packet)
      this.requests.push(request)
      const { status } = this
      const answer = attached.encode({ magic: 'umfb', version: 1, status, reserved: new Uint8Array() })
      if (status !== 0) {
        channel.send(answer)
        return
      }
      const memory =
        request.kind === attachNew
          ? createDeviceMemory({ pixelsBytes: 2 ** 20 })
          : adoptDeviceMemory(new binding.DeviceMemory(undefined, fds[0]!))
      for (const fd of fds) binding.closeDescriptor(fd)
      const backend = new TestBackend(memory)
      channel.send(answer, request.kind === attachNew ? [memory.memory.fd] : [])
      backend.use(link)
      link.onBell = () => {
        // The frontend has written what it has to say.
        link.onBell = () => backend.bells++
        backend.accept()
        this.#arrived.shift()?.(backend)
      }
    })
  }
}

const connected = async (frontend: Frontend) => frontend.connected || (await once(frontend, 'backend'))

describe('Frontend.connect', () => {
  for (const memory of ['backend', 'own'] as const) {
    it(`shows ${memory === 'own' ? 'its own' : "the backend's"} memory, and finds the next backend`, async (t) => {
      const listener = new Listener(t)
      const options: ConnectOptions = { memory, width: 64, height: 32, format: 'rgb565', program: 'test' }
      const first = listener.next()
      const frontend = await Frontend.connect(listener.path, { ...options, pixelsBytes: 65536 })
      const backend = await first
      const [request] = listener.requests
      assert.equal(request!.kind, memory === 'own' ? attachMine : attachNew)
      assert.deepEqual(
        [request!.width, request!.height, request!.format, request!.pixelsBytes, request!.program],
        [64, 32, formatCodes.rgb565, 65536n, 'test'],
      )
      await connected(frontend)
      frontend.fill(rectOfSize(0, 0, 1, 1), 0x1234)
      frontend.flush()
      assert.equal(backend.take().length, 1)
      const pixels = new Uint16Array(backend.memory.memory.view, backend.memory.layout.pixelsOffset)
      assert.equal(pixels[0], 0x1234)

      listener.close()
      assert.deepEqual(await once(frontend, 'backend'), [false])
      frontend.fill(rectOfSize(1, 0, 1, 1), 0x4321)
      const second = listener.next()
      listener.listen()
      const next = await second
      await connected(frontend)
      assert.equal(listener.requests.at(-1)!.kind, attachMine, 'with the memory that it has')
      assert.equal(next.words.load('generation'), 2)
      const again = new Uint16Array(next.memory.memory.view, next.memory.layout.pixelsOffset)
      assert.deepEqual([...again.subarray(0, 2)], [0x1234, 0x4321])
      const ended = new Promise<void>((resolve) => {
        next.link.onEnd = resolve
      })
      await frontend.close()
      await ended
    })
  }

  it('says why there is no backend', async (t) => {
    const nobody = join(temporaryFolder(t), 'nobody')
    await assert.rejects(Frontend.connect(nobody), { code: 'UMFB_SYSTEM', systemCode: 'ENOENT' })
    const listener = new Listener(t)
    listener.status = 12
    await assert.rejects(Frontend.connect(listener.path), /refuses this frontend: ENOMEM/)
    const signal = AbortSignal.abort(new Error('no more'))
    await assert.rejects(Frontend.connect(listener.path, { signal }), /no more/)
  })

  it('takes no answer that is none', async (t) => {
    const path = join(temporaryFolder(t), 's')
    let answer: (channel: Channel) => void = () => undefined
    const listener = new binding.ChannelListener(path, (channel) => {
      channel.start(
        (_, fds) => {
          for (const fd of fds) binding.closeDescriptor(fd)
          answer(channel)
        },
        () => undefined,
      )
    })
    t.after(() => listener.close())
    const fields = { magic: 'umfb', version: 1, status: 0, reserved: new Uint8Array() }
    const memory = new binding.DeviceMemory(8192)
    for (const [send, error] of [
      [(channel) => channel.close(), /sent this frontend away/],
      [(channel) => channel.send(new Uint8Array(15)), /expected 16 bytes/],
      [(channel) => channel.send(new Uint8Array(16)), /expected umfb and version 1/],
      [(channel) => channel.send(attached.encode(fields)), /expected one descriptor/],
      [(channel) => channel.send(attached.encode(fields), [memory.fd]), /magic: expected "umfbdev"/],
    ] as const satisfies [(channel: Channel) => unknown, RegExp][]) {
      answer = send
      await assert.rejects(Frontend.connect(path), error)
    }
    const controller = new AbortController()
    answer = () => controller.abort(new Error('no more'))
    await assert.rejects(Frontend.connect(path, { signal: controller.signal }), /no more/)
    memory.close()
  })
})
