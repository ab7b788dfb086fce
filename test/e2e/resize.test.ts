/**
 * What this holds: a guest that follows its viewer has the size of that viewer's window, whatever it is dragged to, beyond
 * its first mode too; and the viewer shows what `umfb snapshot` does. A program that does not ask for it keeps its size.
 */
import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ControlClient } from '../../src/index.js'
import { start } from '../support/child.js'
import { assertSamePicture } from '../support/compare.js'
import { builtProgram } from '../support/paths.js'
import { readPicture } from '../support/pictures.js'
import { skipWithout } from '../support/programs.js'
import { temporaryFolder } from '../support/temporary.js'
import { type Event, UmfbProcess } from '../support/umfb-process.js'
import { TigerVncViewer } from '../support/viewers.js'
import { until } from '../support/wait.js'
import { startXvfb } from '../support/x-server.js'

const skip = skipWithout('Xvfb', 'xdotool', 'xtigervncviewer', 'xwininfo', 'xwd')

interface Served {
  readonly umfb: UmfbProcess
  readonly name: string
  readonly target: { readonly host: string; readonly port: number }
  readonly demo: ChildProcess
}

async function serveDemo(t: TestContext, ...options: string[]): Promise<Served> {
  const first = ['--name', 's', '--size', '320x240', '--no-password']
  const umfb = new UmfbProcess(t, [
    'serve',
    '--json',
    ...first,
    ...options,
    join(temporaryFolder(t), 'guests'),
  ])
  const { socket } = await umfb.event('ready')
  const child = start(t, builtProgram('umfb-demo'), [socket as string], { stdio: 'inherit' })
  const { name, vnc } = (await umfb.event('device')) as Event & { name: string; vnc: Served['target'] }
  return { umfb, name, target: vnc, demo: child }
}

/** Until the device has a size. */
async function hasSize({ umfb, name }: Served, width: number, height: number): Promise<void> {
  await using client = await ControlClient.connect(name, { folder: umfb.runtimeDirectory })
  let last = ''
  await until(
    async () => {
      const status = await client.status()
      last = `${status.width}x${status.height}`
      return last === `${width}x${height}` || undefined
    },
    () => `expected ${width}x${height}, the device has ${last}`,
  )
}

/** Stopped between two of its frames, so that the picture stays as it is. */
async function holdStill({ pid }: ChildProcess): Promise<void> {
  process.kill(pid!, 'SIGSTOP')
  await until(
    () => /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) || undefined,
    () => 'the demo goes on',
  )
}

test('the demo follows its viewer’s window', { skip }, async (t) => {
  const served = await serveDemo(t)
  const display = await startXvfb(t, '1400x1000')
  const viewer = await TigerVncViewer.start(t, display, served.target, { remoteResize: true })
  for (const [width, height] of [
    [640, 400],
    [1201, 803],
    [217, 333],
  ] as const) {
    await viewer.resize(width, height)
    await hasSize(served, width, height)
    await holdStill(served.demo)
    const picture = await readPicture(await served.umfb.cli('snapshot', served.name, '-'))
    assert.deepEqual([picture.width, picture.height], [width, height])
    assert.ok(new Set(picture.rgb).size > 50, 'it has been drawn')
    assertSamePicture(await viewer.settle(picture), picture, `xtigervncviewer, ${width}x${height}`)
    served.demo.kill('SIGCONT')
  }
})

test('a window that device memory has no room for changes nothing, and the next one is followed', {
  skip,
}, async (t) => {
  const served = await serveDemo(t, '--memory', '1')
  const display = await startXvfb(t, '1400x1000')
  const viewer = await TigerVncViewer.start(t, display, served.target, { remoteResize: true })
  await viewer.resize(1200, 900)
  await viewer.resize(500, 400)
  await hasSize(served, 500, 400)
})
