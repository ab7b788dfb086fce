import { setImmediate } from 'node:timers/promises'
import { ClosedError, InvalidArgumentError, SystemError } from '../errors.js'
import type { Userfaultfd as UserfaultfdHandle } from '../native/binding.js'
import { binding } from '../native/load.js'
import { atExit } from '../util/at-exit.js'
import { attempt } from './attempt.js'
import { type EventOf, readEvents } from './events.js'
import {
  features,
  operations,
  type RegisterMode,
  registerModes,
  type UserfaultfdFeature,
  type UserfaultfdOperation,
  writeTracking,
} from './features.js'
import { locate, type Pages } from './pages.js'
import { Readiness } from './readiness.js'
import { kindOf } from './received.js'

export type UserfaultfdEvent = EventOf<Userfaultfd>

export interface UserfaultfdOptions {
  /**
   * True: the descriptor that needs no privilege since Linux 5.11. Faults that the kernel takes on behalf of a program, as
   * read(2) does that fills a missing page, are not reported but fail there with EFAULT; those of asynchronous write
   * protection are resolved all the same. Default: true.
   */
  userModeOnly?: boolean
  /** Default: `writeTracking`. None is needed for missing pages, and for write protection of private memory. */
  features?: readonly UserfaultfdFeature[]
}

export interface ResolveOptions {
  /** Let those go on that wait for these pages. False: by wake(), later. Default: true. */
  wake?: boolean
}

export interface FillOptions extends ResolveOptions {
  /** The pages come write-protected. They must be registered for that, too. Default: false. */
  writeProtect?: boolean
}

export interface MoveOptions extends ResolveOptions {
  /** Pages that `from` lacks are left out; else ENOENT. Default: false. */
  allowHoles?: boolean
}

/** Bits of the system call, and of the modes of UFFDIO_COPY, ZEROPAGE, CONTINUE, POISON and MOVE. */
const userModeOnlyFlag = 1
const dontWake = 1n
const secondMode = 2n

/** A forged or flooded userfaultfd must not keep the event loop from all else. */
const maxEventsPerTurn = 64

/**
 * A userfaultfd: of this process, or one that another process made and handed over. The methods are the ioctls of
 * ioctl_userfaultfd(2), and throw SystemError with their `systemCode`.
 *
 * copy(), zeropage(), continue(), poison() and move() return how many bytes they did: fewer than all where a later page
 * could not be done, and a call for the rest throws why.
 */
export class Userfaultfd {
  readonly #handle: UserfaultfdHandle
  readonly #readiness: Readiness
  #isClosed = false
  #forgetExit: (() => void) | undefined
  /** What was enabled when it was opened, by whoever opened it. */
  readonly features: readonly UserfaultfdFeature[]

  /** What this kernel offers. @throws SystemError where userfaultfd is forbidden or missing */
  static supportedFeatures(options: Pick<UserfaultfdOptions, 'userModeOnly'> = {}): UserfaultfdFeature[] {
    return features.namesOf(attempt(() => binding.userfaultfdFeatures(flagsOf(options))))
  }

  /**
   * By the system call or, where that is forbidden, by /dev/userfaultfd.
   * @throws SystemError where both are forbidden, with what an administrator can do; or the kernel lacks a feature
   */
  static open(options: UserfaultfdOptions = {}): Userfaultfd {
    const wanted = options.features ?? writeTracking
    const mask = features.maskOf(wanted)
    const supported = Userfaultfd.supportedFeatures(options)
    const lacking = wanted.filter((name) => !supported.includes(name))
    if (lacking.length > 0) {
      throw new SystemError(
        `userfaultfd: this kernel lacks ${lacking.join(', ')}; it has ${supported.join(', ')}. Use a newer one, or do without.`,
      )
    }
    return new Userfaultfd(attempt(() => binding.Userfaultfd.open(flagsOf(options), mask)))
  }

