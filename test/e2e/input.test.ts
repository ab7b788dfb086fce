/**
 * What this holds: keys pressed in a real viewer, and text that `umfb type` is given, arrive in an unmodified program that
 * reads /dev/input, and in an X server on its evdev driver.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { capture, listen, start } from '../support/child.js'
import { skipUnlessRoot, skipWithout } from '../support/programs.js'
import { UmfbProcess } from '../support/umfb-process.js'
import { TigerVncViewer } from '../support/viewers.js'
import { until } from '../support/wait.js'
import { WatchingViewer } from '../support/watching-viewer.js'
import { startXvfb } from '../support/x-server.js'
import { startXorg } from '../support/xorg.js'

/** The keys that evtest(1) said, in order: "A1" for a press of KEY_A, "A0" for its release. */
function keysSaid(output: string): string[] {
  return [...output.matchAll(/\((?:KEY|BTN)_(\w+)\), value (\d)/g)].map(([, key, value]) => `${key}${value}`)
}

/** A program in a device, which says on standard error what it reads. */
async function evtest(t: Parameters<typeof UmfbProcess.run>[0], device: string) {
  const umfb = await UmfbProcess.run(t, ['stdbuf', '-oL', 'evtest', device])
  const says = (expected: readonly string[]) =>
    until(
      () => keysSaid(umfb.stderr.text).join(' ').endsWith(expected.join(' ')) || undefined,
      () =>
        `expected ${expected}, evtest said ${keysSaid(umfb.stderr.text)}: ${umfb.stderr.text.slice(-500)}`,
    )
  await until(
    () => umfb.stderr.text.includes('Testing ...') || undefined,
    () => `evtest does not start: ${umfb.stderr.text}`,
  )
  return { umfb, says }
}

test('a person at a viewer', {
  skip: skipWithout('evtest', 'stdbuf', 'Xvfb', 'xdotool', 'setxkbmap', 'xtigervncviewer', 'xwininfo'),
}, async (t) => {
  const display = await startXvfb(t)

  await t.test('presses keys', async (t) => {
    const { umfb, says } = await evtest(t, '/dev/input/event0')
    const viewer = await TigerVncViewer.start(t, display, await umfb.target())
    await viewer.type('keydown', 'Shift_L', 'key', 'b', 'keyup', 'Shift_L', 'key', 'F5', 'Left')
    await says(['LEFTSHIFT1', 'B1', 'B0', 'LEFTSHIFT0', 'F51', 'F50', 'LEFT1', 'LEFT0'])
    // By its place, which the keysym of this layout does not tell.
    await capture('setxkbmap', ['-display', display, 'fr'])
    t.after(() => capture('setxkbmap', ['-display', display, 'us']))
    await viewer.type('key', 'a')
    await says(['Q1', 'Q0'])
    await umfb.end()
    umfb.assertNothingLeft()
  })

  await t.test('moves and clicks', async (t) => {
    const { umfb, says } = await evtest(t, '/dev/input/event1')
    const viewer = await TigerVncViewer.start(t, display, await umfb.target())
    await viewer.type('mousemove', '100', '50', 'click', '1', 'click', '3', 'click', '4')
    await says(['LEFT1', 'LEFT0', 'RIGHT1', 'RIGHT0'])
    await until(
      () => /\(REL_WHEEL\), value 1/.test(umfb.stderr.text) || undefined,
      () => 'no wheel',
    )
    assert.match(umfb.stderr.text, /\(ABS_X\), value \d+/)
  })
})

test('umfb type', { skip: skipWithout('evtest', 'stdbuf') }, async (t) => {
  const { umfb, says } = await evtest(t, '/dev/input/event0')
  const { name } = await umfb.ready()
  await umfb.cli('type', name, '--layout', 'de', 'z@\\n{ctrl-c}')
  await says([
    'Y1',
    'Y0',
    'RIGHTALT1',
    'Q1',
    'Q0',
    'RIGHTALT0',
    'ENTER1',
    'ENTER0',
    'LEFTCTRL1',
    'C1',
    'C0',
    'LEFTCTRL0',
  ])
  await assert.rejects(umfb.cli('type', name, 'aé'), /has no keys for é \(U\+00E9\); nothing was typed/)
})

const inputSections = ['keyboard', 'pointer', 'touch']
  .map(
    (name, number) => `
Section "InputDevice"
  Identifier "${name}"
  Driver "evdev"
  Option "Device" "/dev/input/event${number}"
EndSection
`,
  )
  .join('')

const layoutSection = `
Section "ServerLayout"
  Identifier "layout"
  Screen "screen"
  InputDevice "keyboard" "CoreKeyboard"
  InputDevice "pointer" "CorePointer"
  InputDevice "touch"
EndSection
`

const evdevDriver = '/usr/lib/xorg/modules/input/evdev_drv.so'
const skipXorg =
  skipUnlessRoot('Xorg takes a console') ||
  skipWithout('Xorg', 'xev', 'xdotool') ||
  (existsSync(evdevDriver) ? false : 'not installed: xserver-xorg-input-evdev')

test('an X server on its evdev driver', { skip: skipXorg }, async (t) => {
  const { umfb, display, log } = await startXorg(t, inputSections + layoutSection)
  const env = { ...process.env, DISPLAY: display }
  const xdotool = (...args: string[]) => capture('xdotool', args, env).then((said) => said.toString().trim())
  const xev = start(t, 'stdbuf', ['-oL', 'xev', '-event', 'keyboard'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = listen(xev.stdout)
  await xdotool('search', '--sync', '--name', 'Event Tester', 'windowfocus', '--sync')

  // More than any queue on the way holds.
  const text = 'umfb '.repeat(400)
  const { name } = await umfb.ready()
  await umfb.cli('type', name, '--interval', '1', `${text}{esc}`)
  const pressed = () =>
    [...said.text.matchAll(/KeyPress event[\s\S]*?keysym 0x[0-9a-f]+, (\w+)\)/g)].map(([, key]) => key)
  await until(
    () => pressed().at(-1) === 'Escape' || undefined,
    () => `xev said ${pressed().length} keys: ${log()}`,
  )
  const keys = pressed()
    .slice(0, -1)
    .map((key) => (key === 'space' ? ' ' : key))
  assert.equal(keys.join(''), text)

  const viewer = await WatchingViewer.connect(t, await umfb.target())
  viewer.click(321, 123)
  await until(
    async () => (await xdotool('getmouselocation')).startsWith('x:321 y:123') || undefined,
    () => `the pointer is elsewhere: ${log()}`,
  )
  await umfb.end()
  umfb.assertNothingLeft()
})
