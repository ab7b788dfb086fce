import { readdirSync } from 'node:fs'
import { native } from './native.js'

function threads(): number[] {
  return readdirSync('/proc/self/task').map(Number)
}

/** The threads that a tracker starts to handle its faults: those which were not there before it. */
export class HandlerThreads {
  readonly #before = new Set(threads())
  #handlers: number[] = []

  /** Looks which there are now. */
  find(): void {
    this.#handlers = threads().filter((tid) => !this.#before.has(tid))
  }

  /** Time on a processor so far. */
  cpuNs(): number {
    let sum = 0
    for (const tid of this.#handlers) sum += native.threadCpuNs(tid)
    return sum
  }
}
