/**
 * What these hold: a scroll that a frontend tells of reaches an RFB viewer as a copy and the new line; a viewer's input
 * reaches the frontend, and what it holds is released when it leaves.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import { Device } from '../../src/device.js'
import { rect, rectOfSize } from '../../src/geometry/rect.js'
import { RfbClient } from '../support/rfb-client.js'
import { temporaryFolder } from '../support/temporary.js'

const [raw, copyRect] = [0, 1]
const size = { width: 320, height: 240 }
const lineHeight = 16

async function served(t: TestContext) {
  const device = await Device.create({
    ...size,
    name: 'scrolled',
    folder: temporaryFolder(t),
    frontend: true,
    fps: 1000,
    vnc: { host: '127.0.0.1', port: 0, password: undefined },
  })
  t.after(() => device.close())
  const client = await RfbClient.connect({ port: device.vnc!.port })
  t.after(() => client.close())
  client.setEncodings(raw, copyRect)
  return { device, frontend: device.frontend!, client }
}

describe('an RFB viewer', () => {
  it('is sent the copies that a frontend tells of', async (t) => {
    const { device, frontend, client } = await served(t)
    for (let y = 0; y < size.height; y += lineHeight) {
      frontend.fill(rectOfSize(0, y, size.width, lineHeight), 0x010101 * (y / lineHeight + 1))
    }
    await client.update(false)
    assert.ok(await device.surface.drain(60_000))
    let copies = 0
    let pixels = 0
    for (let line = 0; line < 10; line++) {
      const bottom = size.height - lineHeight
      frontend.copy(rect(0, 0, size.width, bottom), 0, lineHeight)
      frontend.fill(rect(0, bottom, size.width, size.height), 0x100000 * (line + 1))
      frontend.flush()
      const rects = await client.update(true)
      assert.ok(await device.surface.drain(60_000))
      copies += rects.filter(({ encoding }) => encoding === copyRect).length
      for (const { encoding, width, height } of rects) if (encoding === raw) pixels += width * height
    }
    assert.equal(copies, 10)
    assert.equal(pixels, 10 * size.width * lineHeight)
    const shown = new Uint32Array(frontend.pixels.buffer, frontend.pixels.byteOffset, client.pixels.length)
    assert.ok(client.pixels.every((pixel, i) => pixel === (shown[i]! & 0xffffff)))
  })

  it('types to the frontend, and lets go when it leaves', async (t) => {
    const { frontend, client } = await served(t)
    const keyEvent = Buffer.alloc(8)
    keyEvent.set([4, 1])
    keyEvent.writeUInt32BE(0x61, 4)
    client.socket.write(keyEvent)
    const [pressed] = await once(frontend, 'key')
    assert.deepEqual(pressed, { keycode: 30, pressed: true })
    client.close()
    const [released] = await once(frontend, 'key')
    assert.deepEqual(released, { keycode: 30, pressed: false })
  })
})
