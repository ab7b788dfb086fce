/** What these hold: shape and place of the pointer reach viewers that can show them, in the best form they know; so does the bell. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rect } from '../../src/geometry/rect.js'
import { noCursor } from '../../src/surface/cursor.js'
import { pointerEvent } from '../support/rfb-messages.js'
import { serveDisplay } from '../support/rfb-server.js'

const small = { width: 40, height: 30 }
const [cursor, cursorWithAlpha, pointerPos] = [-239, -314, -232]
/** Red, half green, hidden. */
const shape = {
  width: 3,
  height: 1,
  pixels: Uint8Array.from([0, 0, 255, 255, 0, 255, 0, 128, 9, 9, 9, 0]),
  hotX: 2,
  hotY: 0,
}

describe('the pointer’s shape', () => {
  it('goes with the first picture, and alone when it changes', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    display.setCursor(shape)
    const client = await connect()
    client.setEncodings(0, cursor)
    assert.deepEqual(
      (await client.update(true)).map(({ encoding }) => encoding),
      [cursor, 0],
    )
    assert.deepEqual([client.cursor!.x, client.cursor!.y], [2, 0])
    // Pixels as of the server's format, then the mask.
    assert.equal(client.cursor!.bytes.toString('hex'), `${'0000ff00'}${'00ff0000'}${'09090900'}${'c0'}`)
    client.request(true)
    display.setCursor(noCursor)
    assert.deepEqual(
      (await client.nextUpdate()).map(({ encoding }) => encoding),
      [cursor],
    )
    assert.deepEqual([client.cursor!.width, client.cursor!.height], [0, 0])
  })

  it('has its alpha where the viewer knows that, multiplied', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    client.setEncodings(0, cursor, cursorWithAlpha)
    await client.update(false)
    client.request(true)
    display.setCursor(shape)
    await client.nextUpdate()
    assert.equal(client.cursor!.encoding, cursorWithAlpha)
    assert.equal(client.cursor!.bytes.toString('hex'), `${'00000000'}${'ff0000ff'}${'00800080'}${'00000000'}`)
  })

  it('is sent once, and once more for a viewer that lists it later', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    await client.update(false)
    display.setCursor(shape)
    client.request(true)
    client.setEncodings(0, cursor)
    await client.nextUpdate()
    assert.equal(client.cursor!.width, 3)
    display.damage(rect(0, 0, 1, 1))
    assert.deepEqual(
      (await client.update(true)).map(({ encoding }) => encoding),
      [0],
    )
  })

  it('is nothing to a viewer that knows none', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    await client.update(false)
    client.request(true)
    display.setCursor(shape)
    display.moveCursor(3, 4)
    assert.equal(display.seats[0]!.pending, false)
    display.damage(rect(0, 0, 1, 1))
    await client.nextUpdate()
    assert.equal(client.cursor, undefined)
  })

  it('is as the viewer’s pixels are, colour maps too', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    client.setPixelFormat({ bitsPerPixel: 8, depth: 8, trueColour: false })
    client.setEncodings(0, cursor)
    display.setCursor(shape)
    await client.update(false)
    assert.equal(client.cursor!.bytes.toString('hex'), `${'b4'}${'1e'}${'00'}${'c0'}`)
  })
})

describe('the pointer’s place', () => {
  it('is told where the guest moved it, kept inside of the picture', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    client.setEncodings(0, pointerPos)
    await client.update(false)
    client.request(true)
    display.moveCursor(7, 8)
    await client.nextUpdate()
    assert.deepEqual(client.pointer, [7, 8])
    client.request(true)
    display.moveCursor(-5, 1000)
    await client.nextUpdate()
    assert.deepEqual(client.pointer, [0, 29])
  })

  it('is not told to a viewer that moves its own', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    client.setEncodings(0, pointerPos)
    await client.update(false)
    client.socket.write(pointerEvent(0, 5, 5))
    client.request(false, [0, 0, 1, 1])
    await client.nextUpdate()
    client.request(true)
    display.moveCursor(5, 5)
    assert.equal(display.seats[0]!.pending, false)
  })
})

describe('the bell', () => {
  it('rings between two updates, asked or not', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    await client.update(false)
    display.bell()
    display.damage(rect(0, 0, 1, 1))
    await client.update(true)
    assert.equal(client.bells, 1)
  })

  it('does not ring into an update, and a flood of it costs little', async (t) => {
    const { display, server, connect } = await serveDisplay(t, { width: 3000, height: 2000 })
    const client = await connect()
    client.socket.pause()
    client.request(false)
    while (server.viewers[0]!.unsentBytes === 0) await new Promise((resolve) => setImmediate(resolve))
    const { unsentBytes } = server.viewers[0]!
    for (let i = 0; i < 100_000; i++) display.bell()
    assert.equal(server.viewers[0]!.unsentBytes, unsentBytes)
    client.socket.resume()
    await client.nextUpdate()
    await client.update(false, [0, 0, 1, 1])
    assert.ok(client.bells <= 1)
  })
})
