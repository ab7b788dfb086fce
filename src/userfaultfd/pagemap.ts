import { ClosedError } from '../errors.js'
import type { Pagemap as PagemapHandle } from '../native/binding.js'
import { binding } from '../native/load.js'
import { attempt } from './attempt.js'

/** What a process's pages are, by /proc/PID/pagemap: what scanPages() scans. */
export class Pagemap {
  readonly #handle: PagemapHandle
  #closed = false

  /**
   * @param pid default: this process. Another one's needs the right to trace it (ptrace(2), PTRACE_MODE_READ)
   * @throws SystemError
   */
  static open(pid?: number): Pagemap {
    return new Pagemap(attempt(() => binding.Pagemap.open(pid)))
  }

  /**
   * One that another process opened and handed over. Taken over, unless this throws.
   * @throws InvalidArgumentError where it is no pagemap on the procfs that is mounted at /proc here
   */
  static fromDescriptor(fd: number): Pagemap {
    return new Pagemap(attempt(() => binding.Pagemap.fromDescriptor(fd)))
  }

  private constructor(handle: PagemapHandle) {
    this.#handle = handle
  }

  /** The descriptor, open as long as the object is. To be passed on, not closed. @throws ClosedError */
  get fd(): number {
    return this.handle.fd()
  }

  /** @internal */
  get handle(): PagemapHandle {
    if (this.#closed) throw new ClosedError('the pagemap was closed')
    return this.#handle
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true
    this.#handle.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
