/**
 * What this holds: programs that read their keyboard from a terminal are driven from a viewer, or by typing: fbi turns to
 * the next picture, and ends.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { Device, rect, toRgb } from '../../src/index.js'
import { isSamePicture } from '../support/compare.js'
import { type Picture, testPicture, writePng } from '../support/pictures.js'
import { skipWithout } from '../support/programs.js'
import { temporaryFolder } from '../support/temporary.js'
import { until } from '../support/wait.js'

const [width, height] = [640, 480]

test('fbi listens to keys', { skip: skipWithout('fbi') }, async (t) => {
  const folder = temporaryFolder(t)
  const first = await testPicture(width, height)
  const second = { ...first, rgb: first.rgb.map((value) => 255 - value) }
  const files = ['first.png', 'second.png'].map((name) => join(folder, name))
  await Promise.all([first, second].map((picture, i) => writePng(files[i]!, picture)))

  await using device = await Device.create({ width, height, name: 'terminal', folder })
  const shows = (expected: Picture) =>
    until(
      () => {
        const { mode, pixels, palette } = device.surface.snapshot()
        const shown = { width, height, rgb: toRgb(pixels, mode, palette, rect(0, 0, width, height)) }
        return isSamePicture(shown, expected) || undefined
      },
      () => 'another picture',
    )
  const args = ['-d', '/dev/fb0', '-noverbose', '-nocomments', ...files]
  const guest = await device.run('fbi', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  await shows(first)
  await device.type('{pgdn}')
  await shows(second)
  await device.type('{pgup}')
  await shows(first)
  await device.type('q')
  assert.equal((await guest.exited).status, 0)
})
