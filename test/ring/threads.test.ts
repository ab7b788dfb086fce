import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import { binding } from '../../src/native/load.js'
import { framebufferPage } from '../../src/ring/layout.js'
import { createRing } from '../support/ring.js'
import type { HammerOrders } from '../support/ring-hammer.js'

const count = 100_000
const pages = 100
const bitmapOffset = 512
const stampsOffset = 512 + 64
/** Far longer than any pause of a machine: only who was not rung for sleeps so long. */
const sleepMs = 20_000
/** Looks at the bell before it sleeps: so the other thread is awake when this one looks at the ring for the last time. */
const spins = 1000

describe('a ring between two threads', () => {
  it('loses no event, no page and no doorbell, over the wrap of its indices', {
    timeout: 120_000,
  }, async () => {
    const { memory, consumer, take } = createRing(framebufferPage.out, 2 ** 32 - count / 2)
    const bell = new Int32Array(new SharedArrayBuffer(4))
    const orders: HammerOrders = { memfd: memory.fd, count, bell, bitmapOffset, stampsOffset, pages }
    const worker = new Worker(new URL('../support/ring-hammer.js', import.meta.url), { workerData: orders })
    const stamps = new Uint32Array(memory.untracked, stampsOffset, pages)
    const seen = new Uint32Array(pages)
    const runs = new Uint32Array(2 * pages)
    const look = () => {
      const taken = binding.takeBitmap(memory, bitmapOffset, pages, runs)
      for (let i = 0; i < taken; i++) {
        const [first, length] = [runs[2 * i]!, runs[2 * i + 1]!]
        seen.set(stamps.subarray(first, first + length), first)
      }
    }
    let next = 0
    while (next < count) {
      const heard = Atomics.load(bell, 0)
      const events = take()
      for (const event of events) assert.equal(event, next++)
      if (events.length > 0) look()
      if (consumer.release(events.length) || next === count) continue
      for (let i = 0; i < spins && Atomics.load(bell, 0) === heard; i++);
      assert.notEqual(
        Atomics.wait(bell, 0, heard, sleepMs),
        'timed-out',
        `no doorbell after event ${next - 1}`,
      )
    }
    await once(worker, 'exit')
    look()
    assert.deepEqual(seen, stamps)
  })
})
