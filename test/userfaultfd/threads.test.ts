/**
 * What this holds: one thread handles the faults of another one of the same process, each with its own mapping of the
 * memory; and however the process or a thread ends while another waits in a fault, nothing hangs.
 *
 * Each script runs in a process of its own: a mistake would stop it for ever.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { skipWithoutFeatures } from '../support/userfaultfd.js'

/** For what never ends. */
const hangsAfterMs = 30_000

const prelude = `
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { locate, PageMemory, pageSize, Userfaultfd, writeTracking } from '${new URL('../../src/userfaultfd.js', import.meta.url).href}'
`
const writing = `
const bytes = new PageMemory({ memfd: workerData }).bytes
parentPort.once('message', () => {
  bytes[pageSize] += 1
  parentPort.postMessage(bytes[pageSize])
})
parentPort.postMessage(locate(bytes))`

/** Starts a thread that maps \`memory\` anew, tells where, and at a message stores to page 1 and tells what is there. */
const startWriter = `
const start = (source) => new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(prelude)} + source)), { workerData: memory.fd })
const writer = start(${JSON.stringify(writing)})
const next = () => new Promise((resolve) => writer.once('message', resolve))
const pages = await next()
`

async function run(script: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', prelude + script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: hangsAfterMs,
    killSignal: 'SIGKILL',
  })
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  assert.deepEqual({ code, signal, errors }, { code: 0, signal: null, errors: '' })
  return output.trim()
}

const skip = skipWithoutFeatures('missing-shmem', 'minor-shmem', 'wp-hugetlbfs-shmem')

test('missing, minor and write-protect faults of another thread', { skip }, async () => {
  const handle = (features: string, modes: string, prepare: string, resolve: string) =>
    run(`
      const memory = new PageMemory(4 * pageSize)
      ${startWriter}
      const uffd = Userfaultfd.open({ features: ${features} })
      uffd.register(pages, ${modes})
      ${prepare}
      const answer = next()
      writer.postMessage('store')
      for await (const { reason, write, page } of uffd.events()) {
        ${resolve}
        console.log(reason, write)
        break
      }
      console.log(await answer)
      uffd.close()`)
  const copied = await handle('[]', "['missing']", '', 'uffd.copy(page, new Uint8Array(pageSize).fill(4))')
  assert.equal(copied, 'missing false\n5')
  const continued = await handle(
    "['minor-shmem']",
    "['minor']",
    'memory.bytes.fill(6)',
    'uffd.continue(page)',
  )
  assert.equal(continued, 'minor false\n7')
  const opened = await handle(
    "['pagefault-flag-wp', 'wp-hugetlbfs-shmem', 'wp-unpopulated']",
    "['write-protect']",
    'memory.bytes.fill(8); uffd.writeProtect(pages)',
    'uffd.writeProtect(page, false)',
  )
  assert.equal(opened, 'write-protect true\n9')
})

/** A writer that waits in a fault which nobody resolves. */
const waiting = `
  const memory = new PageMemory(4 * pageSize)
  ${startWriter}
  const uffd = Userfaultfd.open({ features: [] })
  uffd.register(pages, ['missing'])
  writer.postMessage('store')
  await uffd.events().next()
`
for (const [how, ending] of Object.entries({
  'process.exit()': 'process.exit(0)',
  'an uncaught error': "process.on('uncaughtException', () => process.exit(0)); throw new Error()",
  'its thread is terminated': 'uffd.close(); await writer.terminate()',
  'close(), and the end of all work': "uffd.close(); writer.once('message', (value) => console.log(value))",
})) {
  test(`nothing hangs while a thread waits: ${how}`, { skip }, async () => {
    const output = await run(waiting + ending)
    assert.equal(output, how.startsWith('close()') ? '1' : '')
  })
}

test('a handler thread that is terminated lets those go on that wait', { skip }, async () => {
  const handler = `
    const uffd = Userfaultfd.open({ features: [] })
    uffd.register(workerData, ['missing'])
    parentPort.postMessage('ready')
    await uffd.events().next()
    parentPort.postMessage('fault')
    for await (const _ of uffd.events());`
  const output = await run(`
    const memory = new PageMemory(4 * pageSize)
    ${startWriter}
    const handler = new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(prelude + handler)})), { workerData: pages })
    await new Promise((resolve) => handler.once('message', resolve))
    const fault = new Promise((resolve) => handler.once('message', resolve))
    const answer = next()
    writer.postMessage('store')
    await fault
    await handler.terminate()
    console.log(await answer)`)
  assert.equal(output, '1')
})

test('this thread’s own stores are tracked without a wait', {
  skip: skipWithoutFeatures('wp-async'),
}, async () => {
  const output = await run(`
    const memory = new PageMemory(4 * pageSize)
    const uffd = Userfaultfd.open()
    console.log(uffd.register(memory.bytes).includes('writeProtect'))
    uffd.writeProtect(memory.bytes)
    memory.bytes.fill(1)
    console.log(uffd.readEvents().length, memory.bytes[0])`)
  assert.equal(output, 'true\n0 1')
})
