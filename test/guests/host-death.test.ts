/**
 * What this holds: a guest whose stores wait for the host's fault thread goes on when the host dies. The host alone has
 * the userfaultfd, and the kernel releases whoever waits when the last descriptor is closed.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { on, once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import type { TrackerMechanism } from '../../src/native/binding.js'
import { temporaryFolder } from '../support/temporary.js'
import { testGuest } from '../support/test-guest.js'
import { skipReason } from '../support/tracked-memory.js'
import { tripwireSkipReason } from '../support/tripwire.js'
import { until } from '../support/wait.js'

const module = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href)

/** A host of its own process, which says when it listens. */
const hostSource = (path: string, tracker: string) => `
import { GuestServer } from ${module('guests/guest-server.js')}
import { Surface } from ${module('surface/surface.js')}
const surface = await Surface.create({ width: 128, height: 72, tracker: '${tracker}' })
new GuestServer({ path: ${JSON.stringify(path)}, openSurface: () => surface })
console.log('listening')
// Somebody watches, so that a tracker that is adaptive gets to rest; and who is asked how far it is, tells.
surface.on('damage', () => {})
setInterval(() => console.log('still', surface.stats.tracking.still), 20)`

/** Faults of a process's userfaultfds that nobody has resolved (proc(5), fdinfo). */
function waitingFaults(pid: number): number {
  let waiting = 0
  for (const fd of readdirSync(`/proc/${pid}/fdinfo`)) {
    const total = /^total:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1'))
    waiting += Number(total?.[1] ?? 0)
  }
  return waiting
}

/** All threads of it. */
function isStopped(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1').includes(') T '),
  )
}

const byEvents: TrackerMechanism[] = ['wp-sync', 'zap', 'zap-reads']
const cases = [
  ...byEvents.map((tracker) => ({ tracker, skip: skipReason(tracker) })),
  { tracker: 'auto', skip: tripwireSkipReason() },
]

for (const { tracker, skip } of cases) {
  test(`${tracker}: a guest outlives a host that is killed while it stores`, { skip }, async (t) => {
    const path = join(temporaryFolder(t), 'socket')
    const host = spawn(process.execPath, ['--input-type=module', '-e', hostSource(path, tracker)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.after(() => host.kill('SIGKILL'))
    const told = createInterface({ input: host.stdout })
    await once(told, 'line')

    const guest = spawn(testGuest, ['outlive'], {
      env: { ...process.env, UMFB_SOCKET: path },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    t.after(() => guest.kill('SIGKILL'))
    const lines: string[] = []
    const exited = once(guest, 'exit')
    for await (const line of createInterface({ input: guest.stdout })) {
      lines.push(line)
      if (line !== 'sync mapped') continue
      if (tracker === 'auto') for await (const [state] of on(told, 'line')) if (state === 'still 2') break
      host.kill('SIGSTOP')
      await until(
        () => isStopped(host.pid!) || undefined,
        () => 'the host does not stop',
      )
      guest.stdin.write('\n')
      await until(
        () => waitingFaults(host.pid!) > 0 || undefined,
        () => 'no fault waits for the host',
      )
      host.kill('SIGKILL')
    }
    assert.deepEqual(await exited, [0, null])
    const pages = (128 * 72 * 4) / 4096
    assert.equal(lines.filter((line) => line.startsWith('wrote')).length, pages)
    assert.deepEqual(
      lines.filter((line) => line.startsWith('failed')),
      [],
    )
  })
}
