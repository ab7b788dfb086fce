/**
 * What this holds: an X server runs on its fbdev driver, unmodified, with clients that draw, and viewers show to the
 * pixel what that server itself says is on its screen.
 */
import { test } from 'node:test'
import { start } from '../support/child.js'
import { isSamePicture } from '../support/compare.js'
import { skipUnlessRoot, skipWithout } from '../support/programs.js'
import { assertSeenAlike, viewerPrograms } from '../support/seen-alike.js'
import { until } from '../support/wait.js'
import { startXvfb } from '../support/x-server.js'
import { startXorg } from '../support/xorg.js'
import { xwd } from '../support/xwd.js'

const skip =
  skipUnlessRoot('Xorg takes a console') || skipWithout('Xorg', 'xlogo', 'xeyes', ...viewerPrograms)

test('Xorg on its fbdev driver, with clients', { skip }, async (t) => {
  const { umfb, display } = await startXorg(t, '', '-nocursor')

  const client = (program: string, ...args: string[]) =>
    start(t, program, ['-display', display, ...args], { stdio: 'ignore' })
  client('xlogo', '-geometry', '400x500+20+30', '-fg', '#c02040', '-bg', '#fff0d0')
  client('xeyes', '-geometry', '300x200+450+100', '-fg', '#2060a0', '-center', '#80ffc0')
  const blank = await xwd(display)
  // Both have drawn when the server's picture has their colours, and stays as it is.
  let before = blank
  const settled = async () => {
    const now = await xwd(display)
    const done =
      [0xc02040, 0x80ffc0].every((colour) => hasColour(now.rgb, colour)) && isSamePicture(now, before)
    before = now
    return done ? now : undefined
  }
  const expected = await until(settled, () => 'the clients do not draw')

  await umfb.shows(expected)
  await assertSeenAlike(t, umfb, await startXvfb(t), expected)
  await umfb.end()
  umfb.assertNothingLeft()
})

function hasColour(rgb: Uint8Array, colour: number): boolean {
  const bytes = Buffer.from([colour >> 16, (colour >> 8) & 255, colour & 255])
  return Buffer.from(rgb.buffer, rgb.byteOffset, rgb.length).includes(bytes)
}
