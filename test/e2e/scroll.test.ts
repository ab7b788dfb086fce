/**
 * What this holds: a text that scrolls by copies is the same in real viewers as in `snapshot`, pixel for pixel, and TigerVNC's
 * is sent copies, not pictures.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { RfbServer, Surface, toRgb } from '../../src/index.js'
import { assertSamePicture } from '../support/compare.js'
import { ConsoleScene } from '../support/console-scene.js'
import type { Picture } from '../support/pictures.js'
import { skipWithout } from '../support/programs.js'
import { gvnccapture, TigerVncViewer } from '../support/viewers.js'
import { until } from '../support/wait.js'
import { startXvfb } from '../support/x-server.js'

const size = { width: 800, height: 600 }
const scrolls = 40

function pictureOf(surface: Surface): Picture {
  const { mode, palette, pixels } = surface.snapshot()
  return { ...size, rgb: toRgb(pixels, mode, palette, surface.bounds) }
}

async function serve(t: TestContext) {
  const surface = await Surface.create(size)
  const server = await RfbServer.listen({ surface, security: { type: 'none' } })
  t.after(async () => {
    await server.close()
    await surface.close()
  })
  return { surface, server, target: { host: '127.0.0.1', port: server.address().port } }
}

const needed = ['Xvfb', 'xwd', 'xwininfo', 'gvnccapture', 'xtigervncviewer']

test('a scrolling text in real viewers', { skip: skipWithout(...needed) }, async (t) => {
  const { surface, server, target } = await serve(t)
  const scene = new ConsoleScene(surface)
  scene.fill()
  const display = await startXvfb(t)
  const tiger = await TigerVncViewer.start(t, display, target)
  await tiger.settle(pictureOf(surface))

  const [viewer] = server.viewers
  const pictureBytes = viewer!.sentBytes
  for (let i = 0; i < scrolls; i++) {
    const { updates } = viewer!
    scene.scroll()
    // Stores among the ops.
    surface.pixels.fill(i, i * 7000, i * 7000 + 40)
    await until(
      async () => (viewer!.updates > updates ? true : undefined),
      () => 'TigerVNC asks for no update',
    )
  }
  const scrolledBytes = viewer!.sentBytes - pictureBytes
  const expected = pictureOf(surface)
  assertSamePicture(await tiger.settle(expected), expected, 'xtigervncviewer')
  assertSamePicture(await gvnccapture(t, target), expected, 'gvnccapture')
  t.diagnostic(`the first picture was ${pictureBytes} bytes, a scroll ${Math.round(scrolledBytes / scrolls)}`)
  assert.ok(scrolledBytes / scrolls < pictureBytes / 4)
})
