/**
 * Native handles end well: in any order, at any time, in any thread. Each script runs in a process of its own, which
 * must exit with status 0, no signal and nothing on standard error, and leave no socket behind.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'

const folder = mkdtempSync(join(tmpdir(), 'umfb-lifecycle-'))
after(() => rmSync(folder, { recursive: true }))
let scripts = 0
/** Scripts take a tenth of a second; this is for those that never end. */
const hangsAfterMs = 60_000

/**
 * Gives a script `binding`, `path`, and `open()`: one handle of each kind, a peer for the channel, and armed memory of each
 * tracker, which is left to end by itself.
 */
const prelude = `
import { Worker, isMainThread } from 'node:worker_threads'
import { binding } from ${JSON.stringify(new URL('../../src/native/load.js', import.meta.url).href)}
const mechanisms = binding.probeTrackers().filter((probe) => probe.works).map((probe) => probe.mechanism)
const runs = new Uint32Array(64)
function track(mechanism) {
  const memory = new binding.DeviceMemory(16 * binding.pageSize)
  const pixels = new Uint8Array(memory.buffer)
  const onStore = () => {}
  const tracker = new binding.Tracker(memory, { mechanism, shadow: new Uint8Array(memory.sizeBytes), onStore })
  tracker.harvest(runs)
  tracker.watch()
  return { memory, pixels, tracker }
}
function open(path, { mechanism = mechanisms[0], onMessage = () => {}, onEnd = () => {}, onChannel = () => {} } = {}) {
  const { memory, pixels, tracker } = track(mechanism)
  const others = mechanisms.map(track)
  for (const other of others) other.pixels.fill(1)
  const accepted = []
  const listener = new binding.ChannelListener(path, (channel) => {
    accepted.push(channel)
    channel.start(onMessage, onEnd)
    onChannel(channel)
  })
  const channel = binding.Channel.connect(path)
  channel.start(() => {}, () => {})
  channel.send(Buffer.from('hello'), [memory.fd])
  return { memory, pixels, tracker, listener, channel, accepted, others }
}
`

async function run(body: string, maxDescriptors = 1024): Promise<void> {
  // A folder each: scripts run side by side.
  const sockets = join(folder, `${scripts++}`)
  mkdirSync(sockets)
  const path = join(sockets, 'socket')
  const source = `${prelude}\nconst path = ${JSON.stringify(path)}\n${body}`
  const command = [process.execPath, '--expose-gc', '--input-type=module', '-e', source]
  const child = spawn('sh', ['-c', `ulimit -n ${maxDescriptors}; exec "$@"`, 'sh', ...command], {
    stdio: ['ignore', 'inherit', 'pipe'],
    timeout: hangsAfterMs,
    killSignal: 'SIGKILL',
  })
  const [stderr, [code, signal]] = await Promise.all([text(child.stderr), once(child, 'close')])
  assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' })
  assert.deepEqual(readdirSync(sockets), [], 'a socket was left behind')
}

/** The same in a worker thread; `path` differs, the prelude is the same. */
const inWorker = (body: string, then = '') => `
const source = ${JSON.stringify(prelude)} + 'const path = ' + JSON.stringify(path) + '\\n' + ${JSON.stringify(body)}
const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(source)))
worker.on('error', (error) => { throw error })
${then}`

const permutations = (names: string[]): string[][] =>
  names.length < 2
    ? [names]
    : names.flatMap((name) => permutations(names.filter((n) => n !== name)).map((rest) => [name, ...rest]))

