import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { AddressError, InvalidArgumentError } from '../../src/errors.js'
import { isLoopback } from '../../src/rfb/listen-address.js'
import { RfbServer, type RfbServerOptions } from '../../src/rfb/server.js'
import { Surface } from '../../src/surface/surface.js'
import { FakeDisplay } from '../support/fake-display.js'
import { RfbClient } from '../support/rfb-client.js'
import { serveDisplay } from '../support/rfb-server.js'

const size = { width: 40, height: 30 }

function listen(options: Partial<RfbServerOptions>): Promise<RfbServer> {
  return RfbServer.listen({ surface: new FakeDisplay(size).surface, security: { type: 'none' }, ...options })
}

describe('listening', () => {
  it('is on loopback and a free port unless said otherwise', async (t) => {
    const { server } = await serveDisplay(t, size)
    assert.equal(server.address().host, '127.0.0.1')
    assert.ok(server.address().port > 0)
  })

  it('beyond loopback wants a password', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', '::ffff:192.0.2.1']) {
      await assert.rejects(listen({ host }), (error: Error) => {
        return (
          error instanceof AddressError && /set a password, or listen on 127\.0\.0\.1/.test(error.message)
        )
      })
    }
    const server = await listen({ host: '0.0.0.0', security: { type: 'vnc-auth', password: 'x' } })
    await server.close()
  })

  it('on a used port says what to do', async (t) => {
    const { port } = await serveDisplay(t, size)
    await assert.rejects(listen({ port }), (error: Error) => {
      return (
        error instanceof AddressError &&
        /another program listens there.*0 for any free one/.test(error.message)
      )
    })
  })

  it('on a host that is not known, or not here, says so', async () => {
    await assert.rejects(listen({ host: 'no.such.host.invalid' }), /which is not known/)
    const security = { type: 'vnc-auth', password: 'x' } as const
    await assert.rejects(listen({ host: '192.0.2.1', security }), /no such address/)
  })

  it('refuses options out of range', async () => {
    const wrong: Partial<RfbServerOptions>[] = [
      { port: -1 },
      { port: 65536 },
      { port: 1.5 },
      { security: { type: 'vnc-auth', password: '' } },
      { security: { type: 'vnc-auth', password: 'x', viewOnlyPassword: '' } },
      { security: { type: 'vnc-auth', password: '12345678a', viewOnlyPassword: '12345678b' } },
      { security: { type: 'tls' } as never },
      { limits: { maxViewers: 0 } },
      { limits: { stallTimeoutMs: Number.POSITIVE_INFINITY } },
    ]
    for (const options of wrong)
      await assert.rejects(listen(options), InvalidArgumentError, JSON.stringify(options))
  })

  it('knows loopback when it sees it', () => {
    for (const address of ['127.0.0.1', '127.255.0.3', '::1', '::ffff:127.0.0.1'])
      assert.ok(isLoopback(address))
    for (const address of ['128.0.0.1', '0.0.0.0', '::', '::2', '::ffff:10.0.0.1'])
      assert.ok(!isLoopback(address))
  })
})

describe('close', () => {
  it('disconnects everybody, can be called again, and frees the port', async (t) => {
    const { server, port, display, connect } = await serveDisplay(t, size)
    const clients = [await connect(), await connect()]
    const left: string[] = []
    server.on('leave', (_, reason) => left.push(reason))
    await Promise.all([server.close(), server.close()])
    await Promise.all(clients.map((client) => client.closed()))
    assert.deepEqual(left, ['the server was closed', 'the server was closed'])
    assert.ok(display.seats.every(({ closed }) => closed))
    assert.throws(() => server.address(), AddressError)
    await server.close()
    await (await listen({ port })).close()
  })
})

describe('with a real surface', () => {
  it('a store is shown, and closing the surface closes the server', async () => {
    const surface = await Surface.create({ ...size, tracker: 'compare', name: 'real' })
    const server = await RfbServer.listen({ surface, security: { type: 'none' } })
    const client = await RfbClient.connect({ port: server.address().port })
    assert.equal(client.name, 'real')
    client.setEncodings(16, -223)
    await client.update(false)
    surface.pixels.fill(0x33, 0, 8)
    await client.update(true)
    assert.deepEqual([...client.pixels.subarray(0, 3)], [0x333333, 0x333333, 0])
    const closed = once(server, 'close')
    await surface.close()
    await closed
    await client.closed()
    client.close()
  })
})
