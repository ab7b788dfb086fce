/** What this holds: a scroll of a full screen at 1080p costs a viewer a copy and little more than the new line alone. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Device } from '../../src/device.js'
import { RfbServer } from '../../src/rfb/server.js'
import { RfbClient } from '../support/rfb-client.js'
import { temporaryFolder } from '../support/temporary.js'

const [raw, copyRect, zrle] = [0, 1, 16]
const size = { width: 1920, height: 1080 }
const rows = 67
const words = (count: number) => Array.from({ length: count }, (_, i) => `word${(i * 7919) % 1000}`).join(' ')

/** What a viewer is sent of a console that shows a screen of text, from one state to another. */
async function sent(t: TestContext, output: string) {
  const device = await Device.create({ ...size, frontend: true, fps: 1000, folder: temporaryFolder(t) })
  t.after(() => device.close())
  const server = await RfbServer.listen({ surface: device.surface, security: { type: 'none' } })
  t.after(() => server.close())
  const lines = Array.from({ length: rows }, (_, i) => `${i} ${words(5 + ((i * 13) % 24))}`).join('\n')
  const script = 'stty -echo -opost; printf "\\033[?25l%b" "$0"; read x; printf "%b" "$1"; read x'
  const console = await device.console({
    command: 'sh',
    args: ['-c', script, lines.replaceAll('\n', '\\r\\n'), output],
  })
  await console.waitFor(new RegExp(`^${rows - 1} `, 'm'), { timeoutMs: 20_000 })
  device.snapshot()
  const client = await RfbClient.connect({ port: server.address().port })
  t.after(() => client.close())
  client.setEncodings(raw, copyRect, zrle)
  await client.update(false)
  assert.ok(await device.surface.drain(60_000))
  const before = server.viewers[0]!.sentBytes
  console.write('\r')
  await console.waitFor(/the new line/, { timeoutMs: 20_000 })
  device.snapshot()
  const rects = await client.update(true)
  const pixels = new Uint32Array(device.snapshot().pixels.slice().buffer).subarray(0, client.pixels.length)
  assert.ok(client.pixels.every((pixel, i) => pixel === (pixels[i]! & 0xffffff)))
  return { bytes: server.viewers[0]!.sentBytes - before, rects }
}

test('a line more at the end of a screen', async (t) => {
  const line = `the new line ${words(25)}`
  // The same line in the place of the last one, which is as long.
  const alone = await sent(t, `\\033[${rows};1H\\033[K${line}`)
  const scrolled = await sent(t, `\\r\\n${line}`)
  t.diagnostic(`a scroll is ${scrolled.bytes} bytes, its line alone ${alone.bytes}`)
  assert.equal(scrolled.rects.filter(({ encoding }) => encoding === copyRect).length, 1)
  const header = 16
  assert.ok(scrolled.bytes <= 1.2 * alone.bytes + header)
})
