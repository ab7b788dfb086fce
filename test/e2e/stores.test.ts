/**
 * What this holds: however a program changes its framebuffer, and however long it was silent before, a viewer shows it
 * without being asked to look.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { capture } from '../support/child.js'
import { assertSamePicture, isSamePicture } from '../support/compare.js'
import { compile } from '../support/compile.js'
import { asXrgb8888, testPicture } from '../support/pictures.js'
import { skipWithout } from '../support/programs.js'
import { temporaryFolder } from '../support/temporary.js'
import { skipReason } from '../support/tracked-memory.js'
import { UmfbProcess } from '../support/umfb-process.js'
import { WatchingViewer } from '../support/watching-viewer.js'

const [width, height] = [800, 600]

/** Longer than a frame clock may take to become idle. */
const silenceMs = 1500

for (const tracker of ['auto', 'wp-sync', 'zap', 'compare'] as const) {
  const skip = skipWithout('gcc') || (tracker !== 'auto' && skipReason(tracker))
  test(`every way to draw, tracker ${tracker}`, { skip }, async (t) => {
    const program = await compile(t, 'ways', '-pthread')
    const names = (await capture(program, ['--list'])).toString().trim().split('\n')
    const picture = await testPicture(width, height)
    const file = join(temporaryFolder(t), 'picture')
    writeFileSync(file, asXrgb8888(picture))
    const options = ['--size', `${width}x${height}`, '--tracker', tracker]
    const umfb = await UmfbProcess.run(t, [program, file], { options })
    const viewer = await WatchingViewer.connect(t, await umfb.target())

    // Nothing is waited for but the viewer: asking the device for its picture would make it look.
    const expected = { width, height, rgb: new Uint8Array(picture.rgb.length) }
    const bandBytes = Math.floor(height / names.length) * width * 3
    for (const [index, name] of names.entries()) {
      await t.test(name, { timeout: 10_000 }, async () => {
        const [from, to] = [
          index * bandBytes,
          index === names.length - 1 ? picture.rgb.length : (index + 1) * bandBytes,
        ]
        expected.rgb.set(picture.rgb.subarray(from, to), from)
        if (index === 0) await delay(silenceMs)
        umfb.write('')
        await viewer.shows((seen) => isSamePicture(seen, expected))
      })
    }
    assertSamePicture(await umfb.snapshot(), picture, 'umfb snapshot')
  })
}
