/**
 * What this holds: what cannot be done is told in one clear line, with the exit status of the contract, and leaves
 * nothing behind: no process, no socket, no half-written file.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { capture } from '../support/child.js'
import { skipWithout } from '../support/programs.js'
import { temporaryFolder } from '../support/temporary.js'
import { type LaunchOptions, UmfbProcess } from '../support/umfb-process.js'

/** One run that fails. @param message of its only line, behind "umfb SUBCOMMAND: " */
async function fails(
  t: TestContext,
  args: readonly string[],
  status: number,
  message: RegExp,
  options: LaunchOptions = {},
): Promise<void> {
  const umfb = new UmfbProcess(t, args, options)
  assert.deepEqual(await umfb.closed, { status, signal: null }, umfb.stderr.text)
  assert.match(umfb.stderr.text, /^umfb[^\n]*: [^\n]+\n$/, 'one line')
  assert.match(umfb.stderr.text, message)
  umfb.assertNothingLeft()
}

const onPort = (port: number) => ['run', '--vnc', `127.0.0.1:${port}`, '--', 'sleep', '60']
const withPassword = (file: string) => ['run', '--password-file', file, '--', 'sleep', '60']

test('a program that does not exist, is none, or is a folder', async (t) => {
  const folder = temporaryFolder(t)
  const file = join(folder, 'text')
  writeFileSync(file, 'no program')
  await fails(t, ['run', '--', 'umfb-no-such-program'], 1, /no program umfb-no-such-program.*PATH/)
  await fails(t, ['run', '--', join(folder, 'nothing')], 1, /no program .*nothing/)
  await fails(t, ['run', '--', file], 1, /is not executable/)
  await fails(t, ['run', '--', folder], 1, /is not executable/)
})

test('a statically linked program', { skip: skipWithout('gcc') }, async (t) => {
  const folder = temporaryFolder(t)
  const [source, program] = [join(folder, 'static.c'), join(folder, 'static')]
  writeFileSync(source, 'int main(void) { return 0; }\n')
  await capture('gcc', ['-static', '-o', program, source])
  await fails(t, ['run', '--', program], 1, /is statically linked.*dynamically linked/)
})

test('a size of 0, one of 100000, and none at all', async (t) => {
  const sized = (size: string) => ['run', '--size', size, '--', 'sleep', '60']
  await fails(t, sized('0x0'), 2, /width: expected .* from 1 to \d+, received 0/)
  await fails(t, sized('800x0'), 2, /height: expected .* received 0/)
  await fails(t, sized('100000x100000'), 2, /width: expected .* received 100000/)
  await fails(t, sized('huge'), 2, /--size: expected WIDTHxHEIGHT.* received huge/)
})

test('a port in use, and one that is none', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await fails(t, onPort(port), 1, new RegExp(`127\\.0\\.0\\.1 port ${port}: another program`))
  await fails(t, onPort(70000), 2, /70000/)
})

test('a password file that is not there, is a folder, is empty', async (t) => {
  const folder = temporaryFolder(t)
  const empty = join(folder, 'empty')
  writeFileSync(empty, '', { mode: 0o600 })
  await fails(t, withPassword(join(folder, 'nothing')), 1, /nothing.*does not exist/)
  await fails(t, withPassword(folder), 1, /is a (folder|directory)/)
  await fails(t, withPassword(empty), 1, /first line is empty/)
})

test('a device that does not run, a target that cannot be written, a name that is taken', async (t) => {
  const umfb = await UmfbProcess.run(t, ['sleep', '600'], {
    options: ['--name', 'here', '--size', '800x600'],
  })
  const folder = temporaryFolder(t)
  const target = join(folder, 'target.png')
  mkdirSync(target)

  for (const [args, message] of [
    [['snapshot', 'nobody', join(folder, 'a.png')], /no running device is called "nobody"/],
    [['snapshot', 'here', join(folder, 'no-folder', 'a.png')], /cannot write .*: the folder does not exist/],
    [['snapshot', 'here', target], /cannot write .*: it is a folder/],
    [['run', '--name', 'here', '--', 'sleep', '60'], /already/],
  ] as const) {
    await assert.rejects(umfb.cli(...args), message, args.join(' '))
  }
  await assert.rejects(
    umfb.cli('snapshot', 'here', join(folder, 'a.png'), '--rect', '0,0,801,1'),
    /rect: expected/,
  )
  assert.equal(existsSync(join(folder, 'a.png')), false)
  await umfb.end()
  umfb.assertNothingLeft()
})
