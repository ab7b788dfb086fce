/** Whatever comes in: a clear reason, no crash, nothing unbounded, and the next viewer is served. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { describe, it } from 'node:test'
import { randomNumbers } from '../support/pixel-formats.js'
import {
  clientCutText,
  keyEvent,
  pointerEvent,
  setDesktopSize,
  setEncodings,
  setPixelFormat,
  updateRequest,
} from '../support/rfb-messages.js'
import { serveDisplay } from '../support/rfb-server.js'

const size = { width: 64, height: 48 }
const rgb888 = { bitsPerPixel: 32, depth: 24, max: [255, 255, 255], shift: [16, 8, 0] } as const

describe('a viewer out of step', () => {
  for (const [name, bytes, reason] of [
    ['an unknown message', Buffer.from([200]), /received type 200/],
    [
      'a pixel format with a maximum of 0',
      setPixelFormat({ ...rgb888, max: [255, 0, 255] }),
      /green that fits/,
    ],
    ['an endless clipboard', Buffer.from([6, 0, 0, 0, 255, 255, 255, 255]), /at most 16777216 bytes/],
    ['endless encodings', Buffer.from([2, 0, 255, 255]), /at most 1024 encodings/],
  ] as const) {
    it(`is disconnected for ${name}`, async (t) => {
      const { connect, nextEnd } = await serveDisplay(t, size)
      const client = await connect()
      const end = nextEnd()
      client.socket.write(bytes)
      assert.match(await end, reason)
      await client.closed()
      await (await connect()).update(false)
    })
  }

  it('is disconnected when it speaks no RFB at all', async (t) => {
    const { port, nextEnd } = await serveDisplay(t, size)
    const end = nextEnd()
    const socket = connectSocket(port, '127.0.0.1').on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    assert.match(await end, /expected "RFB 003.008"/)
    socket.destroy()
  })
})

describe('limits', () => {
  it('end a handshake that is never done', async (t) => {
    const { port, nextEnd } = await serveDisplay(t, size, { limits: { handshakeTimeoutMs: 50 } })
    const end = nextEnd()
    const socket = connectSocket(port, '127.0.0.1')
    t.after(() => socket.destroy())
    assert.match(await end, /handshake was not done after 50 ms/)
  })

  it('bound handshakes and viewers, each apart', async (t) => {
    const { server, port, connect } = await serveDisplay(t, size, {
      limits: { maxHandshakes: 2, maxViewers: 1 },
    })
    const sockets = [1, 2].map(() => connectSocket(port, '127.0.0.1'))
    t.after(() => sockets.map((socket) => socket.destroy()))
    await Promise.all(sockets.map((socket) => once(socket, 'data')))
    const refused = once(server, 'refused')
    await assert.rejects(connect())
    assert.match((await refused)[1], /2 others are in their handshake/)

    for (const socket of sockets) {
      const gone = once(server, 'refused')
      socket.destroy()
      await gone
    }
    const client = await connect()
    const refusedViewer = once(server, 'refused')
    await assert.rejects(connect())
    assert.match((await refusedViewer)[1], /there are 1 viewers already/)
    await client.update(false)
  })

  it('hold for a viewer that wants another colour map all the time', async (t) => {
    const { server, connect } = await serveDisplay(t, size)
    const client = await connect()
    const colourMap = { bitsPerPixel: 8, depth: 8, trueColour: false }
    client.socket.write(Buffer.concat(new Array(5000).fill(setPixelFormat(colourMap))))
    client.setPixelFormat(colourMap)
    client.request(false)
    await client.nextUpdate()
    assert.ok(server.viewers[0]!.sentBytes < 10_000)
  })
})

describe('mutated streams', () => {
  it('hurt nobody', async (t) => {
    const { server, port, connect } = await serveDisplay(t, size, { limits: { maxHandshakes: 1000 } })
    const bystander = await connect()
    const recorded = Buffer.concat([
      Buffer.from('RFB 003.008\n\x01\x01', 'latin1'),
      setPixelFormat(rgb888),
      setEncodings([16, 0, -223, -308, -239, -232]),
      updateRequest(false, [0, 0, 64, 48]),
      setDesktopSize(64, 40, [
        [0, 0, 0, 64, 40, 0],
        [1, 0, 0, 9, 9, 9],
      ]),
      keyEvent(0x61, true),
      pointerEvent(1, 20, 20),
      clientCutText('some text'),
      setPixelFormat({ bitsPerPixel: 8, depth: 8, trueColour: false }),
      updateRequest(false, [0, 0, 64, 48]),
      keyEvent(0x61, false),
      updateRequest(true, [0, 0, 64, 48]),
    ])
    const random = randomNumbers(20260101)
    const before = process.memoryUsage().rss
    for (let round = 0; round < 300; round++) {
      const stream = Buffer.from(recorded)
      // Half of them get through the handshake as they should.
      const from = round % 2 === 0 ? 14 : 0
      for (let i = random(6); i >= 0; i--) stream[from + random(stream.length - from)] = random(256)
      const socket = connectSocket(port, '127.0.0.1').on('error', () => {})
      socket.resume()
      socket.end(stream.subarray(0, 14 + random(stream.length)))
      await once(socket, 'close')
      if (round % 50 === 0) await bystander.update(false)
    }
    await bystander.update(false)
    assert.equal(server.viewers.length, 1)
    assert.ok(process.memoryUsage().rss - before < 300 * 2 ** 20)
  })
})
