import { ClosedError, InvalidArgumentError } from '../errors.js'
import type { DeviceMemory } from '../native/binding.js'
import { binding } from '../native/load.js'
import { attempt } from './attempt.js'
import { kindOf } from './received.js'

/**
 * A mapping of shared memory, in whole pages: a memfd, sealed against shrinking.
 *
 * Faults belong to a mapping, contents to the memfd: so a thread that handles faults maps the memory once more, and
 * touches its own mapping, which is not registered, without waiting for itself.
 */
export class PageMemory {
  readonly #memory: DeviceMemory
  readonly #bytes: Uint8Array

  /**
   * @param source bytes, rounded up to whole pages, of a memfd of its own, zeroed. Or one more mapping of a memfd that
   * exists: of another PageMemory's `fd`, in any thread, or one that another process made. That has to be sealed against
   * shrinking, and stays the caller's, who may close it
   * @throws InvalidArgumentError where it is something else
   */
  constructor(source: number | { readonly memfd: number }) {
    if (typeof source !== 'number' && typeof source?.memfd !== 'number') {
      throw new InvalidArgumentError(
        `source: expected a number of bytes, or { memfd: a number }, received ${kindOf(source)}`,
      )
    }
    this.#memory = attempt(() =>
      typeof source === 'number'
        ? new binding.DeviceMemory(source)
        : new binding.DeviceMemory(undefined, source.memfd),
    )
    this.#bytes = new Uint8Array(this.#memory.buffer)
  }

  /** @throws ClosedError after close(), which empties every view of the memory */
  get bytes(): Uint8Array {
    if (this.#bytes.length === 0) throw new ClosedError('the memory was closed')
    return this.#bytes
  }

  /** The memfd, open as long as the object is. To be passed on, not closed. @throws ClosedError */
  get fd(): number {
    if (this.#bytes.length === 0) throw new ClosedError('the memory was closed')
    return this.#memory.fd
  }

  /** Idempotent. */
  close(): void {
    this.#memory.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
