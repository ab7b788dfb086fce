import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { ControlClient, listDevices } from '../src/control/client.js'
import { Device, type DeviceOptions } from '../src/device.js'
import { AddressError, DeviceNameTakenError, GuestProgramError } from '../src/errors.js'
import { temporaryFolder } from './support/temporary.js'

const vnc = { host: '127.0.0.1', port: 0, password: 'secret' }

async function create(t: TestContext, folder: string, options: Partial<DeviceOptions> = {}) {
  const device = await Device.create({ width: 32, height: 16, name: 'd', folder, ...options })
  t.after(() => device.close())
  return device
}

test('a device can be seen from outside: its status and its pixels', async (t) => {
  const folder = temporaryFolder(t)
  const device = await create(t, folder, { vnc })
  device.surface.pixels.fill(0x7f)
  await using client = await ControlClient.connect('d', { folder })
  assert.deepEqual(await client.status(), JSON.parse(JSON.stringify(device.status())))
  assert.equal((await client.status()).vnc!.port, device.vnc!.port)
  const { mode, pixels } = await client.pixels()
  assert.deepEqual([mode.width, mode.height], [32, 16])
  assert.ok(pixels.every((value) => value === 0x7f))
})

test('close takes all of it away, and may be called again, also at once', async (t) => {
  const folder = temporaryFolder(t)
  const device = await create(t, folder, { vnc })
  await Promise.all([device.close(), device.close()])
  await device.close()
  assert.equal(device.surface.closed, true)
  assert.deepEqual(readdirSync(folder), [])
})

test('a taken name: the first device lives on, and nothing is left of the second', async (t) => {
  const folder = temporaryFolder(t)
  await create(t, folder)
  await assert.rejects(create(t, folder, { vnc }), DeviceNameTakenError)
  assert.deepEqual(
    (await listDevices({ folder })).map(({ name }) => name),
    ['d'],
  )
})

test('a used port: nothing is left', async (t) => {
  const folder = temporaryFolder(t)
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await assert.rejects(create(t, folder, { vnc: { ...vnc, port } }), AddressError)
  assert.deepEqual(readdirSync(folder), [])
})

test('no password beyond a loopback address is refused', async (t) => {
  const options = { vnc: { host: '0.0.0.0', port: 0, password: undefined } }
  await assert.rejects(create(t, temporaryFolder(t), options), AddressError)
})

test('a program that cannot be started leaves the device as it was', async (t) => {
  const folder = temporaryFolder(t)
  const device = await create(t, folder)
  await assert.rejects(device.run('/no/such/program', []), GuestProgramError)
  assert.equal(device.status().guest, undefined)
})

test('the program that draws is named while it runs, and ended by close', async (t) => {
  const device = await create(t, temporaryFolder(t))
  const guest = await device.run('sleep', ['600'])
  assert.deepEqual(device.status().guest, { program: 'sleep', pid: guest.pid })
  await device.close()
  const { status } = await guest.exited
  assert.ok(status > 128, 'by a signal')
})
