/**
 * What these hold: frontends that tell by rings come to the same socket as libumfb's; device memory is made for them, or
 * theirs is adopted after it was checked; each further scanout is a device; who leaves takes the devices along.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { Device } from '../src/device.js'
import { DeviceServer, type DeviceServerOptions } from '../src/device-server.js'
import { SystemError } from '../src/errors.js'
import { rect } from '../src/geometry/rect.js'
import { binding } from '../src/native/load.js'
import { Frontend } from '../src/ring/frontend.js'
import { attach, attachKnown, attachMine, socketMagic } from '../src/ring/layout.js'
import { createDeviceMemory } from '../src/ring/memory.js'
import { temporaryFolder } from './support/temporary.js'

async function listen(t: TestContext, options: Partial<DeviceServerOptions> = {}): Promise<DeviceServer> {
  const folder = temporaryFolder(t)
  const path = join(folder, 'socket')
  const device = { name: 'd', width: 64, height: 32, folder }
  const server = await DeviceServer.listen({ path, device, ...options })
  t.after(() => server.close())
  return server
}

async function shown(server: DeviceServer, connecting: Promise<Frontend>): Promise<[Device, Frontend]> {
  const [[device], frontend] = await Promise.all([once(server, 'device'), connecting])
  if (!frontend.connected) await once(frontend, 'backend')
  return [device, frontend]
}

for (const memory of ['backend', 'own'] as const) {
  describe(`a frontend with memory of ${memory}`, () => {
    it('is shown in the size that it wants', async (t) => {
      const server = await listen(t)
      const wanted = { width: 100, height: 50, memory, program: 'artist' }
      const [device, frontend] = await shown(server, Frontend.connect(server.path, wanted))
      frontend.fill(rect(0, 0, 100, 50), 0x010203)
      const { mode, pixels } = device.surface.snapshot()
      assert.deepEqual([mode.width, mode.height], [100, 50])
      assert.deepEqual([...pixels.subarray(0, 3)], [3, 2, 1])
      assert.deepEqual(device.status().guest, { program: 'artist', pid: process.pid })
      const gone = once(server, 'gone')
      await frontend.close()
      assert.deepEqual(await gone, [device])
      assert.deepEqual(server.devices, [])
    })

    it('shows further scanouts as devices', async (t) => {
      const server = await listen(t)
      const [, frontend] = await shown(server, Frontend.connect(server.path, { memory }))
      const second = once(server, 'device')
      frontend.scanout(2).setMode({ width: 40, height: 20, offsetBytes: 1 << 20 })
      frontend.scanout(2).fill(rect(0, 0, 40, 20), 7)
      const [device] = await second
      assert.equal(device.name, 'd-1-s2')
      const { mode, pixels } = device.surface.snapshot()
      assert.deepEqual([mode.width, mode.height, pixels[0]], [40, 20, 7])
      const gone = once(server, 'gone')
      frontend.scanout(2).end()
      assert.deepEqual(await gone, [device])
      await frontend.close()
    })
  })
}

describe('an attach request', () => {
  const request = {
    magic: socketMagic,
    version: 1,
    kind: attachMine,
    width: 0,
    height: 0,
    format: 0,
    reserved: 0,
    pixelsBytes: 0n,
    program: 'p',
  }

  async function answer(t: TestContext, packet: Uint8Array, fds: number[]): Promise<number> {
    const server = await listen(t)
    const channel = binding.Channel.connect(server.path)
    t.after(() => channel.close())
    const answered = new Promise<Uint8Array>((resolve) => channel.start(resolve, () => {}))
    assert.ok(channel.send(packet, fds))
    const raw = await answered
    assert.deepEqual(server.devices, [])
    return new DataView(raw.buffer, raw.byteOffset).getUint16(6, true)
  }

  it('without memory, or with what is none, is refused', async (t) => {
    const { memory } = createDeviceMemory({ pixelsBytes: 4096 })
    t.after(() => memory.close())
    const plain = new binding.DeviceMemory(1 << 16)
    t.after(() => plain.close())
    const mine = attach.encode(request)
    assert.notEqual(await answer(t, mine, []), 0)
    assert.notEqual(await answer(t, mine, [memory.fd, memory.fd]), 0)
    assert.notEqual(await answer(t, mine, [plain.fd]), 0, 'no info page')
    assert.notEqual(await answer(t, mine.subarray(0, 90), [memory.fd]), 0, 'cut off')
    assert.notEqual(await answer(t, attach.encode({ ...request, kind: attachKnown }), []), 0)
    assert.notEqual(await answer(t, attach.encode({ ...request, kind: 9 }), []), 0)
    const vast = { ...request, kind: 0, pixelsBytes: 2n ** 62n }
    assert.notEqual(await answer(t, attach.encode(vast), []), 0)
  })

  it('is refused to a frontend as an error', async (t) => {
    const server = await listen(t, { maxDevices: 0 })
    await assert.rejects(Frontend.connect(server.path), SystemError)
  })
})