  /**
   * One that another process opened and handed over; or another thread, as `fd`, duplicated. Addresses are those of the
   * process that opened it. Taken over, unless this throws.
   *
   * @param enable features, where nobody has made the handshake (UFFDIO_API). Else what was enabled is read
   * @throws InvalidArgumentError where it is something else
   */
  static fromDescriptor(fd: number, enable?: readonly UserfaultfdFeature[]): Userfaultfd {
    const wanted = enable && features.maskOf(enable)
    return new Userfaultfd(attempt(() => binding.Userfaultfd.fromDescriptor(fd, wanted)))
  }

  private constructor(handle: UserfaultfdHandle) {
    this.#handle = handle
    this.#readiness = new Readiness(handle)
    this.features = features.namesOf(handle.features())
  }

  /** The descriptor, open as long as the object is. To be passed on, not closed. */
  get fd(): number {
    return this.#open().fd()
  }

  /**
   * Has faults of pages reported. They must stay mapped. One userfaultfd a page: EBUSY where another has it.
   *
   * With write-protect and the feature wp-async nobody waits: pages count as written until scanPages() re-arms them. All
   * else makes whoever touches such a page wait until copy(), continue() or the like resolves it, so it must not be the
   * thread that does that: pass the location of memory that others touch. A view is refused.
   *
   * @returns what the pages allow
   */
  register(pages: Pages, modes: readonly RegisterMode[] = ['write-protect']): UserfaultfdOperation[] {
    const handle = this.#open()
    const mask = registerModes.maskOf(modes)
    const waits = modes.some((mode) => mode !== 'write-protect') || !this.features.includes('wp-async')
    if (waits && pages instanceof Uint8Array) {
      throw new InvalidArgumentError(
        `register: expected the location of pages that other threads or processes touch, received a view. With ${modes.join(', ')}${modes.includes('write-protect') ? ' without the feature wp-async' : ''} this thread, which resolves the faults, would wait for itself: see locate().`,
      )
    }
    const { address, lengthBytes } = locate(pages)
    const allowed = attempt(() => handle.register(address, lengthBytes, mask))
    // Held until then, for somebody may wait. And a thread that waits cannot be joined: at exit Node would for ever.
    if (waits) this.#forgetExit ??= atExit(() => this.close())
    return operations.namesOf(allowed)
  }

  /**
   * Those that wait for a missing page go on. Those that wait in a write-protect fault do not (Linux 6.18): take the
   * protection away first, and wake() after.
   */
  unregister(pages: Pages): void {
    const handle = this.#open()
    const { address, lengthBytes } = locate(pages)
    attempt(() => handle.unregister(address, lengthBytes))
  }

  /**
   * True protects; with wp-async it forgets what was written to the pages. False lets those go on that wait to store;
   * with wp-async the pages count as written, and their next store costs as little as any.
   */
  writeProtect(pages: Pages, protect = true, { wake = true }: ResolveOptions = {}): void {
    const handle = this.#open()
    const { address, lengthBytes } = locate(pages)
    attempt(() => handle.writeProtect(address, lengthBytes, protect, wake))
  }

  /**
   * Gives missing pages their contents, in one atomic step each. EEXIST: the page is there.
   * @param source as long as the pages
   */
  copy(pages: Pages, source: Uint8Array, { wake, writeProtect }: FillOptions = {}): number {
    const handle = this.#open()
    const { address, lengthBytes } = locate(pages)
    if (source?.byteLength !== lengthBytes) {
      throw new InvalidArgumentError(
        `source: expected ${lengthBytes} bytes, as many as the pages have, received ${source?.byteLength ?? kindOf(source)}`,
      )
    }
    return attempt(() => handle.copy(address, source, modeOf(wake, writeProtect)))
  }

  /** Gives missing pages zeros. EEXIST: the page is there. Not for huge pages (EINVAL). */
  zeropage(pages: Pages, { wake }: ResolveOptions = {}): number {
    const handle = this.#open()
    const { address, lengthBytes } = locate(pages)
    return attempt(() => handle.zeropage(address, lengthBytes, modeOf(wake)))
  }

