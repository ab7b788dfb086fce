import assert from 'node:assert/strict'
import type {
  DeviceMemory,
  Tracker,
  TrackerMechanism,
  TrackerOptions,
  TrackerProbe,
} from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { until } from './wait.js'

export const { pageSize } = binding

const probes = binding.probeTrackers()

/** All of them, best first. */
export const mechanisms: TrackerMechanism[] = probes.map(({ mechanism }) => mechanism)

/** Those that find what is stored through their own mapping: kvm-log looks at a KVM guest's stores alone. */
export const mechanismsOfMappings = mechanisms.filter((mechanism) => mechanism !== 'kvm-log')

export function probeOf(mechanism: TrackerMechanism): TrackerProbe {
  return probes.find((probe) => probe.mechanism === mechanism)!
}

/** Of the memory that settled() makes. */
export const sizePages = 64

/** Device memory with its shadow and tracker, and what a surface does with them at each frame. */
export class TrackedMemory {
  readonly memory: DeviceMemory
  /** Where this process stores. */
  readonly pixels: Uint8Array
  /** The same, to read without a fault, as a surface does. */
  readonly view: Uint8Array
  readonly shadow: Uint8Array
  readonly tracker: Tracker
  readonly #runs: Uint32Array

  constructor(
    mechanism: TrackerMechanism,
    sizePages: number,
    maxRuns = sizePages,
    options: Pick<TrackerOptions, 'onStore' | 'adaptive'> = {},
  ) {
    this.memory = new binding.DeviceMemory(sizePages * pageSize)
    this.pixels = new Uint8Array(this.memory.buffer)
    this.view = new Uint8Array(this.memory.view)
    this.shadow = new Uint8Array(this.memory.sizeBytes)
    this.tracker = new binding.Tracker(this.memory, { mechanism, shadow: this.shadow, ...options })
    this.#runs = new Uint32Array(2 * maxRuns)
  }

  /** Harvests once, and copies the dirty pages to the shadow. @returns their runs, [first, count] */
  frame(): [number, number][] {
    const count = this.tracker.harvest(this.#runs)
    const runs: [number, number][] = []
    for (let i = 0; i < count; i++) {
      const first = this.#runs[2 * i]!
      const pages = this.#runs[2 * i + 1]!
      runs.push([first, pages])
      const [start, end] = [first * pageSize, (first + pages) * pageSize]
      this.shadow.set(this.view.subarray(start, end), start)
    }
    return runs
  }

  /**
   * Frames until nothing is dirty, after `frame()` has told what was: at once, but where other processes unmap pages for us.
   * Those are reported until it is known that they did.
   */
  async fallSilent(): Promise<void> {
    const asks = this.tracker.mechanism.startsWith('zap') && this.tracker.status().tracked > 1
    if (asks)
      await until(
        () => this.frame().length === 0 || undefined,
        () => 'pages are dirty for ever',
      )
    assert.deepEqual(this.frame(), [], 'reported once')
  }

  /** The first page whose shadow is not what the memory holds; -1 where there is none. */
  firstStalePage(): number {
    for (let page = 0; page * pageSize < this.view.length; page++) {
      const [start, end] = [page * pageSize, (page + 1) * pageSize]
      if (Buffer.compare(this.view.subarray(start, end), this.shadow.subarray(start, end)) !== 0) return page
    }
    return -1
  }

  close(): void {
    this.tracker.close()
    this.memory.close()
  }
}

/** A memory that owes nothing: what was dirty from the start is taken. */
export function settled(mechanism: TrackerMechanism, pages = sizePages, maxRuns?: number): TrackedMemory {
  const device = new TrackedMemory(mechanism, pages, maxRuns)
  device.frame()
  return device
}

/**
 * Why a mechanism cannot be tested here; false where it can. For the `skip` of node:test.
 *
 * Only a system call that fails counts: a round trip that does not come out right is a bug, and the tests shall fail.
 */
export function skipReason(mechanism: TrackerMechanism): string | false {
  const { reason } = probeOf(mechanism)
  return /^E[A-Z0-9]+: /.test(reason) && `${mechanism} does not work here: ${reason}`
}
