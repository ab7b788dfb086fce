import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import sharp from 'sharp'
import {
  ControlServer,
  errorCodes,
  rect,
  Surface,
  TimeoutError,
  type TypeOptions,
  toRgb,
} from '../../src/index.js'
import { Cli } from '../support/cli.js'
import { repositoryRoot } from '../support/paths.js'

const subcommands = ['run', 'serve', 'snapshot', 'type', 'ls', 'doctor']

test('help, of the program and of each subcommand, is what was asked for: on standard output', async (t) => {
  const cli = new Cli(t)
  for (const args of [
    ['--help'],
    ['-h'],
    ['help'],
    ...subcommands.flatMap((name) => [
      [name, '--help'],
      [name, '-h'],
    ]),
  ]) {
    const { status, stdout, stderr } = await cli.run(...args)
    assert.deepEqual([status, stderr], [0, ''], args.join(' '))
    assert.match(stdout.toString(), /^usage: umfb /)
  }
})

test('the program is started by its file, as npx does', () => {
  const program = join(repositoryRoot, 'dist/tools/umfb.js')
  const { status, stdout } = spawnSync(program, ['--help'], { encoding: 'utf8' })
  assert.equal(status, 0)
  for (const name of subcommands) assert.ok(stdout.includes(`\n  ${name} `))
})

test('docs/cli.md tells every option', async (t) => {
  const cli = new Cli(t)
  const documented = readFileSync(join(repositoryRoot, 'docs/cli.md'), 'utf8')
  for (const name of subcommands) {
    const { stdout } = await cli.run(name, '--help')
    for (const [option] of stdout.toString().matchAll(/--[a-z-]{2,}/g))
      assert.ok(documented.includes(option), option)
  }
})

/** Wrong usage: status 2, and one line that says what was expected. */
const wrong: [args: string[], message: RegExp][] = [
  [['paint'], /expected one of console, run, serve, .*, received paint/],
  [['toString'], /received toString/],
  [['ls', '--colour'], /Unknown option '--colour'/],
  [['ls', 'more'], /expected no argument, received more as well/],
  [['snapshot'], /expected NAME, received nothing/],
  [['snapshot', 'a'], /expected FILE\.png, received nothing/],
  [['snapshot', 'a', 'b', 'c'], /received c as well/],
  [['snapshot', 'a', 'b', '--rect', '1,2,3'], /--rect: expected X,Y,WIDTH,HEIGHT .* received 1,2,3/],
  [['type', 'a'], /expected TEXT, received nothing/],
  [['type', 'a', 'b', '--interval', 'slow'], /--interval: expected a number, received "slow"/],
  [['run'], /expected -- PROGRAM .* received no program/],
  [['run', '--'], /received no program/],
  [['run', 'fbi', '--', 'x'], /expected the program behind --, received fbi before it/],
  [['run', '--size', '0x0', '--', 'true'], /width: expected a whole number from 1 to 16384, received 0/],
  [['run', '--size', '100000x100000', '--', 'true'], /received 100000/],
  [['run', '--size', 'large', '--', 'true'], /--size: expected WIDTHxHEIGHT .* received large/],
  [['run', '--size', '-1x5', '--', 'true'], /--size/],
  [['run', '--format', 'rgb999', '--', 'true'], /--format: expected one of xrgb8888, .* received rgb999/],
  [['run', '--tracker', 'magic', '--', 'true'], /tracker: expected one of auto, .* received magic/],
  [['run', '--fps', '0', '--', 'true'], /fps: expected 1 to 1000, received 0/],
  [['run', '--fps', 'fast', '--', 'true'], /--fps: expected a number, received "fast"/],
  [['run', '--vnc', '5900', '--', 'true'], /expected HOST:PORT .* received "5900"/],
  [['run', '--name', '../x', '--', 'true'], /name: expected .* received "\.\.\/x"/],
  [
    ['run', '--no-password', '--vnc', '0.0.0.0:0', '--', 'true'],
    /expected a loopback address, received 0\.0\.0\.0/,
  ],
  [
    ['run', '--no-password', '--password-file', 'x', '--', 'true'],
    /--no-password or --password-file, received both/,
  ],
  [['console', 'bash'], /expected the command behind --, received bash before it/],
  [['console', '--layout', 'xx', '--vnc', 'off'], /layout: expected one of .* received "xx"/],
  [['console', '--scrollback=-1', '--vnc', 'off'], /scrollback: expected 0 to 1000000 lines, received -1/],
  [['text'], /expected NAME, received nothing/],
  [['text', 'd', '--stable', 'x'], /--stable: expected a number/],
  [['serve'], /expected SOCKET, received nothing/],
  [['serve', `/tmp/${'x'.repeat(108)}`], /socket path: expected at most 107 bytes/],
]
// Most of the time goes into starting Node: two at once keep two processors busy.
describe('wrong usage', { concurrency: 2 }, () => {
  for (const [args, message] of wrong) {
    test(`umfb ${args.join(' ').slice(0, 60)}`, async (t) => {
      const cli = new Cli(t)
      const { status, stdout, stderr } = await cli.run(...args)
      assert.equal(status, 2, `status ${status}: ${stderr}`)
      assert.equal(stdout.length, 0)
      assert.match(stderr, message)
      assert.match(stderr, /^umfb[^\n]*\(see "umfb.* --help"\)\n$/)
      assert.deepEqual(readdirSync(cli.folder), [])
    })
  }
})

