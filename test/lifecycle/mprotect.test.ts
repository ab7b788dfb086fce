/**
 * The tracker mprotect and everybody else's SIGSEGV, in processes of their own:
 *
 *   - WebAssembly's traps are exceptions before, while and after something is tracked, in workers too
 *   - any other fault ends the process as it would without a tracker, or reaches the handler that was there before, which
 *     is called as the kernel would have called it
 *   - no fault is lost while trackers come and go in several threads
 *   - where the address space has no areas left, more is dirty, and nothing breaks
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { flags } from '../support/signals.js'
import { skipReason } from '../support/tracked-memory.js'

/** Scripts take a second; this is for those whose store never gets on. */
const hangsAfterMs = 60_000

const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)

/** Gives a script `trap()` and `inWorker()`. */
const wasm = `
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
// (module (memory 1) (func (export "load") (param i32) (result i32) local.get 0 i32.load))
const module = new WebAssembly.Module(Buffer.from(
  '0061736d0100000001060160017f017f03020100050301000107080104' + '6c6f616400000a0901070020002802000b', 'hex'))
const { load } = new WebAssembly.Instance(module).exports
function trap() {
  assert.equal(load(0), 0)
  for (const outside of [65536, 1 << 20, -4]) assert.throws(() => load(outside), WebAssembly.RuntimeError)
}
async function inWorker(body) {
  const source = workerPrelude + 'await (' + body + ')()'
  const [code] = await once(new Worker(new URL('data:text/javascript,' + encodeURIComponent(source))), 'exit')
  assert.equal(code, 0)
}
`

/** Gives it the addons, and `track()`. */
const addons = `
const { binding } = await import(${url('../../src/native/load.js')})
const { loadSignals } = await import(${url('../support/signals.js')})
const { TrackedMemory } = await import(${url('../support/tracked-memory.js')})
const signals = loadSignals()
const { pageSize } = binding
function track(pages = 16) {
  const device = new TrackedMemory('mprotect', pages)
  device.frame()
  return device
}
function assertTracked(device) {
  device.pixels[3 * pageSize] += 1
  assert.deepEqual(device.frame(), [[3, 1]])
  assert.deepEqual(device.frame(), [])
}
`

/** Workers have the addons, and the main thread too, unless it shall not load them. */
function source(body: string, mainAddons: string): string {
  return `${wasm}\nconst workerPrelude = ${JSON.stringify(wasm + addons)}\n${mainAddons}\n${body}`
}

interface Ending {
  code: number | null
  signal: string | null
  stderr: string
}

async function run(body: string, mainAddons = addons): Promise<Ending> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source(body, mainAddons)], {
    stdio: ['ignore', 'inherit', 'pipe'],
    timeout: hangsAfterMs,
    killSignal: 'SIGKILL',
  })
  const [stderr, [code, signal]] = await Promise.all([text(child.stderr), once(child, 'close')])
  return { code, signal, stderr }
}

async function succeeds(body: string, mainAddons = addons): Promise<void> {
  assert.deepEqual(await run(body, mainAddons), { code: 0, signal: null, stderr: '' })
}

async function diesOfSegv(body: string, mainAddons = addons): Promise<void> {
  assert.deepEqual(await run(body, mainAddons), { code: null, signal: 'SIGSEGV', stderr: '' })
}

