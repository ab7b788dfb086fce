/**
 * What these hold: a viewer that lists CopyRect is sent copies, before the pixels and in order; one that does not, or whose
 * picture is not all of the surface, or who lost it, is sent pixels; a scroll costs the copy and the new line.
 */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { rect } from '../../src/geometry/rect.js'
import { RfbServer } from '../../src/rfb/server.js'
import { Surface } from '../../src/surface/surface.js'
import { ConsoleScene } from '../support/console-scene.js'
import { RfbClient } from '../support/rfb-client.js'
import { serveDisplay } from '../support/rfb-server.js'

const [raw, copyRect, zrle, desktopSize] = [0, 1, 16, -223]
const small = { width: 40, height: 30 }
const scroll = { op: 'copy', rect: rect(0, 0, 40, 20), fromX: 0, fromY: 10 } as const

async function serveSurface(t: TestContext, size: { width: number; height: number }) {
  const surface = await Surface.create({ ...size, fps: 1000 })
  const server = await RfbServer.listen({ surface, security: { type: 'none' } })
  t.after(async () => {
    await server.close()
    await surface.close()
  })
  const connect = async () => {
    const client = await RfbClient.connect({ port: server.address().port })
    t.after(() => client.close())
    return client
  }
  /** An update as the client asks for it, and no longer under way: what is drawn then may be copied from it. */
  const update = async (client: RfbClient, incremental = true) => {
    const rects = await client.update(incremental)
    assert.ok(await surface.drain(60_000))
    return rects
  }
  return { surface, server, connect, update }
}

/** What the client shows is what the surface has. */
function assertShown(client: RfbClient, surface: Surface): void {
  const { buffer, byteOffset } = surface.pixels
  const pixels = new Uint32Array(buffer, byteOffset, client.pixels.length)
  assert.ok(client.pixels.every((pixel, i) => pixel === (pixels[i]! & 0xffffff)))
}

describe('CopyRect', () => {
  it('goes before the pixels, in order', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    client.setEncodings(raw, copyRect)
    display.pixels.forEach((_, i) => {
      display.pixels[i] = i % 251
    })
    await client.update(false)
    const before = client.pixels.slice()
    const second = { op: 'copy', rect: rect(0, 20, 40, 25), fromX: 0, fromY: 0 } as const
    for (const seat of display.seats) seat.damage.push(rect(3, 3, 4, 4))
    display.draw(scroll, second)
    const rects = await client.update(true)
    assert.deepEqual(
      rects.map(({ encoding, y, height }) => [encoding, y, height]),
      [
        [copyRect, 0, 20],
        [copyRect, 20, 5],
        [raw, 3, 1],
      ],
    )
    assert.deepEqual(client.pixels.slice(5 * 40, 20 * 40), before.slice(15 * 40, 30 * 40))
    assert.deepEqual(client.pixels.slice(20 * 40 + 1, 23 * 40), before.slice(10 * 40 + 1, 13 * 40))
  })

  it('alone is an update', async (t) => {
    const { display, connect } = await serveDisplay(t, small)
    const client = await connect()
    client.setEncodings(raw, copyRect)
    await client.update(false)
    client.request(true)
    display.draw(scroll)
    assert.deepEqual(
      (await client.nextUpdate()).map(({ encoding }) => encoding),
      [copyRect],
    )
  })

  it('is not sent to a viewer that does not list it, or no longer', async (t) => {
    const { surface, connect } = await serveSurface(t, small)
    const never = await connect()
    await never.update(false)
    const noLonger = await connect()
    noLonger.setEncodings(copyRect, raw)
    await noLonger.update(false)
    surface.pixels.fill(3, 40 * 4 * 15)
    surface.draw(scroll)
    noLonger.setEncodings(raw)
    for (const client of [never, noLonger]) {
      const rects = await client.update(true)
      assert.ok(rects.every(({ encoding }) => encoding === raw))
      assertShown(client, surface)
    }
  })

  it('is not sent to a viewer that shows another size', async (t) => {
    const { surface, connect, update } = await serveSurface(t, small)
    const client = await connect()
    client.setEncodings(copyRect, raw)
    await update(client, false)
    surface.setMode({ width: 30, height: 30 })
    await update(client)
    surface.draw(scroll)
    const rects = await update(client)
    assert.ok(rects.every(({ encoding }) => encoding === raw))
  })

  it('is sent again once a viewer has been shown the new size', async (t) => {
    const { surface, connect, update } = await serveSurface(t, small)
    const client = await connect()
    client.setEncodings(copyRect, desktopSize, raw)
    await update(client, false)
    surface.setMode({ width: 30, height: 30 })
    await update(client)
    surface.draw(scroll)
    const first = await update(client)
    assert.ok(first.every(({ encoding }) => encoding === raw))
    surface.pixels.fill(9, 30 * 4 * 25, 30 * 4 * 26)
    surface.draw(scroll)
    const [copy] = await update(client)
    assert.deepEqual([copy!.encoding, copy!.width], [copyRect, 30])
    assertShown(client, surface)
  })

  it('does not copy what a viewer has lost', async (t) => {
    const { surface, connect, update } = await serveSurface(t, small)
    const client = await connect()
    client.setEncodings(copyRect, raw)
    surface.pixels.fill(5)
    await update(client, false)
    surface.draw(scroll)
    client.pixels.fill(0xabcdef, 40 * 15)
    const rects = await client.update(false, [0, 15, 40, 15])
    assert.ok(rects.every(({ encoding }) => encoding === raw))
    assertShown(client, surface)
  })

  it('makes a scroll of a screen of text cost the new line', async (t) => {
    const size = { width: 1920, height: 1080 }
    const bytesOf = async (draw: (scene: ConsoleScene) => void) => {
      const { surface, server, connect, update } = await serveSurface(t, size)
      const scene = new ConsoleScene(surface)
      scene.fill()
      const client = await connect()
      client.setEncodings(copyRect, zrle)
      await update(client, false)
      const before = server.viewers[0]!.sentBytes
      draw(scene)
      const rects = await update(client)
      assertShown(client, surface)
      return { bytes: server.viewers[0]!.sentBytes - before, rects }
    }
    const line = await bytesOf((scene) => scene.newLastLine())
    const scrolled = await bytesOf((scene) => scene.scroll())
    const header = 16
    t.diagnostic(`a scroll is ${scrolled.bytes} bytes, its line alone ${line.bytes}`)
    assert.equal(scrolled.rects.filter(({ encoding }) => encoding === copyRect).length, 1)
    assert.ok(scrolled.bytes <= 1.2 * line.bytes + header)
  })

  it('keeps a viewer right that sees some of many scrolls', async (t) => {
    const { surface, connect, update } = await serveSurface(t, { width: 320, height: 200 })
    const scene = new ConsoleScene(surface)
    scene.fill()
    const client = await connect()
    client.setEncodings(copyRect, zrle)
    await update(client, false)
    let copies = 0
    for (let i = 1; i <= 60; i++) {
      for (let lines = 0; lines < i % 4; lines++) scene.scroll()
      surface.pixels[i * 997] ^= 0xff
      if (i % 4 === 0) continue
      const rects = await update(client)
      copies += rects.filter(({ encoding }) => encoding === copyRect).length
    }
    await update(client, false)
    assertShown(client, surface)
    assert.ok(copies >= 40, `${copies} copies`)
  })
})
