/**
 * What this holds: a WriteWatch reports every store to its bytes, and of others only those of the same pages; over any
 * kind of buffer, aligned or not; next to other watches; or says why it cannot.
 */
import assert from 'node:assert/strict'
import { closeSync, openSync, readSync } from 'node:fs'
import { afterEach, describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import { binding } from '../../src/native/load.js'
import { type ByteRange, PageMemory, pageSize, WriteWatch } from '../../src/userfaultfd.js'
import { skipReason } from '../support/tracked-memory.js'
import { failsWith } from '../support/userfaultfd.js'

let watches: WriteWatch[] = []
afterEach(() => {
  for (const each of watches) each.close()
  watches = []
})

function watch(view: ArrayBufferView): WriteWatch {
  const created = new WriteWatch(view)
  watches.push(created)
  return created
}

/** The part of the view that lies in the same page as one of its bytes. */
function pageAround(view: Uint8Array, offset: number): ByteRange {
  const intoPage = Number((binding.addressOf(view) + BigInt(offset)) % BigInt(pageSize))
  return {
    start: Math.max(0, offset - intoPage),
    end: Math.min(view.length, offset - intoPage + pageSize),
  }
}

/**
 * Exactly the pages of some bytes are reported; and, of the pages at the view's borders, what their neighbours on the heap
 * stored.
 */
function assertReports(ranges: readonly ByteRange[], view: Uint8Array, ...offsets: number[]): void {
  const pages = (bytes: readonly ByteRange[]) =>
    bytes.flatMap(({ start, end }) => {
      const found: number[] = []
      for (let at = start; at < end; at = pageAround(view, at).end) found.push(pageAround(view, at).start)
      return found
    })
  const borders = [0, pageAround(view, view.length - 1).start]
  const expected = offsets.map((offset) => pageAround(view, offset).start)
  const reported = pages(ranges)
  for (const page of expected)
    assert.ok(reported.includes(page), `the page at ${page} of ${view.length} bytes`)
  const others = reported.filter((page) => !expected.includes(page) && !borders.includes(page))
  assert.deepEqual(others, [], 'pages inside that nobody wrote to')
}

/** Not among the types of Node. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Memory: new (options: {
      initial: number
      maximum?: number
      shared?: boolean
    }) => {
      buffer: ArrayBuffer
      grow(pages: number): void
    }
  }
}
const wasm = new WebAssembly.Memory({ initial: 4, maximum: 8, shared: true })
const kinds: Record<string, () => Uint8Array> = {
  'a large Buffer': () => Buffer.alloc(1 << 20),
  'a Buffer of the pool': () => Buffer.from('some text, which Node puts into a pool'),
  'a small Uint8Array': () => new Uint8Array(16),
  'an ArrayBuffer’s middle': () => new Uint8Array(new ArrayBuffer(1 << 20), 12_345, 700_001),
  'a SharedArrayBuffer': () => new Uint8Array(new SharedArrayBuffer(1 << 20)),
  'WebAssembly.Memory': () => new Uint8Array(new WebAssembly.Memory({ initial: 4 }).buffer),
  'shared WebAssembly.Memory': () => new Uint8Array(wasm.buffer),
  'a PageMemory': () => new PageMemory(1 << 20).bytes,
}

describe('WriteWatch', { skip: skipReason('wp-async') }, () => {
  for (const [name, make] of Object.entries(kinds)) {
    it(`watches ${name}: the first byte, the last one, one in the middle, all`, () => {
      const view = make()
      const watched = watch(view)
      watched.take()
      for (const offset of [0, view.length - 1, view.length >> 1]) {
        view[offset]! ^= 1
        assertReports(watched.take(), view, offset)
      }
      view.fill(9)
      assert.deepEqual(watched.take(), [{ start: 0, end: view.length }])
    })
  }

  it('takes views alone, and says what it was given', () => {
    for (const [wrong, received] of [
      [undefined, 'undefined'],
      [null, 'null'],
      ['text', 'a string'],
      [new ArrayBuffer(8), 'ArrayBuffer'],
      [wasm, 'Memory'],
    ] as const) {
      assert.throws(() => new WriteWatch(wrong as never), {
        code: 'UMFB_INVALID_ARGUMENT',
        message: new RegExp(`^view: .*received ${received}\\.`),
      })
    }
  })

  it('is quiet where nobody writes, and reads do not count', () => {
    const view = new Uint8Array(1 << 20)
    const watched = watch(new Float64Array(view.buffer))
    assert.equal(
      view.reduce((sum, each) => sum + each),
      0,
    )
    assertReports(watched.take(), view)
    view[100_000] = 0
    assertReports(watched.take(), view, 100_000)
  })

  it('sees read(2), and stores of other threads', async () => {
    const view = Buffer.from(new SharedArrayBuffer(1 << 20))
    const watched = watch(view)
    const zeros = openSync('/dev/zero', 'r')
    readSync(zeros, view, 300_000, 10, null)
    closeSync(zeros)
    assertReports(watched.take(), view, 300_000)
    const worker = new Worker('require("worker_threads").workerData[500000] = 1', {
      eval: true,
      workerData: new Uint8Array(view.buffer),
    })
    await new Promise((resolve) => worker.once('exit', resolve))
    assertReports(watched.take(), view, 500_000)
  })

  it('overlapping watches each see every store, whichever takes first', () => {
    const buffer = new ArrayBuffer(1 << 20)
    const whole = new Uint8Array(buffer)
    const left = new Uint8Array(buffer, 0, 500_000)
    const right = new Uint8Array(buffer, 499_000)
    const [all, first, second] = [watch(whole), watch(left), watch(right)]
    for (const order of [
      [all, first, second],
      [second, first, all],
      [first, all, second],
    ] as WriteWatch[][]) {
      whole[499_500]! ^= 1
      const seen = new Map(order.map((each) => [each, each.take()]))
      assertReports(seen.get(all)!, whole, 499_500)
      assertReports(seen.get(first)!, left, 499_500)
      assertReports(seen.get(second)!, right, 500)
      assertReports(all.take(), whole)
    }
    // One that goes leaves the others their pages.
    all.close()
    whole[100_000]! ^= 1
    whole[499_500]! ^= 1
    assertReports(first.take(), left, 100_000, 499_500)
    assertReports(second.take(), right, 500)
    first.close()
    whole[499_500]! ^= 1
    assertReports(second.take(), right, 500)
  })

  it('a new watch takes nothing away from an older one', () => {
    const view = new Uint8Array(1 << 20)
    const older = watch(view)
    view[700_000] = 1
    const newer = watch(view.subarray(600_000))
    assertReports(newer.take(), view.subarray(600_000))
    assertReports(older.take(), view, 700_000)
  })

  it('loses no store: random ones, taken at random moments', () => {
    const view = new Uint8Array(2 << 20)
    const copy = new Uint8Array(view.length)
    const watched = watch(view)
    let seed = 42
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return Math.floor((seed / 2 ** 32) * below)
    }
    for (let round = 0; round < 200; round++) {
      for (let i = random(50); i >= 0; i--) view[random(view.length)] = random(256)
      for (const { start, end } of watched.take()) copy.set(view.subarray(start, end), start)
      assert.equal(Buffer.compare(view, copy), 0)
    }
  })

  it('refuses what it cannot watch', () => {
    assert.throws(() => new WriteWatch(new Uint8Array(0)), { code: 'UMFB_INVALID_ARGUMENT' })
    const Resizable = ArrayBuffer as new (length: number, options: { maxByteLength: number }) => ArrayBuffer
    const resizable = new Uint8Array(new Resizable(100, { maxByteLength: 200 }))
    assert.throws(() => new WriteWatch(resizable), { code: 'UMFB_INVALID_ARGUMENT', message: /resizable/ })
  })

  it('says so when its memory is gone', () => {
    const buffer = new ArrayBuffer(1 << 20)
    const moved = watch(new Uint8Array(buffer))
    structuredClone(buffer, { transfer: [buffer] })
    assert.throws(() => moved.take(), { code: 'UMFB_CLOSED', message: /transferred/ })
    moved.close()
    const memory = new WebAssembly.Memory({ initial: 1 })
    const grown = watch(new Uint8Array(memory.buffer))
    memory.grow(1)
    assert.throws(() => grown.take(), { code: 'UMFB_CLOSED', message: /grown/ })
    grown.close()
    grown.close()
    assert.throws(() => grown.take(), { code: 'UMFB_CLOSED' })
  })

  it('two threads cannot watch the same page: the second is told', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(1 << 20))
    watch(shared)
    const module = new URL('../../src/userfaultfd.js', import.meta.url).href
    const worker = new Worker(
      `import('${module}').then(({ WriteWatch }) => {
        const { parentPort, workerData } = require('worker_threads')
        try { new WriteWatch(workerData); parentPort.postMessage('watches') }
        catch ({ systemCode }) { parentPort.postMessage(systemCode) }
      })`,
      { eval: true, workerData: shared },
    )
    assert.equal(await new Promise((resolve) => worker.once('message', resolve)), 'EBUSY')
    await worker.terminate()
  })
})

it('WriteWatch: where userfaultfd does not work, it says so', { skip: !skipReason('wp-async') }, () => {
  assert.throws(() => new WriteWatch(new Uint8Array(1)), failsWith('EPERM'))
})
