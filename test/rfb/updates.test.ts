/**
 * What these hold: updates are pulled; a non-incremental request is always answered; the first answer has pixels; a size
 * is told to who bears it, and cut or padded for who does not; who reads slowly costs nobody anything.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { rect } from '../../src/geometry/rect.js'
import type { RfbClient } from '../support/rfb-client.js'
import { keyEvent } from '../support/rfb-messages.js'
import { serveDisplay } from '../support/rfb-server.js'

const small = { width: 40, height: 30 }
const desktopSize = -223

/** True if the server had sent nothing by the time it answers what it must answer. */
async function isSilent(client: RfbClient): Promise<boolean> {
  const rects = await client.update(false, [0, 0, 1, 1])
  return rects.length === 1 && rects[0]!.width === 1 && rects[0]!.height === 1
}

describe('updates', () => {
  it('are not sent before they are asked for', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    await client.update(false)
    display.damage(rect(5, 5, 7, 7))
    assert.equal(display.seats[0]!.pending, true)
    assert.deepEqual(
      (await client.update(true)).map(({ x, y }) => [x, y]),
      [[5, 5]],
    )
  })

  it('wait for damage when they are incremental', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    await client.update(false)
    client.request(true)
    assert.ok(await isSilent(client))
    client.request(true)
    display.damage(rect(1, 2, 3, 4))
    const [update] = await client.nextUpdate()
    assert.deepEqual([update!.x, update!.y], [1, 2])
  })

  it('are sent at once when they are not incremental, wherever the rect lies', async (t) => {
    const { connect } = await serveDisplay(t, small)
    const client = await connect()
    await client.update(false)
    for (const part of [
      [0, 0, 40, 30],
      [10, 10, 5, 5],
      [35, 25, 100, 100],
      [40, 30, 1, 1],
      [65535, 65535, 65535, 65535],
      [3, 3, 0, 0],
    ] as const) {
      const rects = await client.update(false, part)
      assert.ok(rects.length > 0, `${part}`)
    }
  })

  it('answer a first request that is incremental with the whole picture', async (t) => {
    const { connect } = await serveDisplay(t, small)
    const client = await connect()
    const [update] = await client.update(true)
    assert.deepEqual([update!.width, update!.height], [40, 30])
  })

  it('show the newest picture, and each gate lets one through', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    await client.update(false)
    display.damage(rect(0, 0, 1, 1))
    display.pixels.fill(1)
    display.damage(rect(0, 0, 2, 1))
    display.pixels.fill(2)
    await client.update(true)
    assert.equal(client.pixels[0], 0x020202)
    assert.ok(await isSilent(client))
  })

  it('never change their format on the way', async (t) => {
    const { display, server, connect } = await serveDisplay(t, { width: 3000, height: 2000 })
    const client = await connect()
    display.pixels.fill(0x55)
    client.socket.pause()
    client.request(false)
    // More than the system takes: the update is under way, and stays so.
    while (server.viewers[0]!.unsentBytes === 0) await new Promise((resolve) => setImmediate(resolve))
    client.setPixelFormat({ bitsPerPixel: 8, depth: 8, max: [7, 7, 3], shift: [0, 3, 6] })
    client.socket.write(keyEvent(0x61, true))
    await once(display, 'input')
    client.socket.resume()
    await client.bytes.read(2)
    for (let left = await client.bytes.u16(); left > 0; left--) {
      const head = await client.bytes.read(12)
      assert.equal(head.readInt32BE(8), 0, 'a rect begins where the one before should end')
      await client.bytes.read(head.readUInt16BE(4) * head.readUInt16BE(6) * 4)
    }
    await client.update(false)
  })
})

describe('another size', () => {
  it('is told alone to a viewer that bears it, then all is shown', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    client.setEncodings(0, desktopSize)
    await client.update(false)
    display.setMode({ width: 50, height: 20 })
    display.pixels.fill(7)
    const first = await client.update(true)
    assert.deepEqual(
      first.map(({ encoding }) => encoding),
      [desktopSize],
    )
    assert.deepEqual([client.width, client.height], [50, 20])
    await client.update(true)
    assert.ok(client.pixels.every((pixel) => pixel === 0x070707))
  })

  it('comes behind pixels in the very first update', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    client.setEncodings(0, desktopSize)
    display.setMode({ width: 50, height: 20 })
    display.pixels.fill(7)
    const first = await client.update(false)
    assert.equal(first[0]!.encoding, 0)
    assert.deepEqual([first.at(-1)!.encoding, client.width, client.height], [desktopSize, 50, 20])
    await client.update(true)
    assert.ok(client.pixels.every((pixel) => pixel === 0x070707))
  })

  it('is cut and padded for a viewer that does not', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    display.pixels.fill(9)
    await client.update(false)
    const shown = () =>
      client.pixels.reduce((rows, pixel, i) => rows + (i % 40 === 0 ? '\n' : '') + (pixel ? '#' : '.'), '')
    const expected = (width: number, height: number) =>
      Array.from(
        { length: 30 },
        (_, y) => `\n${y < height ? '#'.repeat(width).padEnd(40, '.') : '.'.repeat(40)}`,
      ).join('')

    display.setMode({ width: 25, height: 50 })
    display.pixels.fill(9)
    await client.update(true)
    assert.equal(shown(), expected(25, 30))

    display.setMode({ width: 60, height: 10 })
    display.pixels.fill(9)
    await client.update(true)
    assert.equal(shown(), expected(40, 10))

    client.pixels.fill(1)
    await client.update(false)
    assert.equal(shown(), expected(40, 10), 'padding is shown again, too')

    client.request(true)
    display.damage(rect(50, 5, 55, 8))
    await once(display, 'settled')
    display.damage(rect(1, 2, 3, 4))
    const [update] = await client.nextUpdate()
    assert.deepEqual([update!.x, update!.y], [1, 2], 'what it cannot show answers no request')
  })
})

describe('a viewer that does not read', () => {
  it('is owed a bounded number of bytes, delays nobody, and is dropped', async (t) => {
    const { display, server, connect, nextEnd } = await serveDisplay(
      t,
      { width: 2000, height: 1500 },
      { limits: { stallTimeoutMs: 2000 } },
    )
    const stalled = await connect()
    const reading = await connect()
    stalled.socket.pause()
    const [first] = server.viewers
    const end = nextEnd()
    let dropped = false
    const left = once(server, 'leave').then(() => {
      dropped = true
    })
    let updates = 0
    for (; !dropped; updates++) {
      stalled.request(false)
      await reading.update(false)
      assert.ok(first!.unsentBytes <= 2 ** 20, `${first!.unsentBytes} bytes are unsent`)
    }
    await left
    assert.ok(updates > 1)
    assert.match(await end, /took nothing for 2000 ms/)
    assert.equal(server.viewers.length, 1)
    assert.equal(display.seats[0]!.closed, true)
    assert.ok(display.seats[0]!.failures.length === 1, 'the update that was cut off gives its damage back')
  })

  it('that vanishes in mid-update is no more than gone', async (t) => {
    const { display, server, connect } = await serveDisplay(t, { width: 3000, height: 2000 })
    for (const encoding of [0, 16]) {
      const client = await connect()
      client.setEncodings(encoding)
      client.request(false)
      await client.bytes.read(4)
      client.socket.resetAndDestroy()
      await once(server, 'leave')
    }
    assert.equal(server.viewers.length, 0)
    const other = await connect()
    await other.update(false, [0, 0, 8, 8])
    assert.ok(display.seats.slice(0, 2).every(({ closed }) => closed))
  })
})
