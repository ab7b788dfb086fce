import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import sharp from 'sharp'
import { createMode, rect, toRgb } from '../../src/index.js'
import { Cli, events } from '../support/cli.js'
import { repositoryRoot } from '../support/paths.js'

/**
 * A frontend: one process that draws `file` on its /dev/fb0, says so, and stays until its standard input ends. (A child
 * that the shell starts is told of no device by the shell, and would have one of its own.)
 */
async function frontend(t: TestContext, socket: string, file: string) {
  const env = {
    ...process.env,
    LD_PRELOAD: join(repositoryRoot, 'build/Release/umfb-preload.so'),
    UMFB_SOCKET: socket,
  }
  const script = `LC_ALL=C; exec 3<>/dev/fb0; IFS= read -r -d '' pixels <${file}; printf %s "$pixels" >&3; echo drawn; read line`
  const child = spawn('bash', ['-c', script], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

test('each frontend has a device of its own, for as long as it stays', async (t) => {
  const cli = new Cli(t)
  const socket = join(cli.folder, 'guests')
  const child = cli.start('serve', '--json', '--name', 's', '--size', '32x16', '--vnc', 'off', socket)
  const said = events(child)
  const next = async () => (await said.next()).value!
  const { event, name } = await next()
  assert.deepEqual([event, name], ['ready', 's'])
  assert.equal(statSync(socket).mode & 0o777, 0o600)

  const mode = createMode({ width: 32, height: 16 })
  // A shell's variable holds no zeros.
  const pictures = [1, 2].map(() => randomBytes(32 * 16 * 4).map((byte) => byte || 1))
  const frontends = []
  for (const [i, picture] of pictures.entries()) {
    const file = join(cli.folder, `pixels${i + 1}`)
    writeFileSync(file, picture)
    frontends.push(await frontend(t, socket, file))
    assert.deepEqual((await next()).name, `s-${i + 1}`)
  }
  for (const [i, picture] of pictures.entries()) {
    const { stdout } = await cli.run('snapshot', `s-${i + 1}`, '-')
    const expected = toRgb(picture, mode, new Uint8Array(), rect(0, 0, 32, 16))
    assert.deepEqual(new Uint8Array(await sharp(stdout).raw().toBuffer()), expected)
  }

  frontends[0]!.stdin.end('\n')
  assert.deepEqual(await next(), { event: 'gone', name: 's-1' })
  assert.deepEqual(
    readdirSync(cli.folder).filter((file) => file.endsWith('.sock')),
    ['s-2.sock'],
  )

  await frontend(t, socket, join(cli.folder, 'pixels1'))
  assert.equal((await next()).name, 's-1', 'the lowest free number is used again')

  child.kill('SIGTERM')
  await once(child, 'close')
  assert.equal(child.exitCode, 0)
  assert.deepEqual(readdirSync(cli.folder).sort(), ['pixels1', 'pixels2'])
})

test('the socket of a server that died is taken over', async (t) => {
  const cli = new Cli(t)
  const socket = join(cli.folder, 'guests')
  const first = cli.start('serve', '--json', socket)
  await events(first).next()
  first.kill('SIGKILL')
  await once(first, 'close')
  assert.ok(statSync(socket).isSocket())
  const second = cli.start('serve', '--json', socket)
  assert.equal((await events(second).next()).value!.event, 'ready')
})
