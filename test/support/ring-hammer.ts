/** A thread for test/ring/threads: posts numbers to a ring until all have found room, and marks pages that it stores to. */
import { workerData } from 'node:worker_threads'
import { binding } from '../../src/native/load.js'
import { framebufferPage } from '../../src/ring/layout.js'
import { ringEnds } from './ring.js'

export interface HammerOrders {
  readonly memfd: number
  /** Numbers 0 to count - 1. */
  readonly count: number
  /** Counts the rings of the doorbell. */
  readonly bell: Int32Array
  readonly bitmapOffset: number
  /** A word a page: the last number that was stored there. */
  readonly stampsOffset: number
  readonly pages: number
}

const { memfd, count, bell, bitmapOffset, stampsOffset, pages } = workerData as HammerOrders
const memory = new binding.DeviceMemory(undefined, memfd)
const { producer, post } = ringEnds(memory, framebufferPage.out)
const stamps = new Uint32Array(memory.untracked, stampsOffset, pages)
const pause = new Int32Array(new SharedArrayBuffer(4))

for (let next = 0; next < count; ) {
  const page = (next * 7) % pages
  stamps[page] = next
  binding.markBitmap(memory, bitmapOffset, pages, page, 1)
  // One at a time for the most part: so the ring is empty again and again.
  const size = next % 64 === 0 ? Math.min(7, count - next) : 1
  const posted = post(Array.from({ length: size }, (_, i) => next + i))
  next += posted
  if (producer.takeBell()) {
    Atomics.add(bell, 0, 1)
    Atomics.notify(bell, 0)
  }
  if (posted === 0) Atomics.wait(pause, 0, 0, 0.05)
}
memory.close()
