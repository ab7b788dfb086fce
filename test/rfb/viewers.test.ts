/** Who is let in, as what, and what becomes of its input. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { describe, it } from 'node:test'
import { ABS, BTN, EV, KEY } from '../../src/input/codes.js'
import { synReport } from '../../src/input/event.js'
import { Refused } from '../support/rfb-client.js'
import { clientCutText, extendedKeyEvent, keyEvent, pointerEvent } from '../support/rfb-messages.js'
import { serveDisplay } from '../support/rfb-server.js'

const size = { width: 40, height: 30 }
const security = { type: 'vnc-auth', password: 'secret', viewOnlyPassword: 'watch' } as const
const key = (code: number, value: number) => ({ type: EV.KEY, code, value })

describe('logging in', () => {
  for (const version of ['003.003', '003.007', '003.008', '003.889']) {
    it(`works with the password and not without, by ${version}`, async (t) => {
      const { server, connect } = await serveDisplay(t, size, { security, limits: { loginDelayMs: 1 } })
      const client = await connect({ version, password: 'secret' })
      assert.equal(client.name, 'fake')
      assert.deepEqual([client.width, client.height], [40, 30])
      await client.update(false)
      await assert.rejects(connect({ version, password: 'wrong' }), Refused)
      await assert.rejects(connect({ version, password: '' }), Refused)
      assert.equal(server.viewers.length, 1)
    })

    it(`works without a password where none is asked for, by ${version}`, async (t) => {
      const { connect } = await serveDisplay(t, size, { name: 'a name' })
      const client = await connect({ version })
      assert.equal(client.name, 'a name')
      await client.update(false)
    })
  }

  it('cannot be skipped by asking for None', async (t) => {
    const { server, connect, nextEnd } = await serveDisplay(t, size, { security })
    const end = nextEnd()
    await assert.rejects(connect({ securityType: 1 }), Refused)
    assert.match(await end, /type 1 was not offered/)
    assert.equal(server.viewers.length, 0)
  })

  it('is refused with a reason also when all of it came at once', async (t) => {
    const { port } = await serveDisplay(t, size, { security })
    const socket = connectSocket(port, '127.0.0.1')
    socket.write(
      Buffer.concat([Buffer.from('RFB 003.008\n\x02', 'latin1'), Buffer.alloc(16), Buffer.from('more')]),
    )
    const told = Buffer.concat(await socket.toArray())
    assert.equal(told.subarray(12 + 2 + 16).toString('latin1'), '\0\0\0\x01\0\0\0\x0eWrong password')
  })

  it('takes longer after failures', async (t) => {
    const { connect } = await serveDisplay(t, size, { security, limits: { loginDelayMs: 150 } })
    await assert.rejects(connect({ password: 'wrong' }), Refused)
    const startMs = performance.now()
    await connect({ password: 'secret' })
    assert.ok(performance.now() - startMs > 100)
  })

  it('is announced, and so is leaving', async (t) => {
    const { server, connect } = await serveDisplay(t, size)
    const arrived = once(server, 'viewer')
    const client = await connect()
    const [viewer] = await arrived
    assert.deepEqual(server.viewers, [viewer])
    assert.match(viewer.peer, /^127\.0\.0\.1:\d+$/)
    const left = once(server, 'leave')
    client.close()
    assert.deepEqual(await left, [viewer, 'the viewer disconnected'])
    assert.equal(server.viewers.length, 0)
  })

  it('throws nobody out, though the viewer wants to be alone', async (t) => {
    const { server, connect } = await serveDisplay(t, size)
    const clients = [await connect(), await connect(), await connect()]
    assert.equal(server.viewers.length, 3)
    for (const client of clients) await client.update(false)
  })
})

describe('input', () => {
  it('reaches the guest as evdev events', async (t) => {
    const { display, connect } = await serveDisplay(t, size)
    const client = await connect()
    const end = Buffer.concat([
      keyEvent(0x41, true),
      keyEvent(0x61, false),
      pointerEvent(1, 500, 7),
      clientCutText('text'),
    ])
    client.socket.write(end)
    await client.update(false)
    assert.deepEqual(display.inputs, [
      key(KEY.A, 1),
      synReport,
      key(KEY.A, 0),
      synReport,
      { type: EV.ABS, code: ABS.X, value: 39 },
      { type: EV.ABS, code: ABS.Y, value: 7 },
      key(BTN.LEFT, 1),
      synReport,
    ])
  })

  it('says where keys are, from viewers that know it, once they were told', async (t) => {
    const { display, connect } = await serveDisplay(t, size)
    const client = await connect()
    client.setEncodings(0, -258)
    await client.update(false)
    assert.ok(client.extendedKeys)
    // A French "a", a keysym that no US keyboard has at an arrow, and a scancode that is none.
    const keys = [
      extendedKeyEvent(0x61, true, 0x10),
      extendedKeyEvent(0x20ac, true, 0xc8),
      extendedKeyEvent(0x62, true, 0),
    ]
    client.socket.write(Buffer.concat(keys))
    client.extendedKeys = false
    client.setEncodings(-258, 0)
    await client.update(false)
    assert.ok(!client.extendedKeys, 'once')
    const pressed = display.inputs.filter(({ type }) => type === EV.KEY)
    assert.deepEqual(pressed, [key(KEY.Q, 1), key(KEY.UP, 1), key(KEY.B, 1)])
  })

  it("of two viewers is one guest's: a key that both hold goes up when the second lets go", async (t) => {
    const { display, server, connect } = await serveDisplay(t, size)
    const clients = [await connect(), await connect()] as const
    for (const client of clients) {
      client.socket.write(keyEvent(0x61, true))
      await client.update(false)
    }
    for (const client of clients) {
      const left = once(server, 'leave')
      client.close()
      await left
    }
    assert.deepEqual(
      display.inputs,
      [1, 2, 0].flatMap((value) => [key(KEY.A, value), synReport]),
    )
  })

  it('leaves nothing pressed when its viewer vanishes', async (t) => {
    const { display, server, connect } = await serveDisplay(t, size)
    const client = await connect()
    client.socket.write(Buffer.concat([keyEvent(0xffe3, true), keyEvent(0x63, true), pointerEvent(4, 1, 1)]))
    await client.update(false)
    display.inputs.length = 0
    client.socket.resetAndDestroy()
    await once(server, 'leave')
    assert.deepEqual(display.inputs, [key(KEY.LEFTCTRL, 0), key(KEY.C, 0), key(BTN.RIGHT, 0), synReport])
  })

  for (const [name, options, password] of [
    ['by its password', { security }, 'watch'],
    ['for all', { security, viewOnly: true }, 'secret'],
  ] as const) {
    it(`goes nowhere where a viewer may only watch, ${name}`, async (t) => {
      const { display, server, connect } = await serveDisplay(t, size, options)
      const client = await connect({ password })
      client.socket.write(Buffer.concat([keyEvent(0x41, true), pointerEvent(1, 5, 5)]))
      await client.update(false)
      assert.equal(server.viewers[0]!.viewOnly, true)
      client.close()
      await once(server, 'leave')
      assert.deepEqual(display.inputs, [])
    })
  }
})