test('no arguments: help, on standard error, as wrong usage', async (t) => {
  const { status, stdout, stderr } = await new Cli(t).run()
  assert.deepEqual([status, stdout.length], [2, 0])
  assert.match(stderr, /^usage: umfb /)
})

/** What cannot be done: status 1, and one line. */
async function fails(cli: Cli, args: string[], message: RegExp): Promise<void> {
  const { status, stdout, stderr } = await cli.run(...args)
  assert.equal(status, 1, `status ${status}: ${stderr}`)
  assert.equal(stdout.length, 0)
  assert.match(stderr, message)
  assert.match(stderr, /^[^\n]+\n$/)
}

test('a device that does not exist', async (t) => {
  const cli = new Cli(t)
  await fails(cli, ['snapshot', 'nobody', 'x.png'], /^umfb snapshot: no running device is called "nobody"/)
  await fails(cli, ['snapshot', '../nobody', 'x.png'], /no running device is called/)
})

test('a password file that cannot be used', async (t) => {
  const cli = new Cli(t)
  writeFileSync(join(cli.folder, 'empty'), '')
  await fails(cli, ['run', '--password-file', join(cli.folder, 'no'), '--', 'true'], /does not exist/)
  await fails(cli, ['run', '--password-file', join(cli.folder, 'empty'), '--', 'true'], /first line is empty/)
})

test('a runtime directory that others may write to', async (t) => {
  const cli = new Cli(t)
  spawnSync('chmod', ['777', cli.folder])
  await fails(cli, ['run', '--vnc', 'off', '--', 'true'], /runtime directory .* may be written by others/)
})

test('a socket that somebody listens on, and a file in its place', async (t) => {
  const cli = new Cli(t)
  const path = join(cli.folder, 'guests')
  const server = createServer().listen(path)
  t.after(() => server.close())
  await fails(cli, ['serve', path], /cannot listen on .*: somebody does/)
  mkdirSync(join(cli.folder, 'folder'))
  await fails(cli, ['serve', join(cli.folder, 'folder')], /it is there, and no socket/)
  await fails(cli, ['serve', join(cli.folder, 'no/guests')], /cannot listen on/)
})

/** A device of this process, where the command line looks. */
async function device(t: TestContext, cli: Cli, name = 'd') {
  const surface = await Surface.create({ width: 40, height: 30, format: 'rgb565' })
  t.after(() => surface.close())
  surface.pixels.forEach((_, i) => {
    surface.pixels[i] = i * 7
  })
  const status = () => ({
    name,
    pid: process.pid,
    width: 40,
    height: 30,
    format: 'rgb565' as const,
    blankLevel: 0 as const,
    tracker: surface.trackerChoice,
    guest: { program: 'fbi', pid: 7 },
    vnc: { host: '::1', port: 5900 },
    viewers: 2,
    tracking: { tracked: 0, compared: 0, still: 0, openPages: 0, whyPolled: '', lastError: '' },
    frames: 0,
  })
  const typed: [string, object][] = []
  const type = async (text: string, options: TypeOptions) => {
    typed.push([text, options])
  }
  const asked: object[] = []
  const text = async (query: object) => {
    asked.push(query)
    if ('pattern' in query && query.pattern === 'never') throw new TimeoutError('it did not show within 1 ms')
    return 'one\n\ntwo'
  }
  const control = await ControlServer.listen({
    device: { status, snapshot: () => surface.snapshot(), type, text },
    name,
    folder: cli.folder,
  })
  t.after(() => control.close())
  const rgb = (part = surface.bounds) => toRgb(surface.pixels, surface.mode, surface.palette, part)
  return { surface, rgb, typed, asked }
}

test('type: escapes, keys by name, options', async (t) => {
  const cli = new Cli(t)
  const { typed } = await device(t, cli)
  const usual = { layout: 'us', literal: false, intervalMs: 2 }
  assert.equal((await cli.run('type', 'd', 'ls\\t\\\\n\\x{ctrl-c}\\n')).status, 0)
  assert.equal(
    (await cli.run('type', 'd', '--literal', '--layout', 'de', '--interval', '0', '\\n')).status,
    0,
  )
  assert.deepEqual(typed, [
    ['ls\t\\n\\x{ctrl-c}\n', usual],
    ['\\n', { layout: 'de', literal: true, intervalMs: 0 }],
  ])
})

