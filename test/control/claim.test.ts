import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, linkSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { claim, isAlive } from '../../src/control/claim.js'
import { maxSocketPathBytes } from '../../src/control/device-name.js'
import { DeviceNameTakenError, InvalidArgumentError, SystemError } from '../../src/errors.js'
import { temporaryFolder } from '../support/temporary.js'

function newServer(t: TestContext): Server {
  const server = createServer((socket) => socket.destroy())
  t.after(() => server.close())
  return server
}

/** A socket whose server was killed: its name is still there. */
function deadSocket(path: string): void {
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  spawnSync(process.execPath, ['-e', script])
  assert.ok(statSync(path).isSocket())
}

test('the socket has mode 0600, is alone in its folder, and goes on release', async (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'a.sock')
  const claimed = await claim(newServer(t), path)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(folder), ['a.sock'])
  await once(connect(path), 'connect')
  claimed.release()
  claimed.release()
  assert.deepEqual(readdirSync(folder), [])
})

test('a living server keeps its name', async (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'a.sock')
  await claim(newServer(t), path)
  await assert.rejects(claim(newServer(t), path), DeviceNameTakenError)
  assert.equal(await isAlive(path), true)
  assert.deepEqual(readdirSync(folder), ['a.sock'])
})

test('a dead one loses it', async (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'a.sock')
  deadSocket(path)
  assert.equal(await isAlive(path), false)
  await claim(newServer(t), path)
  assert.equal(await isAlive(path), true)
  assert.deepEqual(readdirSync(folder), ['a.sock'])
})

test('of many who take over from a dead one at once, exactly one gets the name', async (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'a.sock')
  for (let round = 0; round < 5; round++) {
    deadSocket(path)
    const servers = Array.from({ length: 6 }, () => newServer(t))
    const results = await Promise.allSettled(servers.map((server) => claim(server, path)))
    const winners = results.filter((result) => result.status === 'fulfilled')
    for (const result of results) {
      if (result.status === 'rejected')
        assert.ok(result.reason instanceof DeviceNameTakenError, result.reason)
    }
    assert.equal(winners.length, 1)
    assert.equal(await isAlive(path), true)
    winners[0]!.value.release()
    assert.deepEqual(readdirSync(folder), [])
  }
})

test("a name that is somebody else's by now is left alone", async (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'a.sock')
  const claimed = await claim(newServer(t), path)
  rmSync(path)
  await claim(newServer(t), path)
  claimed.release()
  assert.equal(await isAlive(path), true)
})

test('what is no socket is not removed', async (t) => {
  const path = join(temporaryFolder(t), 'a.sock')
  writeFileSync(path, 'precious')
  await assert.rejects(claim(newServer(t), path), SystemError)
  assert.ok(existsSync(path))
})

test('a process that exits without a close leaves no socket', (t) => {
  const folder = temporaryFolder(t)
  const module = new URL('../../src/control/claim.js', import.meta.url).href
  const script = `
    import { createServer } from 'node:net'
    const { claim } = await import(${JSON.stringify(module)})
    await claim(createServer(), ${JSON.stringify(join(folder, 'a.sock'))})
    process.exit(7)`
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script])
  assert.equal(status, 7)
  assert.deepEqual(readdirSync(folder), [])
})

test('a path that a unix socket cannot have', async (t) => {
  const path = join(temporaryFolder(t), `${'a'.repeat(maxSocketPathBytes)}.sock`)
  await assert.rejects(claim(newServer(t), path), InvalidArgumentError)
})

test('a folder that is not there', async (t) => {
  await assert.rejects(claim(newServer(t), join(temporaryFolder(t), 'no/a.sock')), SystemError)
})

test('a second name for the socket does not confuse it', async (t) => {
  const folder = temporaryFolder(t)
  const claimed = await claim(newServer(t), join(folder, 'a.sock'))
  linkSync(join(folder, 'a.sock'), join(folder, 'b.sock'))
  claimed.release()
  assert.deepEqual(readdirSync(folder), ['b.sock'])
})
