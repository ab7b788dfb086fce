import { ClosedError } from '../errors.js'
import type { DeviceMemory } from '../native/binding.js'
import { binding } from '../native/load.js'
import { attempt } from './attempt.js'

/** Memory of whole pages, zeroed: a memfd of this process, sealed against shrinking and growing. */
export class PageMemory {
  readonly #memory: DeviceMemory
  readonly #bytes: Uint8Array

  /** @param sizeBytes rounded up to whole pages */
  constructor(sizeBytes: number) {
    this.#memory = attempt(() => new binding.DeviceMemory(sizeBytes))
    this.#bytes = new Uint8Array(this.#memory.buffer)
  }

  /** @throws ClosedError after close(), which empties every view of the memory */
  get bytes(): Uint8Array {
    if (this.#bytes.length === 0) throw new ClosedError('the memory was closed')
    return this.#bytes
  }

  /** Idempotent. */
  close(): void {
    this.#memory.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