test('text: printed, waited for, or one line that says why not', async (t) => {
  const cli = new Cli(t)
  const { asked } = await device(t, cli)
  assert.equal((await cli.run('text', 'd')).stdout.toString(), 'one\n\ntwo\n')
  await cli.run('text', 'd', '--wait', '^one$', '--stable', '50', '--timeout', '2.5')
  assert.deepEqual(asked, [{ timeoutMs: 30_000 }, { pattern: '^one$', stableMs: 50, timeoutMs: 2500 }])
  const late = await cli.run('text', 'd', '--wait', 'never')
  assert.equal(late.status, 1)
  assert.equal(late.stderr, 'umfb text: it did not show within 1 ms\n')
})

test('snapshot: a file, a part, standard output', async (t) => {
  const cli = new Cli(t)
  const { surface, rgb } = await device(t, cli)
  const file = join(cli.folder, 'a.png')
  const quiet = { status: 0, stdout: Buffer.alloc(0), stderr: '' }
  const decode = async (png: Buffer | string) => new Uint8Array(await sharp(png).raw().toBuffer())

  assert.deepEqual(await cli.run('snapshot', 'd', file), quiet)
  assert.deepEqual(await decode(file), rgb())

  surface.pixels.fill(0x55)
  assert.deepEqual(await cli.run('snapshot', 'd', file, '--rect', '30,20,10,10'), quiet)
  assert.deepEqual(await decode(file), rgb(rect(30, 20, 40, 30)))

  const { status, stdout, stderr } = await cli.run('snapshot', 'd', '-')
  assert.deepEqual([status, stderr], [0, ''])
  assert.deepEqual(await decode(stdout), rgb())
})

test('snapshot: a rect beyond the picture, a file that cannot be written', async (t) => {
  const cli = new Cli(t)
  await device(t, cli)
  const { status, stderr } = await cli.run('snapshot', 'd', 'x.png', '--rect', '0,0,41,30')
  assert.equal(status, 2)
  assert.match(stderr, /rect: expected .* of the 40x30 pixels, received \[0,0,41,30\]/)
  await fails(
    cli,
    ['snapshot', 'd', join(cli.folder, 'no/a.png')],
    /cannot write .*: the folder does not exist/,
  )
  await fails(cli, ['snapshot', 'd', cli.folder], /cannot write .*: it is a folder/)
})

test('ls: a table, JSON, nothing', async (t) => {
  const cli = new Cli(t)
  const nothing = await cli.run('ls')
  assert.deepEqual([nothing.status, nothing.stdout.length], [0, 0])
  assert.match(nothing.stderr, /no device is running/)
  await device(t, cli, 'b')
  await device(t, cli, 'a')
  const { stdout } = await cli.run('ls')
  const [title, first, second] = stdout.toString().split('\n')
  assert.match(title!, /^NAME +SIZE +TRACKER +GUEST +VIEWERS +VNC$/)
  assert.match(first!, /^a +40x30 rgb565 +\S+ +fbi \(7\) +2 +\[::1\]:5900$/)
  assert.match(second!, /^b /)
  const json = await cli.run('ls', '--json')
  const devices = json.stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    devices.map(({ name, guest }) => [name, guest.pid]),
    [
      ['a', 7],
      ['b', 7],
    ],
  )
})

test('doctor: text and JSON', async (t) => {
  const cli = new Cli(t)
  const { status, stdout } = await cli.run('doctor')
  assert.equal(status, 0)
  assert.match(stdout.toString(), /^compare: works$/m)
  const { trackers, system } = JSON.parse((await cli.run('doctor', '--json')).stdout.toString())
  assert.ok(trackers.length >= 2)
  assert.equal(typeof system.kernel, 'string')
})

test('a reader that has seen enough is no failure', (t) => {
  const cli = new Cli(t)
  const program = join(repositoryRoot, 'dist/tools/umfb.js')
  const script = `node ${program} doctor | true; echo \${PIPESTATUS[0]}`
  const env = { ...process.env, UMFB_RUNTIME_DIR: cli.folder }
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { env, encoding: 'utf8' })
  assert.deepEqual([stdout, stderr], ['0\n', ''])
})

test('the usage codes of the command line are codes of the library', () => {
  for (const code of ['UMFB_USAGE', 'UMFB_INVALID_ARGUMENT']) assert.ok(Object.hasOwn(errorCodes, code))
  assert.ok(statSync(join(repositoryRoot, 'dist/tools/umfb.js')).mode & 0o100)
})
