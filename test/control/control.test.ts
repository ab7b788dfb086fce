import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ControlClient, listDevices } from '../../src/control/client.js'
import { type ControlledDevice, type DeviceStatus, maxRequestBytes } from '../../src/control/protocol.js'
import { ControlServer, type ControlServerOptions, maxClients } from '../../src/control/server.js'
import {
  DeviceNameTakenError,
  DeviceNotFoundError,
  InvalidArgumentError,
  UmfbError,
} from '../../src/errors.js'
import { rect } from '../../src/geometry/rect.js'
import { toStrokes } from '../../src/input/strokes.js'
import type { TypeOptions } from '../../src/input/typist.js'
import { greyPalette, type PixelFormatName } from '../../src/pixels/format.js'
import { createMode, modeBytes } from '../../src/surface/mode.js'
import { temporaryFolder } from '../support/temporary.js'

function fakeDevice(name = 'd', format: PixelFormatName = 'rgb565'): ControlledDevice {
  const mode = createMode({ width: 8, height: 4, format, strideBytes: 40 })
  const pixels = Uint8Array.from({ length: modeBytes(mode) }, (_, i) => i)
  const palette = greyPalette()
  palette.set([1, 2, 3])
  const status: DeviceStatus = {
    name,
    pid: process.pid,
    width: 8,
    height: 4,
    format,
    blankLevel: 0,
    tracker: { requested: 'auto', mechanism: 'compare', adaptive: true, reason: '', probes: [] },
    viewers: 0,
    tracking: { tracked: 0, compared: 0, still: 0, openPages: 0, whyPolled: '', lastError: '' },
    frames: 1,
  }
  return {
    status: () => status,
    snapshot: () => ({ mode, pixels, palette }),
    type: async () => {},
    text: async (query) => JSON.stringify(query),
  }
}

async function listen(t: TestContext, options: Partial<ControlServerOptions> = {}) {
  const folder = options.folder ?? temporaryFolder(t)
  const server = await ControlServer.listen({ device: fakeDevice(), name: 'd', folder, ...options })
  t.after(() => server.close())
  return { folder, server }
}

async function client(t: TestContext, folder: string, name = 'd') {
  const connected = await ControlClient.connect(name, { folder })
  t.after(() => connected.close())
  return connected
}

/** What a raw client is answered until the server ends the connection. */
async function converse(path: string, request: string | Uint8Array): Promise<string> {
  const socket = connect(path)
  socket.on('error', () => undefined)
  socket.end(request)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}

test('status', async (t) => {
  const { folder } = await listen(t)
  assert.deepEqual(await (await client(t, folder)).status(), fakeDevice().status())
})

test('pixels: all of them, and a part, without padding', async (t) => {
  const { folder } = await listen(t)
  const connected = await client(t, folder)
  const all = await connected.pixels()
  assert.deepEqual(all.mode, createMode({ width: 8, height: 4, format: 'rgb565' }))
  assert.deepEqual([...all.pixels.subarray(14, 18)], [14, 15, 40, 41])
  const part = await connected.pixels(rect(1, 2, 3, 4))
  assert.deepEqual([part.mode.width, part.mode.height], [2, 2])
  assert.deepEqual([...part.pixels], [82, 83, 84, 85, 122, 123, 124, 125])
})

test('pixels of an indexed format come with their palette', async (t) => {
  const { folder } = await listen(t, { device: fakeDevice('d', 'c8') })
  const { palette } = await (await client(t, folder)).pixels()
  assert.deepEqual([...palette.subarray(0, 6)], [1, 2, 3, 1, 1, 1])
})

for (const part of [rect(0, 0, 9, 4), rect(-1, 0, 2, 2), rect(2, 2, 2, 3), rect(0.5, 0, 2, 2)]) {
  test(`a rect that is no part of the picture: ${JSON.stringify(part)}`, async (t) => {
    const { folder } = await listen(t)
    const connected = await client(t, folder)
    const code = 'UMFB_INVALID_ARGUMENT'
    await assert.rejects(connected.pixels(part), (error) => error instanceof UmfbError && error.code === code)
    assert.equal((await connected.status()).name, 'd', 'the connection lives on')
  })
}

test('type: what the device refuses is told with its code', async (t) => {
  const typed: [string, TypeOptions][] = []
  const type = async (text: string, options: TypeOptions) => {
    toStrokes(text, options)
    typed.push([text, options])
  }
  const { folder, server } = await listen(t, { device: { ...fakeDevice(), type } })
  const connected = await client(t, folder)
  await connected.type('ä', { layout: 'de', intervalMs: 5 })
  assert.deepEqual(typed, [['ä', { layout: 'de', intervalMs: 5 }]])
  await assert.rejects(connected.type('ä'), { code: 'UMFB_CANNOT_TYPE' })
  await assert.rejects(connected.type('{x'), { code: 'UMFB_INVALID_ARGUMENT' })
  for (const params of ['{}', '{"text":7}', '{"text":"a","layout":7}', '{"text":"a","literal":"yes"}']) {
    assert.match(await converse(server.path, `{"method":"type","params":${params}}\n`), /expected a/)
  }
})

