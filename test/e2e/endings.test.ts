/**
 * What this holds: however a program ends or does not end, and however umfb is told to end, no process, no socket and no
 * shared memory is left, and what was drawn last has reached the viewer.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertSamePicture, isSamePicture } from '../support/compare.js'
import { type Ending, fbdevGuest } from '../support/fbdev-guest.js'
import { skipWithout } from '../support/programs.js'
import { UmfbProcess } from '../support/umfb-process.js'
import { until } from '../support/wait.js'
import { WatchingViewer } from '../support/watching-viewer.js'

/** What `umfb run` says of a program that ends by itself: as a shell would. */
const byItself: readonly [ending: Ending, what: string, status: number, signal: string | null][] = [
  ['exit', 'exits', 7, null],
  ['crash', 'crashes', 128 + 11, 'SIGSEGV'],
  ['kill', 'is killed', 128 + 9, 'SIGKILL'],
  ['orphan', 'exits, and leaves a child that hangs', 7, null],
]

/** Programs that umfb has to end: with SIGTERM, and after a grace with SIGKILL. */
const byForce: readonly [ending: Ending, what: string, status: number][] = [
  ['wait', 'waits', 128 + 15],
  ['hang', 'hangs in its own stores', 128 + 9],
  ['stop', 'has stopped itself', 128 + 15],
]

test('endings', { skip: skipWithout('gcc') }, async (t) => {
  const guest = await fbdevGuest(t)
  const { first, second } = guest

  for (const [ending, what, status, signal] of byItself) {
    await t.test(`a program that ${what} right after its last picture`, async (t) => {
      const umfb = await UmfbProcess.run(t, guest.command(ending))
      await umfb.shows(first)
      const viewer = await WatchingViewer.connect(t, await umfb.target())
      await viewer.shows((picture) => isSamePicture(picture, first))

      umfb.write('on')
      assert.deepEqual(await umfb.event('exit'), { event: 'exit', status, signal })
      assert.deepEqual(await umfb.ended, { status, signal: null })
      await viewer.ended
      assertSamePicture(viewer.picture(), second, 'the last picture')
      umfb.assertNothingLeft()
    })
  }

  await t.test('a program that goes on in the background, until it ends there', async (t) => {
    const umfb = await UmfbProcess.run(t, guest.command('background'))
    const viewer = await WatchingViewer.connect(t, await umfb.target())
    umfb.write('on')
    await viewer.shows((picture) => isSamePicture(picture, second))
    umfb.write('on')
    assert.deepEqual(await umfb.ended, { status: 0, signal: null })
    await viewer.ended
    assertSamePicture(viewer.picture(), first, 'the last picture')
    umfb.assertNothingLeft()
  })

  for (const [ending, what, status] of byForce) {
    await t.test(`SIGTERM, while the program ${what}`, async (t) => {
      const umfb = await UmfbProcess.run(t, guest.command(ending))
      const viewer = await WatchingViewer.connect(t, await umfb.target())
      umfb.write('on')
      await viewer.shows((picture) => isSamePicture(picture, second))

      assert.deepEqual(await umfb.end('SIGTERM'), { status, signal: null })
      await viewer.ended
      assertSamePicture(viewer.picture(), second, 'the last picture')
      umfb.assertNothingLeft()
    })
  }

  for (const signal of ['SIGINT', 'SIGHUP'] as const) {
    await t.test(signal, async (t) => {
      const umfb = await UmfbProcess.run(t, guest.command('wait'))
      assert.deepEqual(await umfb.end(signal), { status: 128 + 15, signal: null })
      umfb.assertNothingLeft()
    })
  }

  await t.test('SIGKILL of umfb itself, while the program hangs in its own stores', async (t) => {
    const umfb = await UmfbProcess.run(t, guest.command('hang'))
    umfb.write('on')
    await umfb.shows(second)
    assert.deepEqual(await umfb.end('SIGKILL'), { status: null, signal: 'SIGKILL' })
    await umfb.lastProcessEnded()
    umfb.assertNoSharedMemory()
  })

  await t.test(
    'a second SIGINT, while the program hangs: umfb ends at once, and the program soon',
    async (t) => {
      const umfb = await UmfbProcess.run(t, guest.command('hang'))
      umfb.write('on')
      await umfb.shows(second)
      process.kill(umfb.pid, 'SIGINT')
      await until(
        () => umfb.stderr.text.includes('SIGINT') || undefined,
        () => 'umfb does not say that it ends',
      )
      assert.deepEqual(await umfb.end('SIGINT'), { status: 128 + 2, signal: null })
      await umfb.lastProcessEnded()
      umfb.assertNothingLeft()
    },
  )
})
