/**
 * What this holds: a frontend that writes anything to all of device memory, at any time, and comes again and again, harms
 * nothing but its own picture. `umfb serve` neither ends nor hangs, its memory stays bounded, viewers and snapshots are
 * served meanwhile, and a frontend that behaves is shown exactly, next to the scribbler and after it.
 *
 * UMFB_SCRIBBLE_SECONDS: how long; `npm run fuzz` has it for longer. UMFB_SCRIBBLE_SEED: another one.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { ControlClient } from '../../src/control/client.js'
import { start } from '../support/child.js'
import { describeDifference, isSamePicture } from '../support/compare.js'
import { DeviceProcess } from '../support/device-process.js'
import { RfbClient } from '../support/rfb-client.js'
import { temporaryFolder } from '../support/temporary.js'
import { testGuest } from '../support/test-guest.js'
import { type Event, UmfbProcess } from '../support/umfb-process.js'
import { WatchingViewer } from '../support/watching-viewer.js'

const seconds = Number(process.env.UMFB_SCRIBBLE_SECONDS ?? 4)
const seed = process.env.UMFB_SCRIBBLE_SEED ?? '1'

/** Of the server: its shadows, what it encodes, and the frontends' memory as far as it looked at it. */
const mostBytes = 2 ** 30

/** What a process has in memory that is not a file's, and all of it. */
function residentBytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]
  return Number(kilobytes) * 1024
}

interface Served {
  readonly name: string
  readonly program: string
  readonly vnc: { host: string; port: number }
}

/** Looks at a device until it is gone, as a viewer does. */
async function watch({ vnc }: Served, password: string): Promise<number> {
  let updates = 0
  let client: RfbClient | undefined
  try {
    client = await RfbClient.connect({ ...vnc, password })
    client.setEncodings(16, 1, 0, -223, -239)
    for (;;) {
      await client.update(updates % 8 !== 0)
      updates++
    }
  } catch (error) {
    // It goes with its device, and that at any time; what it was sent until then must be right.
    assert.match(String(error), /the server closed|ECONN|EPIPE|refused|too long/i)
  } finally {
    client?.close()
  }
  return updates
}

/** @returns 1, or 0 where the device was gone first */
async function snapshot(umfb: UmfbProcess, name: string): Promise<number> {
  try {
    await using client = await ControlClient.connect(name, { folder: umfb.runtimeDirectory })
    await client.pixels()
    return 1
  } catch (error) {
    assert.doesNotMatch(String(error), /did not answer/)
    return 0
  }
}

async function sum(counts: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(counts)).reduce((total, count) => total + count, 0)
}

async function drawExactly(t: TestContext, socket: string, next: () => Promise<Served>, password: string) {
  const device = new DeviceProcess(t, socket)
  assert.equal(await device.call('open', 64, 48), 0)
  await device.call('fill', 0, 3, 4, 50, 40, 0x345678, 0)
  await device.call('fill', 0, 13, 14, 20, 20, 0xffffff, 1)
  const { vnc } = await next()
  const viewer = await WatchingViewer.connect(t, { ...vnc, password })
  const inside = (x: number, y: number, x1: number, y1: number, w: number, h: number) =>
    x >= x1 && y >= y1 && x < x1 + w && y < y1 + h
  const values = Array.from({ length: 64 * 48 }, (_, i) => {
    const [x, y] = [i % 64, Math.floor(i / 64)]
    const under = inside(x, y, 3, 4, 50, 40) ? 0x345678 : 0
    return inside(x, y, 13, 14, 20, 20) ? under ^ 0xffffff : under
  })
  const rgb = Uint8Array.from(
    { length: values.length * 3 },
    (_, i) => values[Math.floor(i / 3)]! >> (16 - (i % 3) * 8),
  )
  const expected = { width: 64, height: 48, rgb }
  const late = setTimeout(() => assert.fail(`${describeDifference(viewer.picture(), expected)}`), 60_000)
  await viewer.shows((picture) => isSamePicture(picture, expected))
  clearTimeout(late)
  return device
}

test('a frontend that scribbles over all of device memory', {
  timeout: (seconds + 120) * 1000,
}, async (t) => {
  const socket = join(temporaryFolder(t), 'frontends')
  const umfb = new UmfbProcess(t, ['serve', '--json', '--name', 'wall', socket])
  const password = (await umfb.event('ready')).password as string
  const scribbler = start(t, testGuest, ['scribble', seed], {
    env: { ...process.env, UMFB_SOCKET: socket },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let [entered, refused] = [0, 0]
  scribbler.stdout!.setEncoding('utf8').on('data', (said: string) => {
    entered += said.split('in\n').length - 1
    refused += said.split('out\n').length - 1
  })

  const tame: Served[] = []
  let wakeTame = () => {}
  const views: Promise<number>[] = []
  const snapshots: Promise<number>[] = []
  let [devices, most] = [0, 0]
  const follow = async () => {
    for (;;) {
      const event = (await umfb.event('device').catch(() => undefined)) as (Event & Served) | undefined
      if (!event) return
      devices++
      if (event.program === 'device') {
        tame.push(event)
        wakeTame()
      } else {
        views.push(watch(event, password))
        snapshots.push(snapshot(umfb, event.name))
      }
      most = Math.max(most, residentBytes(umfb.pid))
    }
  }
  const following = follow()
  const nextTame = async () => {
    while (tame.length === 0) await new Promise<void>((resolve) => (wakeTame = resolve))
    return tame.shift()!
  }

  await drawExactly(t, socket, nextTame, password)
  const ended = umfb.ended.then(({ status, signal }) =>
    assert.fail(`umfb ended with ${status ?? signal}: ${umfb.stderr.text}`),
  )
  await Promise.race([delay(seconds * 1000), ended])
  const left = once(scribbler, 'exit')
  scribbler.stdin!.end()
  if (scribbler.exitCode === null && scribbler.signalCode === null) await Promise.race([left, ended])
  assert.equal(scribbler.exitCode, 0, `the scribbler ended with ${scribbler.signalCode}`)
  await Promise.race([drawExactly(t, socket, nextTame, password), ended])

  most = Math.max(most, residentBytes(umfb.pid))
  ended.catch(() => {})
  assert.equal(umfb.stderr.text.includes('ERROR: '), false, umfb.stderr.text)
  await umfb.end()
  await following
  const [updates, pictures] = [await sum(views), await sum(snapshots)]
  t.diagnostic(
    `${entered} visits, ${refused} refused; ${devices} devices, ${updates} updates, ${pictures} snapshots; ` +
      `at most ${Math.round(most / 2 ** 20)} MiB`,
  )
  assert.ok(entered > 0 && updates > 0 && pictures > 0)
  assert.ok(most < mostBytes, `${most} bytes`)
})