describe('native handles', { concurrency: 2 }, () => {
  it('close in any order, twice', () =>
    run(`
      const orders = ${JSON.stringify(permutations(['memory', 'tracker', 'listener', 'channel']))}
      for (const [index, order] of orders.entries()) {
        const mechanism = mechanisms[index % mechanisms.length]
        const handles = open(path, { mechanism })
        handles.pixels.fill(1)
        for (const name of [...order, ...order]) handles[name].close()
        for (const use of [
          () => handles.memory.buffer,
          () => handles.memory.fd,
          () => handles.tracker.harvest(runs),
          () => handles.tracker.markDirty(0, 1),
          () => handles.tracker.attachUntracked(0, 1),
          () => handles.tracker.detach(1),
          () => handles.tracker.status(),
          () => handles.channel.send(Buffer.of(1)),
          () => handles.listener.unref(),
          () => new binding.Tracker(handles.memory, { mechanism, shadow: new Uint8Array(16 * binding.pageSize) }),
        ]) {
          let code = 'nothing was thrown'
          try { use() } catch (error) { code = error.code }
          if (code !== 'ERR_CLOSED') throw new Error(use + ': ' + code)
        }
      }`))

  it('end with the process', () =>
    run(`
      const { listener, channel } = open(path, { onChannel: (accepted) => accepted.unref() })
      listener.unref()
      channel.unref()`))

  for (const where of ['onMessage', 'onChannel', 'onEnd']) {
    it(`survive process.exit() in ${where}`, () =>
      run(`
        const { channel } = open(path, { ${where}() { process.exit(0) } })
        ${where === 'onEnd' ? 'channel.close()' : ''}`))

    it(`survive process.exit() in ${where} of a worker`, () =>
      run(
        inWorker(`
          const { channel } = open(path, { ${where}() { process.exit(0) } })
          ${where === 'onEnd' ? 'channel.close()' : ''}`),
      ))
  }

  it('survive process.exit() at once', () => run('open(path); process.exit(0)'))

  it('end with a worker that ends by itself', () =>
    run(
      inWorker(`
        const { listener, channel } = open(path, { onChannel: (accepted) => accepted.unref() })
        listener.unref()
        channel.unref()`),
    ))

  it('end with a worker that is terminated', () =>
    run(
      inWorker(
        `import { parentPort } from 'node:worker_threads'
        const { channel, tracker } = open(path, {
          onMessage() {
            parentPort.postMessage('ready')
            for (;;) { tracker.harvest(runs); channel.send(Buffer.of(1)) }
          },
        })`,
        "worker.on('message', () => worker.terminate())",
      ),
    ))

  it('end with the process while workers use them', () =>
    run(`
      let ready = 0
      const paths = [1, 2, 3].map((i) => path + i)
      for (const path of paths) {
        ${inWorker(
          `import { parentPort } from 'node:worker_threads'
          const handles = open(path)
          parentPort.postMessage('ready')
          for (;;) for (const { pixels, tracker } of handles.others) { pixels.fill(1); tracker.harvest(runs) }`,
          "worker.on('message', () => { if (++ready === 3) process.exit(0) })",
        )}
      }`))

  it('may be closed by their own callbacks', () =>
    run(`
      const { listener, channel, memory, tracker } = open(path, {
        onChannel() { listener.close() },
        onMessage(_, [fd]) {
          binding.closeDescriptor(fd)
          channel.close()
          memory.close()
          tracker.close()
        },
      })`))

  it('report what a callback throws as an uncaught exception, and go on', () =>
    run(`
      const seen = []
      process.on('uncaughtException', ({ message }) => {
        seen.push(message)
        if (message === 'end') {
          handles.listener.close()
          if (seen.join() !== 'channel,message,end') throw new Error(seen.join())
        }
      })
      const handles = open(path, {
        onChannel() { throw new Error('channel') },
        onMessage() { handles.channel.close(); throw new Error('message') },
        onEnd() { throw new Error('end') },
      })`))

  it('remove their socket when an exception ends the process', () =>
    run(`
      process.on('uncaughtException', () => process.exit(0))
      open(path, { onMessage() { throw new Error() } })`))

  it('run promises and next ticks after each callback', () =>
    run(`
      const order = []
      const { channel, listener, accepted } = open(path, {
        onMessage() {
          if (order.push('message') === 1) {
            process.nextTick(() => order.push('tick'))
            Promise.resolve().then(() => order.push('promise'))
            return
          }
          listener.close()
          channel.close()
          if (order.join() !== 'message,tick,promise,message') throw new Error(order.join())
        },
      })
      channel.send(Buffer.from('second'))`))

  it('are collected as garbage, and views of the memory still work', () =>
    run(`
      const views = []
      for (let i = 0; i < 50; i++) {
        const memory = new binding.DeviceMemory(16 * binding.pageSize)
        const mechanism = mechanisms[i % mechanisms.length]
        new binding.Tracker(memory, { mechanism, shadow: new Uint8Array(memory.sizeBytes) })
        views.push(new Uint8Array(memory.buffer))
      }
      for (let i = 0; i < 5; i++) { gc(); await new Promise(setImmediate) }
      for (const view of views) view.fill(7)
      if (!views.every((view) => view.every((byte) => byte === 7))) throw new Error('a view is broken')
      views.length = 0
      for (let i = 0; i < 5; i++) { gc(); await new Promise(setImmediate) }`))

  it('drop who connects when there are no descriptors left, instead of spinning', () =>
    run(
      `
      import { closeSync, openSync } from 'node:fs'
      const files = []
      const listener = new binding.ChannelListener(path, () => { throw new Error('accepted') })
      try { for (;;) files.push(openSync('/dev/null')) } catch {}
      closeSync(files.pop())
      const channel = binding.Channel.connect(path)
      channel.start(() => {}, () => {
        listener.close()
        files.forEach(closeSync)
      })`,
      64,
    ))

  it('keep the process alive until they are closed', () =>
    run(`
      let closed = false
      const { listener, channel } = open(path)
      setTimeout(() => { closed = true; listener.close(); channel.close() }, 50).unref()
      process.on('exit', () => { if (!closed) throw new Error('nothing kept the process alive') })`))
})
