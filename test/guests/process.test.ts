import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { GuestProgramError } from '../../src/errors.js'
import { ProcessGuest } from '../../src/guests/process.js'
import { temporaryFolder } from '../support/temporary.js'
import { guestSurface, runGuest, testGuest } from '../support/test-guest.js'

/** Starting and ending programs: what cannot be started is told why, and what was started leaves nothing behind. */

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A copy of an executable with some bytes changed. */
function changedCopy(t: TestContext, change: (head: Buffer) => void): string {
  const path = join(temporaryFolder(t), 'program')
  const contents = readFileSync(testGuest)
  change(contents)
  writeFileSync(path, contents, { mode: 0o755 })
  return path
}

async function refused(program: string, pattern: RegExp): Promise<void> {
  await using surface = await guestSurface()
  await assert.rejects(ProcessGuest.spawn({ surface, program }), (error: unknown) => {
    assert.ok(error instanceof GuestProgramError)
    assert.match(error.message, pattern)
    return true
  })
}

test('a program that is not there', async (t) => {
  await refused('no-such-program-of-umfb', /no program no-such-program-of-umfb: expected one in PATH/)
  await refused(join(temporaryFolder(t), 'nothing'), /no program .*nothing/)
})

test('a file that is not executable', async (t) => {
  const path = join(temporaryFolder(t), 'text')
  writeFileSync(path, 'hello')
  await refused(path, /not executable/)
})

test('a program for another architecture', async (t) => {
  const path = changedCopy(t, (contents) => contents.writeUInt16LE(0x1234, 18))
  await refused(path, /another architecture/)
})

test('a statically linked program', async (t) => {
  // Without PT_INTERP among its program headers: the type of each becomes PT_NULL.
  const path = changedCopy(t, (contents) => {
    const offset = Number(contents.readBigUInt64LE(32))
    for (let index = 0; index < contents.readUInt16LE(56); index++) {
      const at = offset + index * contents.readUInt16LE(54)
      if (contents.readUInt32LE(at) === 3) contents.writeUInt32LE(0, at)
    }
  })
  await refused(path, /statically linked/)
})

test("a script's interpreter is looked at", async (t) => {
  const broken = changedCopy(t, (contents) => contents.writeUInt16LE(0x1234, 18))
  const script = join(temporaryFolder(t), 'script')
  writeFileSync(script, `#!${broken} -x\n`, { mode: 0o755 })
  await refused(script, /another architecture/)
})

test('the exit status is told as a shell tells it', async () => {
  await using surface = await guestSurface()
  const run = async (script: string) => {
    await using guest = await ProcessGuest.spawn({
      surface,
      program: 'sh',
      args: ['-c', script],
      stdio: ['ignore', 'ignore', 'ignore'],
    })
    return await guest.exited
  }
  assert.deepEqual(await run('exit 7'), { code: 7, signal: null, status: 7 })
  assert.deepEqual(await run('kill -9 $$'), { code: null, signal: 'SIGKILL', status: 137 })
})

test('arguments and environment arrive, and a preload that was there stays', async () => {
  await using surface = await guestSurface()
  await using guest = await ProcessGuest.spawn({
    surface,
    program: 'sh',
    args: ['-c', 'echo "$1|$MARK|$LD_PRELOAD"', 'sh', 'two words'],
    env: { ...process.env, MARK: 'here', LD_PRELOAD: 'libc.so.6' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  assert.match(await text(guest.stdout!), /^two words\|here\|\S+umfb-preload\.so:libc\.so\.6\n$/)
})

test("a crash's last picture is there", async () => {
  await using surface = await guestSurface()
  const { exit } = await runGuest('crash', { surface })
  assert.deepEqual(exit, { code: null, signal: 'SIGSEGV', status: 139 })
})

test('a guest that hangs in its own stores, with a child in a session of its own, is ended', async () => {
  await using surface = await guestSurface()
  const pids: number[] = []
  await runGuest('hang', {
    surface,
    onLine: async (line, guest) => {
      pids.push(Number(line.split(' ')[1]))
      if (pids.length === 2) await guest.close()
    },
    graceMs: 50,
  })
  assert.equal(pids.length, 2)
  assert.deepEqual(pids.map(isAlive), [false, false])
})

test('no socket is left', async (t) => {
  await using surface = await guestSurface()
  const socketPath = join(temporaryFolder(t), 'socket')
  const guest = await ProcessGuest.spawn({ surface, program: 'true', socketPath })
  await guest.exited
  assert.equal(existsSync(socketPath), false)
  await guest.close()
  await guest.close()
})
