/**
 * What this holds: umfb works for an ordinary user; and where userfaultfd is forbidden, to umfb or only to the program,
 * it finds stores by comparing, and says so.
 */
import assert from 'node:assert/strict'
import { chmod } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type TestContext, test } from 'node:test'
import { assertSamePicture, isSamePicture } from '../support/compare.js'
import { compile } from '../support/compile.js'
import { type FbdevGuest, fbdevGuest } from '../support/fbdev-guest.js'
import { skipUnlessReadableByAll, skipUnlessRoot, skipWithout } from '../support/programs.js'
import { UmfbProcess } from '../support/umfb-process.js'
import { WatchingViewer } from '../support/watching-viewer.js'

/** Nobody, of Debian's base-passwd. */
const nobody = 65534
const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--']

/** What `umfb doctor --json` and `umfb ls --json` say of a tracker. */
interface Probe {
  readonly mechanism: string
  readonly works: boolean
  readonly reason: string
}

async function json<T>(umfb: UmfbProcess, command: string): Promise<T> {
  return JSON.parse((await umfb.cli(command, '--json')).toString())
}

/** Both pictures are shown, the second one to a viewer that was there before. */
async function assertDraws(t: TestContext, umfb: UmfbProcess, { first, second }: FbdevGuest): Promise<void> {
  await umfb.shows(first)
  const viewer = await WatchingViewer.connect(t, await umfb.target())
  await viewer.shows((picture) => isSamePicture(picture, first))
  umfb.write('on')
  await viewer.shows((picture) => isSamePicture(picture, second))
  assertSamePicture(await umfb.snapshot(), second, 'umfb snapshot')
}

test('rights', { skip: skipWithout('gcc') }, async (t) => {
  const guest = await fbdevGuest(t)
  const filter = await compile(t, 'without-userfaultfd')
  await chmod(dirname(filter), 0o755)

  const skipAsNobody =
    skipUnlessRoot('it becomes another user') || skipWithout('setpriv') || skipUnlessReadableByAll()
  await t.test('an ordinary user', { skip: skipAsNobody }, async (t) => {
    const umfb = await UmfbProcess.run(t, guest.command('wait'), { launcher: asNobody, user: nobody })
    const { trackers } = await json<{ trackers: Probe[] }>(umfb, 'doctor')
    const { tracker } = await umfb.ready()
    assert.equal(tracker, trackers.find(({ works }) => works)!.mechanism, 'the best that works')
    await assertDraws(t, umfb, guest)
    await umfb.end()
    umfb.assertNothingLeft()
  })

  for (const { what, launcher, user, skip } of [
    { what: 'userfaultfd is forbidden', launcher: [filter], user: 0, skip: false },
    {
      what: 'userfaultfd is forbidden to an ordinary user',
      launcher: [...asNobody, filter],
      user: nobody,
      skip: skipAsNobody,
    },
  ]) {
    await t.test(what, { skip }, async (t) => {
      const umfb = await UmfbProcess.run(t, guest.command('wait'), { launcher, ...(user && { user }) })
      const { tracker: taken, trackerReason } = await umfb.ready()
      assert.equal(taken, 'compare')
      assert.match(trackerReason, /^wp-async does not work here: EPERM: .*userfaultfd$/)
      const { tracker } = await json<{ tracker: { probes: Probe[] } }>(umfb, 'ls')
      const better = tracker.probes.find(({ mechanism }) => mechanism === 'wp-async')!
      assert.equal(better.works, false)
      assert.match(better.reason, /userfaultfd.*EPERM|not permitted/i)
      const advice = (await umfb.cli('doctor')).toString().match(/^ {2}A seccomp filter denies userfaultfd/gm)
      assert.equal(advice?.length, 1, 'given once for all that it would help')
      await assertDraws(t, umfb, guest)
      await umfb.end()
      umfb.assertNothingLeft()
    })
  }

  await t.test('userfaultfd is forbidden to the program alone', async (t) => {
    const umfb = await UmfbProcess.run(t, [filter, ...guest.command('wait')])
    await assertDraws(t, umfb, guest)
    const { tracking } = await json<{ tracking: { compared: number } }>(umfb, 'ls')
    assert.equal(tracking.compared, 1)
    assert.match((await umfb.cli('ls')).toString(), / compared /)
    await umfb.end()
    umfb.assertNothingLeft()
  })

  await t.test('wp-async by name, where userfaultfd is forbidden: an error, no other tracker', async (t) => {
    const args = ['run', '--json', '--tracker', 'wp-async', '--', ...guest.command('wait')]
    const umfb = new UmfbProcess(t, args, { launcher: [filter] })
    assert.deepEqual(await umfb.closed, { status: 1, signal: null })
    assert.match(umfb.stderr.text, /^umfb run: the tracker wp-async does not work here: .*umfb doctor.*\n$/)
  })
})