  /**
   * Maps what the shared memory has, after a minor fault. EEXIST: it is mapped. EFAULT: the memory has no such page.
   * `writeProtect` needs Linux 6.4; without it the page is mapped writable, also for who reads.
   */
  continue(pages: Pages, { wake, writeProtect }: FillOptions = {}): number {
    const handle = this.#open()
    const { address, lengthBytes } = locate(pages)
    return attempt(() => handle.continue(address, lengthBytes, modeOf(wake, writeProtect)))
  }

  /** Whoever touches the pages gets SIGBUS, as of broken memory. Linux 6.6. EEXIST: the page is there. */
  poison(pages: Pages, { wake }: ResolveOptions = {}): number {
    const handle = this.#open()
    const { address, lengthBytes } = locate(pages)
    return attempt(() => handle.poison(address, lengthBytes, modeOf(wake)))
  }

  /**
   * Moves private anonymous pages to where they are missing, without copying. Within this process alone. Linux 6.8.
   * @param from as long as the pages
   */
  move(pages: Pages, from: Pages, { wake, allowHoles }: MoveOptions = {}): number {
    const handle = this.#open()
    const { address, lengthBytes } = locate(pages)
    const source = locate(from)
    if (source.lengthBytes !== lengthBytes) {
      throw new InvalidArgumentError(
        `from: expected ${lengthBytes} bytes, as many as the pages have, received ${source.lengthBytes}`,
      )
    }
    return attempt(() => handle.move(address, lengthBytes, modeOf(wake, allowHoles), source.address))
  }

  /** Lets those try again that wait for these pages: what they find decides whether they wait once more. */
  wake(pages: Pages): void {
    const handle = this.#open()
    const { address, lengthBytes } = locate(pages)
    attempt(() => handle.wake(address, lengthBytes))
  }

  /**
   * The events that wait to be read now, without waiting for any. Whoever reads a fault has to resolve it: the kernel does
   * not tell of it again.
   *
   * @param limit most of them
   */
  readEvents(limit = 16): UserfaultfdEvent[] {
    const handle = this.#open()
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > 4096) {
      throw new InvalidArgumentError(`limit: expected a whole number from 1 to 4096, received ${limit}`)
    }
    return readEvents(handle, adoptChild, limit)
  }

  /**
   * Events as they come, read one by one: what is not taken yet stays in the kernel, for the next reader. Ends with close().
   *
   * @throws the signal's reason, when that is aborted
   */
  async *events({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<UserfaultfdEvent, void, void> {
    for (let sinceTurn = 0; ; ) {
      signal?.throwIfAborted()
      if (this.#isClosed) return
      const [event] = this.readEvents(1)
      if (!event) {
        await this.#readiness.wait(signal)
        sinceTurn = 0
      } else {
        yield event
        if (++sinceTurn % maxEventsPerTurn === 0) await setImmediate()
      }
    }
  }

  /** Waiting for events does not keep the process alive any more. */
  unref(): void {
    this.#open().unref()
  }

  /**
   * What was registered behaves as any memory again, and those that wait go on: missing pages are zeros then, minor ones
   * the file's. Where another process has the descriptor too, that happens when all have closed it. Idempotent.
   */
  close(): void {
    this.#isClosed = true
    this.#forgetExit?.()
    this.#handle.close()
    this.#readiness.wakeAll()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #open(): UserfaultfdHandle {
    if (this.#isClosed) throw new ClosedError('the userfaultfd was closed')
    return this.#handle
  }
}

/** Of a fork, whose event gave us the descriptor. */
function adoptChild(fd: number): Userfaultfd {
  try {
    return Userfaultfd.fromDescriptor(fd)
  } catch (error) {
    binding.closeDescriptor(fd)
    throw error
  }
}

function flagsOf({ userModeOnly = true }: Pick<UserfaultfdOptions, 'userModeOnly'>): number {
  return userModeOnly ? userModeOnlyFlag : 0
}

/** @param second what the ioctl's second bit asks for */
function modeOf(wake = true, second = false): bigint {
  return (wake ? 0n : dontWake) | (second ? secondMode : 0n)
}