test('requests that are made at once are each answered', async (t) => {
  const { folder } = await listen(t)
  const connected = await client(t, folder)
  const [all, status, part] = await Promise.all([
    connected.pixels(),
    connected.status(),
    connected.pixels(rect(0, 0, 1, 1)),
  ])
  assert.deepEqual([all.pixels.length, status.name, part.pixels.length], [64, 'd', 2])
})

test('a client that ends its side first, as nc does, is answered', async (t) => {
  const { server } = await listen(t)
  const answer = await converse(server.path, '{"id":"x","method":"status"}\n{"method":"status"}\n')
  const [first, second] = answer.trim().split('\n')
  assert.equal(JSON.parse(first!).id, 'x')
  assert.equal('id' in JSON.parse(second!), false)
})

const wrongRequests: Record<string, [request: string, message: RegExp]> = {
  'no JSON': ['hello\n', /expected a line of JSON, received \\"hello\\"/],
  'no object': ['7\n', /expected an object with/],
  null: ['null\n', /expected an object with/],
  'params that are none': ['{"method":"pixels","params":null}\n', /expected an object with/],
  'an unknown method': [
    '{"method":"toString"}\n',
    /expected one of status, pixels, type, text, received toString/,
  ],
  'a rect of strings': ['{"method":"pixels","params":{"rect":["0","0","1","1"]}}\n', /rect: expected/],
  'a line without an end': ['{"method":', /expected a newline/],
}
for (const [name, [request, message]] of Object.entries(wrongRequests)) {
  test(`a request that is ${name} is answered with an error`, async (t) => {
    const { server } = await listen(t)
    assert.match(await converse(server.path, request), message)
  })
}

test('a line that is too long is not kept, and ends the connection', async (t) => {
  const { server } = await listen(t)
  const answer = await converse(server.path, Buffer.alloc(maxRequestBytes + 1, 'x'))
  assert.match(answer, /UMFB_PROTOCOL.*expected at most 131072 bytes/)
})

test('one client too many is refused, and the others are served', async (t) => {
  const { folder, server } = await listen(t)
  const clients = await Promise.all(Array.from({ length: maxClients }, () => client(t, folder)))
  for (const each of clients) await each.status()
  assert.match(await converse(server.path, ''), /expected at most 16 clients/)
  assert.equal((await clients[0]!.status()).name, 'd')
})

test('a client that stalls is cut off', async (t) => {
  const { server } = await listen(t, { idleTimeoutMs: 20 })
  const socket = connect(server.path)
  socket.write('{"method"')
  socket.resume()
  await once(socket, 'close')
})

test('close ends the clients and removes the socket; it may be called again', async (t) => {
  const { folder, server } = await listen(t)
  const connected = await client(t, folder)
  await connected.status()
  await server.close()
  await server.close()
  assert.deepEqual(readdirSync(folder), [])
  await assert.rejects(connected.status(), UmfbError)
})

test('names: taken, not there, impossible', async (t) => {
  const { folder } = await listen(t)
  await assert.rejects(listen(t, { folder }), DeviceNameTakenError)
  await assert.rejects(client(t, folder, 'other'), DeviceNotFoundError)
  for (const name of ['', '..', '../d', '.hidden', '-rf', 'a b', 'a\n', 'x'.repeat(65)]) {
    await assert.rejects(listen(t, { folder, name }), InvalidArgumentError)
    await assert.rejects(client(t, folder, name), DeviceNotFoundError)
  }
})

test('the list has those that run, in order, and passes over what is no device', async (t) => {
  const { folder } = await listen(t, { name: 'b', device: fakeDevice('b') })
  await listen(t, { folder, name: 'a', device: fakeDevice('a') })
  writeFileSync(join(folder, 'file.sock'), '')
  const hanging = createServer().listen(join(folder, 'hangs.sock'))
  const rude = createServer((socket: Socket) => socket.end('what?\n')).listen(join(folder, 'rude.sock'))
  t.after(() => [hanging.close(), rude.close()])
  await Promise.all([once(hanging, 'listening'), once(rude, 'listening')])
  const names = (await listDevices({ folder, timeoutMs: 50 })).map(({ name }) => name)
  assert.deepEqual(names, ['a', 'b'])
  assert.deepEqual(await listDevices({ folder: join(folder, 'no') }), [])
})

test('a device that does not answer is given up', async (t) => {
  const folder = temporaryFolder(t)
  const hanging = createServer().listen(join(folder, 'd.sock'))
  t.after(() => hanging.close())
  await once(hanging, 'listening')
  await using connected = await ControlClient.connect('d', { folder, timeoutMs: 20 })
  await assert.rejects(connected.status(), /did not answer within 20 ms/)
})

test('text: what is asked for reaches the device, and nothing else', async (t) => {
  const { folder } = await listen(t)
  const connected = await client(t, folder)
  assert.equal(await connected.text(), '{}')
  const query = { pattern: 'login:', stableMs: 200, timeoutMs: 1000 }
  assert.deepEqual(JSON.parse(await connected.text(query)), query)
  await assert.rejects(connected.text({ pattern: 7 as unknown as string }), { code: 'UMFB_INVALID_ARGUMENT' })
})