describe('SIGSEGV under the tracker mprotect', { concurrency: 2, skip: skipReason('mprotect') }, () => {
  it("leaves WebAssembly's traps what they are, before, while and after it tracks", () =>
    succeeds(`
      trap()
      const device = track()
      trap()
      assertTracked(device)
      trap()
      device.close()
      trap()
      assertTracked(track())
      trap()`))

  it("leaves WebAssembly's traps what they are in workers, and after the only worker that tracked", () =>
    succeeds(`
      await inWorker(() => {
        trap()
        const device = track()
        trap()
        assertTracked(device)
      })
      trap()
      const device = track()
      await inWorker(() => {
        trap()
        assertTracked(track())
        trap()
      })
      assertTracked(device)
      trap()`))

  it('stays in place when the only worker that loaded it has ended', async () => {
    const body = `
      await inWorker(() => assertTracked(track()))
      trap()`
    await succeeds(body, '')
    await diesOfSegv(`${body}\nprocess.kill(process.pid, 'SIGSEGV')`, '')
  })

  for (const [when, before] of Object.entries({
    'without a tracker': '',
    'while it tracks': 'track()',
    'after it tracked': 'assertTracked(track())\ntrack().close()',
    'after a worker tracked': 'await inWorker(() => assertTracked(track()))',
  })) {
    it(`lets a fault elsewhere end the process, ${when}`, () =>
      diesOfSegv(`${before}\nnew Uint8Array(new binding.DeviceMemory(1).view)[0] = 1`))

    it(`lets a signal that is sent end the process, ${when}`, () =>
      diesOfSegv(
        `${before}\nprocess.kill(process.pid, 'SIGSEGV')\nawait new Promise(() => setInterval(() => {}, 1000))`,
      ))
  }

  it('lets a fault elsewhere in a worker end the process', () =>
    diesOfSegv(`
      track()
      await inWorker(() => { new Uint8Array(new binding.DeviceMemory(1).view)[0] = 1 })`))

  for (const [name, bits] of Object.entries({
    'a plain handler': 0,
    SA_SIGINFO: flags.siginfo,
    'SA_SIGINFO and SA_RESTART': flags.siginfo | flags.restart,
    'SA_SIGINFO and SA_NODEFER': flags.siginfo | flags.nodefer,
  })) {
    it(`calls an earlier handler as the kernel does: ${name}`, () =>
      succeeds(`
        signals.install(${bits >>> 0}, ${constants.signals.SIGUSR2})
        const expected = [signals.fault(), signals.send()]
        assert.match(expected[0], /blocked.* ${constants.signals.SIGUSR1} .*${constants.signals.SIGUSR2}/)
        const device = track()
        for (let i = 0; i < 3; i++) {
          assert.deepEqual([signals.fault(), signals.send()], expected)
          assertTracked(device)
        }
        device.close()
        assert.deepEqual([signals.fault(), signals.send()], expected)`))
  }

  it('calls an earlier handler with SA_RESETHAND once', () =>
    diesOfSegv(`
      signals.install(${(flags.siginfo | flags.resethand) >>> 0}, ${constants.signals.SIGUSR2})
      const device = track()
      assert.match(signals.fault(), /with information/)
      assertTracked(device)
      signals.fault()`))

  it("passes signals on to process.on('SIGSEGV')", () =>
    succeeds(`
      process.on('SIGSEGV', () => {})
      const device = track()
      assertTracked(device)
      const told = once(process, 'SIGSEGV')
      process.kill(process.pid, 'SIGSEGV')
      const alive = setInterval(() => {}, 1000)
      await told
      clearInterval(alive)
      assertTracked(device)`))

  it('works behind a later handler that passes on, and refuses a new tracker until that has left', () =>
    succeeds(`
      const device = track()
      signals.goInFront()
      assertTracked(device)
      trap()
      assert.throws(() => track(), { code: 'EBUSY' })
      assertTracked(device)
      device.close()
      trap()
      // Two stores, six traps, and of those one is tried again after each removal: the probe's, and the close.
      assert.equal(signals.leaveFront(), 10)
      const next = track()
      assertTracked(next)
      trap()`))

  it('puts the earlier handler back after a probe', () =>
    succeeds(`
      const before = signals.handler()
      binding.probeTrackers()
      assert.equal(signals.handler(), before)
      const device = track()
      assert.notEqual(signals.handler(), before)
      const ours = signals.handler()
      binding.probeTrackers()
      assert.equal(signals.handler(), ours, 'it is in use')
      assertTracked(device)`))

  it('is the same handler for all threads, each with trackers of its own', () =>
    succeeds(`
      const track500 = () => {
        const devices = [track(), track(), track()]
        for (let i = 0; i < 500; i++) {
          const device = devices[i % 3]
          device.pixels[(i % 16) * pageSize] += 1
          assert.deepEqual(device.frame(), [[i % 16, 1]])
          if (i % 50 === 0) devices.splice(i % 3, 1, track())[0].close()
          if (i % 20 === 0) trap()
        }
      }
      await Promise.all([inWorker(track500), inWorker(track500), inWorker(track500)])`))

  it('lets a thread go on that stores while trackers come and go', () =>
    succeeds(`
      const memory = new binding.DeviceMemory(32 * pageSize)
      const shadow = new Uint8Array(memory.sizeBytes)
      const runs = new Uint32Array(64)
      signals.startStores(memory.buffer)
      for (let i = 0; i < 2000; i++) {
        const tracker = new binding.Tracker(memory, { mechanism: 'mprotect', shadow })
        tracker.harvest(runs)
        if (i % 4 === 0) for (let i = 0; i < 5; i++) tracker.harvest(runs)
        tracker.close()
      }
      assert.ok(signals.stopStores() > 0)
      trap()`))

  it('takes a bounded number of areas of the address space, and counts all as dirty beyond', () =>
    succeeds(`
      const areas = () => readFileSync('/proc/self/maps', 'latin1').split('\\n').length
      const pages = 2 * 16384 + 1024
      const before = areas()
      const device = track(pages)
      const other = track()
      for (let page = 0; page < 2 * 16384; page += 2) device.pixels[page * pageSize] = 1
      assert.ok(areas() > before + 32000)
      assert.equal(device.frame().length, 16384)
      assert.ok(areas() < before + 100)
      for (let page = 0; page < pages; page += 2) device.pixels[page * pageSize] = 2
      assert.ok(areas() < before + 100)
      assert.deepEqual(device.frame(), [[0, pages]])
      assert.deepEqual(device.frame(), [])
      assertTracked(device)
      assertTracked(other)`))

  it('counts all as dirty where there is no area left, and goes on', () =>
    succeeds(`
      const device = track(512)
      const other = track()
      assert.ok(signals.useUpAreas(100) > 1000)
      for (let page = 0; page < 512; page += 2) device.pixels[page * pageSize] = 1
      signals.giveBackAreas()
      assert.deepEqual(device.frame(), [[0, 512]])
      assert.deepEqual(device.frame(), [])
      assertTracked(device)
      assertTracked(other)`))
})
