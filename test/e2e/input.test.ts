/**
 * What this holds: keys pressed in a real viewer, and text that `umfb type` is given, arrive in an unmodified program that
 * reads /dev/input, and in an X server on its evdev driver.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { capture } from '../support/child.js'
import { skipUnlessRoot, skipWithout } from '../support/programs.js'
import { temporaryFolder } from '../support/temporary.js'
import { UmfbProcess } from '../support/umfb-process.js'
import { TigerVncViewer } from '../support/viewers.js'
import { until } from '../support/wait.js'
import { startXvfb } from '../support/x-server.js'

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
  skip: skipWithout('evtest', 'stdbuf', 'Xvfb', 'xdotool', 'xtigervncviewer', 'xwininfo'),
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
