/** libumfb's device API, against a backend that the test plays. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as layout from '../../src/ring/layout.js'
import { DeviceProcess } from '../support/device-process.js'
import { allFeatures, FakeBackend } from '../support/fake-backend.js'
import { connectDevice, height, width } from '../support/fake-device.js'

/** Negative errno values. */
const [enoent, enametoolong, enospc, eproto] = [-2, -36, -28, -71]
const rest = (bytes: number) => new Uint8Array(bytes)

test('the frontend introduces itself as docs/protocol.md says', async (t) => {
  const { backend, device } = await connectDevice(t, { says: [...allFeatures, 'width=640', 'height=480'] })
  assert.deepEqual(
    { ...backend.attach },
    {
      magic: 'umfb',
      version: 1,
      kind: 0,
      width,
      height,
      format: 0,
      reserved: 0,
      pixelsBytes: 0n,
      program: 'device',
    },
  )
  const { frontend, frontendStore, scanouts } = backend.info
  assert.equal(frontend.state, layout.stateConnected)
  assert.equal(frontend.generation, 1)
  assert.equal(frontend.storeSerial % 2, 0)
  assert.ok(frontendStore.includes('feature-update=1\n') && frontendStore.includes('request-abs-pointer=1\n'))
  assert.ok(!frontendStore.includes('raw-pointer'))
  const { enabled, strideBytes, format, offsetBytes } = scanouts[0]!
  assert.deepEqual([enabled, strideBytes, offsetBytes], [1, 244, 0n])
  assert.equal(Buffer.from(Uint32Array.of(format).buffer).toString(), 'XR24')
  const mode = layout.framebufferMode.read(backend.view, backend.parts.framebufferOffset)
  assert.deepEqual([mode.width, mode.height, mode.lineLength, mode.depth], [width, height, 244, 32])
  assert.equal(await device.call('features'), 0x2fff)
  assert.equal(await device.call('close'), 0)
  assert.equal(backend.info.frontend.state, layout.stateClosed)
})

test('without a wish, the size is the one that the backend suggests', async (t) => {
  const backend = new FakeBackend(t, { says: ['width=320', 'height=200'] })
  const device = new DeviceProcess(t, backend.path)
  assert.equal(await device.call('open'), 0)
  await device.call('get', 0)
  assert.deepEqual(device.said, ['mode 320 200 1280 875713112 0'])
})

for (const [what, options, error] of [
  [
    'says no',
    { answer: layout.attached.encode({ magic: 'umfb', version: 1, status: 12, reserved: rest(8) }) },
    -12,
  ],
  ['speaks something else', { answer: Buffer.from('HTTP/1.1 200 OK\r') }, eproto],
  ['answers too little', { answer: Buffer.from('umfb') }, eproto],
  ['has memory without the magic', { spoil: (memory: Uint8Array) => memory.fill(0, 0, 8) }, eproto],
  ['has memory of another version', { spoil: (memory: Uint8Array) => memory.fill(0, 8, 12) }, eproto],
  ['has a part beyond its end', { spoil: (memory: Uint8Array) => memory.fill(0xf0, 24, 28) }, eproto],
  ['has parts on one another', { spoil: (memory: Uint8Array) => memory.copyWithin(24, 28, 32) }, eproto],
  ['has pixels without a bit each', { spoil: (memory: Uint8Array) => memory.fill(0xff, 64, 67) }, eproto],
  ['never ends its store', { spoil: (memory: Uint8Array) => memory.fill(1, 136, 137) }, eproto],
  ['has no room for the mode', { pixelsBytes: 4096 }, enospc],
] as const) {
  test(`a backend that ${what} is an error`, async (t) => {
    const backend = new FakeBackend(t, { says: allFeatures, ...options })
    const device = new DeviceProcess(t, backend.path)
    assert.equal(await device.call('open', width, height), error)
  })
}

test('a socket that is not there, or whose name is too long, is an error', async (t) => {
  assert.equal(await new DeviceProcess(t, '/nonexistent/device').call('open'), enoent)
  assert.equal(await new DeviceProcess(t, `/${'x'.repeat(200)}`).call('open'), enametoolong)
})
