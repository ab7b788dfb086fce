/**
 * What this holds: an X server runs on its fbdev driver, unmodified, with clients that draw, and viewers show to the
 * pixel what that server itself says is on its screen.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { start } from '../support/child.js'
import { isSamePicture } from '../support/compare.js'
import { skipUnlessRoot, skipWithout } from '../support/programs.js'
import { assertSeenAlike, viewerPrograms } from '../support/seen-alike.js'
import { temporaryFolder } from '../support/temporary.js'
import { UmfbProcess } from '../support/umfb-process.js'
import { until } from '../support/wait.js'
import { startXvfb } from '../support/x-server.js'
import { xwd } from '../support/xwd.js'

/** No input devices, no other graphics: nothing of the machine that the test runs on. */
const configuration = `
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoAddGPU" "false"
  Option "AutoBindGPU" "false"
EndSection
Section "Device"
  Identifier "umfb"
  Driver "fbdev"
  Option "fbdev" "/dev/fb0"
EndSection
Section "Screen"
  Identifier "screen"
  Device "umfb"
EndSection
`

const skip =
  skipUnlessRoot('Xorg takes a console') || skipWithout('Xorg', 'xlogo', 'xeyes', ...viewerPrograms)

test('Xorg on its fbdev driver, with clients', { skip }, async (t) => {
  const folder = temporaryFolder(t)
  const [config, log, number] = ['xorg.conf', 'log', 'display'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(config, configuration)
  writeFileSync(number, '')
  // The shell opens the file that the server tells its display's number through, when clients can connect.
  const options = `-config ${config} -logfile ${log} -displayfd 9 -noreset -nocursor -sharevts -novtswitch -nolisten tcp`
  const umfb = await UmfbProcess.run(t, ['sh', '-c', `exec Xorg ${options} 9>${number}`])
  const told = () => /^(\d+)\n/.exec(readFileSync(number, 'utf8'))?.[1]
  const display = `:${await until(told, () => `Xorg does not start: ${readLog(log)}${umfb.stderr.text}`)}`

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

function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
