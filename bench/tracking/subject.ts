import { createMode, type Region } from '../../src/index.js'
import type { DeviceMemory, Tracker, TrackerMechanism } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { DamageSource } from '../../src/surface/damage-source.js'
import type { Size } from './size.js'
import { mechanismOf } from './trackers.js'

/** A tracker that counts the pages it reports, while it is told to. */
class CountingTracker implements Tracker {
  readonly #tracker: Tracker
  counting = false
  pages = 0

  constructor(tracker: Tracker) {
    this.#tracker = tracker
  }

  get mechanism(): TrackerMechanism {
    return this.#tracker.mechanism
  }

  harvest(runs: Uint32Array): number {
    const count = this.#tracker.harvest(runs)
    if (this.counting) for (let i = 0; i < count; i++) this.pages += runs[2 * i + 1]!
    return count
  }

  markDirty(firstPage: number, pageCount: number): void {
    this.#tracker.markDirty(firstPage, pageCount)
  }

  attach(uffd: number, pagemap: number, address: bigint, firstPage: number, pageCount: number): number {
    return this.#tracker.attach(uffd, pagemap, address, firstPage, pageCount)
  }

  attachUntracked(firstPage: number, pageCount: number): number {
    return this.#tracker.attachUntracked(firstPage, pageCount)
  }

  detach(id: number): void {
    this.#tracker.detach(id)
  }

  status() {
    return this.#tracker.status()
  }

  close(): void {
    this.#tracker.close()
  }
}

/** What a surface does at each frame, without the surface: a tracker on device memory, its shadow, and the refinement. */
export class Subject {
  readonly tracker: CountingTracker
  readonly shadow: Uint8Array
  readonly #source: DamageSource

  /** @param name a mechanism, or 'adaptive' */
  constructor(name: string, memory: DeviceMemory, size: Size) {
    this.shadow = new Uint8Array(memory.sizeBytes)
    const options = { mechanism: mechanismOf(name), shadow: this.shadow, adaptive: name === 'adaptive' }
    this.tracker = new CountingTracker(new binding.Tracker(memory, options))
    const mode = createMode({ width: size.width, height: size.height })
    this.#source = new DamageSource(memory, this.tracker, this.shadow, mode)
  }

  take(): Region | undefined {
    return this.#source.take()
  }

  close(): void {
    this.tracker.close()
  }
}
