/**
 * What this holds: a program that changes size and depth of its framebuffer is followed by the viewers that watch, and
 * ones that come later see the same; a mode that cannot be had is refused, and changes nothing.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { assertSamePicture } from '../support/compare.js'
import { asRgb565, asXrgb8888, testPicture } from '../support/pictures.js'
import { skipWithout } from '../support/programs.js'
import { assertSeenAlike, viewerPrograms } from '../support/seen-alike.js'
import { temporaryFolder } from '../support/temporary.js'
import { UmfbProcess } from '../support/umfb-process.js'
import { gvnccapture, TigerVncViewer } from '../support/viewers.js'
import { until } from '../support/wait.js'
import { startXvfb } from '../support/x-server.js'

test('modes', { skip: skipWithout('fbset', ...viewerPrograms) }, async (t) => {
  const display = await startXvfb(t)
  const folder = temporaryFolder(t)
  const large = await testPicture(800, 600)
  const small = await testPicture(640, 400)
  const shallow = asRgb565(large)
  const steps = [
    { name: 'the mode that umfb gave', set: '', bytes: asXrgb8888(large), expected: large },
    { name: 'a smaller one', set: 'fbset -g 640 400 640 400 32', bytes: asXrgb8888(small), expected: small },
    {
      name: '16 bits a pixel',
      set: 'fbset -g 800 600 800 600 16',
      bytes: shallow.bytes,
      expected: shallow.shown,
    },
    {
      name: 'one that cannot be had',
      set: '! fbset -g 9999 9999 9999 9999 32',
      bytes: shallow.bytes,
      expected: shallow.shown,
    },
    {
      name: 'the first one again',
      set: 'fbset -g 800 600 800 600 32',
      bytes: asXrgb8888(large),
      expected: large,
    },
  ]
  const script = steps.map(({ set, bytes }, index) => {
    const file = join(folder, `${index}`)
    writeFileSync(file, bytes)
    return `${set}\ncat ${file} > /dev/fb0\nread line`
  })
  const umfb = await UmfbProcess.run(t, ['sh', '-ec', script.join('\n')])
  await umfb.shows(large)
  const watching = await TigerVncViewer.start(t, display, await umfb.target())

  for (const { name, expected } of steps) {
    await t.test(name, async (t) => {
      await umfb.shows(expected)
      assertSamePicture(await watching.settle(expected), expected, 'xtigervncviewer, there before')
      await assertSeenAlike(t, umfb, await startXvfb(t), expected)
      umfb.write('on')
    })
  }
})

/** One of each kind: other shifts, three bytes a pixel, components of 5 bits and fewer, a palette. */
for (const format of ['bgrx8888', 'bgr888', 'xrgb1555', 'rgb332', 'c8']) {
  test(`${format}, at an odd size`, { skip: skipWithout('gvnccapture') }, async (t) => {
    const script = 'head -c 250000 /dev/urandom > /dev/fb0; echo drawn >&2; read line'
    const umfb = await UmfbProcess.run(t, ['sh', '-c', script], {
      options: ['--size', '333x201', '--format', format, '--no-password'],
    })
    await until(
      () => umfb.stderr.text.includes('drawn') || undefined,
      () => umfb.stderr.text,
    )
    const picture = await umfb.snapshot()
    assert.ok(new Set(picture.rgb).size > 2, 'noise has many values')
    assertSamePicture(await gvnccapture(t, await umfb.target()), picture, 'gvnccapture')
  })
}
