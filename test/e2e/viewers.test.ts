/**
 * What this holds: each kind of viewer gets in with the password and only with it, or without where none is asked; many
 * watch at once, each the whole picture, and none throws another one out.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { assertSamePicture, isSamePicture } from '../support/compare.js'
import { type FbdevGuest, fbdevGuest } from '../support/fbdev-guest.js'
import { skipWithout } from '../support/programs.js'
import { Refused } from '../support/rfb-client.js'
import { assertSeenAlike, viewerPrograms } from '../support/seen-alike.js'
import { temporaryFolder } from '../support/temporary.js'
import { UmfbProcess } from '../support/umfb-process.js'
import { gvnccapture, TigerVncViewer, vncsnapshot } from '../support/viewers.js'
import { WatchingViewer } from '../support/watching-viewer.js'
import { startXvfb } from '../support/x-server.js'

const size = ['--size', '800x600']

/** `umfb run` with some options, showing the guest's first picture. */
async function showing(t: TestContext, guest: FbdevGuest, ...options: string[]): Promise<UmfbProcess> {
  const umfb = await UmfbProcess.run(t, guest.command('wait'), { options: [...size, ...options] })
  await umfb.shows(guest.first)
  return umfb
}

async function viewersOf(umfb: UmfbProcess): Promise<number> {
  return JSON.parse((await umfb.cli('ls', '--json')).toString()).viewers
}

test('viewers', { skip: skipWithout('gcc', ...viewerPrograms) }, async (t) => {
  const guest = await fbdevGuest(t)
  const display = await startXvfb(t)

  await t.test('with the password of a file, and with no other', async (t) => {
    const file = join(temporaryFolder(t), 'password')
    writeFileSync(file, 'opensesame\n', { mode: 0o600 })
    const umfb = await showing(t, guest, '--password-file', file)
    assert.equal((await umfb.ready()).password, null, 'a password of a file is shown nowhere')
    // VNC looks at 8 bytes of a password (RFC 6143, 7.2.2).
    const right = { ...(await umfb.target()), password: 'opensesa' }
    await assertSeenAlike(t, umfb, display, guest.first, right)

    const wrong = { ...right, password: 'opensesA' }
    await assert.rejects(gvnccapture(t, wrong), /gvnccapture/)
    await assert.rejects(vncsnapshot(t, wrong), /vncsnapshot/)
    await assert.rejects(WatchingViewer.connect(t, wrong), Refused)
    await assert.rejects(WatchingViewer.connect(t, await umfb.target()), Refused)
    assert.equal(await umfb.target().then(({ password }) => password), undefined)
  })

  await t.test('without a password', async (t) => {
    const umfb = await showing(t, guest, '--no-password')
    assert.equal((await umfb.ready()).password, null)
    await assertSeenAlike(t, umfb, display, guest.first)
  })

  await t.test('several at once: all see every change, and none throws another one out', async (t) => {
    const umfb = await showing(t, guest)
    const target = await umfb.target()
    const tiger = await TigerVncViewer.start(t, display, target)
    const raw = await Promise.all([WatchingViewer.connect(t, target), WatchingViewer.connect(t, target)])
    for (const viewer of raw) await viewer.shows((picture) => isSamePicture(picture, guest.first))
    assertSamePicture(await tiger.settle(guest.first), guest.first, 'xtigervncviewer')
    // It asks for the desktop to be its own alone.
    assertSamePicture(await gvnccapture(t, target), guest.first, 'gvnccapture')
    assert.equal(await viewersOf(umfb), 3)

    umfb.write('on')
    for (const viewer of raw) await viewer.shows((picture) => isSamePicture(picture, guest.second))
    assertSamePicture(await tiger.settle(guest.second), guest.second, 'xtigervncviewer')
    assert.equal(await viewersOf(umfb), 3)
  })

  await t.test('one that stops reading holds up nobody', async (t) => {
    const umfb = await showing(t, guest)
    const target = await umfb.target()
    const stuck = await WatchingViewer.connect(t, target)
    stuck.stopReading()
    const other = await WatchingViewer.connect(t, target)
    await other.shows((picture) => isSamePicture(picture, guest.first))
    umfb.write('on')
    await other.shows((picture) => isSamePicture(picture, guest.second))
    await umfb.end()
    umfb.assertNothingLeft()
  })
})
