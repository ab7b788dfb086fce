import assert from 'node:assert/strict'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import sharp from 'sharp'
import { createMode, rect, toRgb } from '../../src/index.js'
import { Cli, ended, events } from '../support/cli.js'

/** Waits until the guest prints a line: with --json it goes to standard error. */
async function line(child: ChildProcessWithoutNullStreams, text: string): Promise<void> {
  for await (const each of createInterface({ input: child.stderr })) if (each === text) return
  throw new Error(`the program ended before it said ${text}`)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a program draws; the device is listed, seen in a PNG, and gone after SIGTERM', async (t) => {
  const cli = new Cli(t)
  const bytes = randomBytes(64 * 48 * 2)
  const file = join(cli.folder, 'pixels')
  writeFileSync(file, bytes)
  const draw = `dd if=${file} of=/dev/fb0 conv=notrunc status=none; echo drawn $$; exec sleep 600`
  const options = ['--json', '--name', 'r', '--size', '64x48', '--format', 'rgb565']
  const child = cli.start('run', ...options, '--', 'sh', '-c', draw)
  const said = events(child)
  const { value: ready } = await said.next()
  const { vnc, password, tracker, trackerReason, ...rest } = ready!
  assert.deepEqual(rest, { event: 'ready', name: 'r', pid: child.pid })
  assert.match(password as string, /^[a-z2-9]{8}$/)
  assert.ok(['wp-async', 'compare'].includes(tracker as string))
  assert.equal(trackerReason === '', tracker === 'wp-async')

  const { host, port } = vnc as { host: string; port: number }
  const viewer = connect(port, host)
  viewer.on('error', () => undefined)
  const [greeting] = await once(viewer, 'data')
  assert.match(String(greeting), /^RFB 003\.008\n/)

  let guestPid = 0
  for await (const each of createInterface({ input: child.stderr })) {
    const [, pid] = /^drawn (\d+)$/.exec(each) ?? []
    if (pid === undefined) continue
    guestPid = Number(pid)
    break
  }
  const { stdout: png } = await cli.run('snapshot', 'r', '-')
  const mode = createMode({ width: 64, height: 48, format: 'rgb565' })
  const expected = toRgb(bytes, mode, new Uint8Array(), rect(0, 0, 64, 48))
  assert.deepEqual(new Uint8Array(await sharp(png).raw().toBuffer()), expected)

  const { stdout: list } = await cli.run('ls', '--json')
  assert.equal(JSON.parse(list.toString()).guest.program, 'sh')

  const gone = Promise.all([once(child, 'close'), once(viewer, 'close')])
  child.kill('SIGTERM')
  const { value: exit } = await said.next()
  assert.deepEqual(exit, { event: 'exit', status: 143, signal: 'SIGTERM' })
  await gone
  assert.equal(child.exitCode, 143)
  assert.deepEqual(readdirSync(cli.folder), ['pixels'])
  assert.equal(isRunning(guestPid), false)
})

test('exits with the status of the program, or with 128 and its signal', async (t) => {
  const cli = new Cli(t)
  const statusOf = async (script: string) =>
    (await cli.run('run', '--vnc', 'off', '--', 'sh', '-c', script)).status
  assert.equal(await statusOf('exit 0'), 0)
  assert.equal(await statusOf('exit 7'), 7)
  assert.equal(await statusOf('kill -SEGV $$'), 139)
  assert.equal(await statusOf('kill -KILL $$'), 137)
  assert.deepEqual(readdirSync(cli.folder), [])
})

test("standard output is the program's own, but with --json", async (t) => {
  const cli = new Cli(t)
  const command = ['--vnc', 'off', '--name', 'n', '--', 'echo', 'hello', '--json', '--help']
  const { stdout, stderr } = await cli.run('run', ...command)
  assert.equal(stdout.toString(), 'hello --json --help\n')
  assert.match(
    stderr,
    /^umfb: n is ready, tracked by \S+\n(?: {2}tracker .+\n)? {2}snapshot {2}umfb snapshot n FILE\.png\n$/,
  )
  const json = await cli.run('run', '--json', ...command)
  const lines = json.stdout.toString().trim().split('\n')
  assert.deepEqual(
    lines.map((each) => JSON.parse(each).event),
    ['ready', 'exit'],
  )
  assert.deepEqual([JSON.parse(lines[0]!).vnc, JSON.parse(lines[0]!).password], [null, null])
  assert.match(json.stderr, /^hello --json --help$/m)
})

test('text tells where to look, with the password that was made', async (t) => {
  const { stderr } = await new Cli(t).run('run', '--name', 'n', '--', 'true')
  assert.match(stderr, /^ {2}VNC {7}127\.0\.0\.1:\d+ {2}password [a-z2-9]{8}$/m)
})

test("a password file's password is printed nowhere", async (t) => {
  const cli = new Cli(t)
  const file = join(cli.folder, 'password')
  writeFileSync(file, 'hunter22\n', { mode: 0o600 })
  const { stdout, stderr } = await cli.run('run', '--json', '--password-file', file, '--', 'true')
  assert.equal(JSON.parse(stdout.toString().split('\n')[0]!).password, null)
  assert.equal(stdout.includes('hunter22') || stderr.includes('hunter22'), false)
})

test('a program that ignores SIGTERM is killed; a second signal does not wait', async (t) => {
  const cli = new Cli(t)
  const child = cli.start(
    'run',
    '--json',
    '--name',
    's',
    '--',
    'sh',
    '-c',
    'trap "" TERM INT; echo deaf; while :; do sleep 600; done',
  )
  const output = ended(child)
  await line(child, 'deaf')
  child.kill('SIGINT')
  await line(child, 'umfb: SIGINT: ending sh').catch(() => undefined)
  child.kill('SIGINT')
  // It ends when nobody holds its standard error any more: neither the program nor what guards it.
  await output
  assert.equal(child.exitCode, 130)
  assert.equal(existsSync(join(cli.folder, 's.sock')), false)
})

test('wrong programs, a used port, a taken name: one line, status 1, nothing left', async (t) => {
  const cli = new Cli(t)
  const fails = async (args: string[], message: RegExp) => {
    const { status, stdout, stderr } = await cli.run('run', '--json', ...args)
    assert.deepEqual([status, stdout.length], [1, 0], stderr)
    assert.match(stderr, message)
    assert.match(stderr, /^umfb run: [^\n]+\n$/)
  }
  await fails(['--', 'umfb-no-such-program'], /no program umfb-no-such-program/)
  await fails(['--', '/etc/passwd'], /not executable/)
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await fails(['--vnc', `127.0.0.1:${port}`, '--', 'true'], new RegExp(`127\\.0\\.0\\.1.*${port}|${port}`))
  assert.deepEqual(readdirSync(cli.folder), [])

  const first = cli.start('run', '--json', '--name', 'taken', '--vnc', 'off', '--', 'sleep', '600')
  await events(first).next()
  await fails(['--name', 'taken', '--', 'true'], /already listens on .*taken\.sock/)
  assert.deepEqual(readdirSync(cli.folder), ['taken.sock'])
})
