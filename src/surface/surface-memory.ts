import type { DeviceMemory, Tracker } from '../native/binding.js'
import { binding } from '../native/load.js'
import { type Mode, modeBytes } from './mode.js'
import { SurfaceFront } from './surface-front.js'
import { checkOptions, type SurfaceOptions } from './surface-options.js'
import { chooseTracker, type TrackerChoice } from './tracker-choice.js'

/** A mapping of another process's that is tracked from outside. See Tracker.attach in src/native/binding.ts. */
export interface WriterMapping {
  readonly uffd?: number
  readonly pagemap?: number
  readonly syncUffd?: number
  readonly syncUserModeOnly?: boolean
  readonly zapAgent?: number
  readonly address: bigint
  readonly firstPage: number
  readonly pageCount: number
}

/** A surface's device memory, and who stores to it: the tracker knows. */
export abstract class SurfaceMemory extends SurfaceFront {
  readonly name: string
  readonly trackerChoice: TrackerChoice
  readonly capacityBytes: number
  protected readonly memory: DeviceMemory
  protected readonly tracker: Tracker
  protected readonly shadow: Uint8Array
  readonly #ownsMemory: boolean
  readonly #live: Uint8Array

  /** @throws InvalidArgumentError, TrackerUnavailableError */
  protected constructor(options: SurfaceOptions, mode: Mode) {
    super()
    const { name = 'umfb', fps = 60, memory, tracker = 'auto' } = options
    const { capacityBytes = memory?.sizeBytes ?? mode.offsetBytes + modeBytes(mode) } = options
    checkOptions(mode, fps, capacityBytes)
    this.trackerChoice = chooseTracker(tracker)

    this.name = name
    this.memory = memory ?? new binding.DeviceMemory(capacityBytes)
    this.#ownsMemory = memory === undefined
    this.capacityBytes = this.memory.sizeBytes
    this.#live = new Uint8Array(this.memory.buffer)
    this.shadow = new Uint8Array(this.capacityBytes)
    this.tracker = new binding.Tracker(this.memory, {
      mechanism: this.trackerChoice.mechanism,
      adaptive: this.trackerChoice.adaptive,
      shadow: this.shadow,
      onStore: () => this.wake(),
    })
  }

  /** Looks at once, ahead of the clock: a doorbell rang, a viewer asked, a guest's mode changed. */
  abstract wake(): void

  /**
   * Device memory itself, all of it: any store here is seen. Row y of the picture starts at
   * mode.offsetBytes + y × mode.strideBytes.
   * @throws ClosedError after close(): a store into a closed surface would vanish without a word
   */
  get pixels(): Uint8Array {
    this.checkOpen()
    return this.#live
  }

  /** The memfd of device memory: to be passed to a guest, never closed. */
  get memoryDescriptor(): number {
    this.checkOpen()
    return this.memory.fd
  }

  /** As markDirty(), in pages of device memory. */
  markPagesDirty(firstPage: number, pageCount: number): void {
    this.checkOpen()
    this.tracker.markDirty(firstPage, pageCount)
    this.wake()
  }

  /** Tracks a mapping of device memory in another process. @returns an id for detachWriter() */
  attachWriter(mapping: WriterMapping): number {
    this.checkOpen()
    const { uffd, pagemap, syncUffd, zapAgent, address, firstPage, pageCount, syncUserModeOnly } = mapping
    const id = this.tracker.attach(
      uffd,
      pagemap,
      syncUffd,
      zapAgent,
      address,
      firstPage,
      pageCount,
      syncUserModeOnly,
    )
    this.wake()
    return id
  }

  /** A mapping in another process that nobody can arm: compared at every frame. @returns an id for detachWriter() */
  attachUntrackedWriter(firstPage: number, pageCount: number): number {
    this.checkOpen()
    const id = this.tracker.attachUntracked(firstPage, pageCount)
    this.wake()
    return id
  }

  /**
   * Tracks what a KVM guest of this process stores to device memory, by the dirty log of its memory slot. See
   * Tracker.attachKvmSlot in src/native/binding.ts.
   * @returns an id for detachWriter()
   */
  attachKvmSlot(vmFd: number, slot: number, firstPage: number, pageCount: number): number {
    this.checkOpen()
    const id = this.tracker.attachKvmSlot(vmFd, slot, firstPage, pageCount)
    this.wake()
    return id
  }

  /** The mapping goes away; what was stored through it until now is not lost. */
  detachWriter(id: number): void {
    if (this.closed) return
    this.tracker.detach(id)
    this.wake()
  }

  protected closeMemory(): void {
    this.tracker.close()
    if (this.#ownsMemory) this.memory.close()
  }
}
