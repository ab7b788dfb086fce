import { ClosedError, InvalidArgumentError, SystemError } from '../errors.js'
import type { Userfaultfd as UserfaultfdHandle } from '../native/binding.js'
import { binding } from '../native/load.js'
import { attempt } from './attempt.js'
import { locate, type Pages } from './pages.js'

/** What a kernel may offer, with the bit UFFD_FEATURE_* of linux/userfaultfd.h. */
const featureBits = {
  'pagefault-flag-wp': 0,
  'event-fork': 1,
  'event-remap': 2,
  'event-remove': 3,
  'missing-hugetlbfs': 4,
  'missing-shmem': 5,
  'event-unmap': 6,
  sigbus: 7,
  'thread-id': 8,
  'minor-hugetlbfs': 9,
  'minor-shmem': 10,
  'exact-address': 11,
  'wp-hugetlbfs-shmem': 12,
  'wp-unpopulated': 13,
  poison: 14,
  'wp-async': 15,
  move: 16,
} as const

export type UserfaultfdFeature = keyof typeof featureBits

/** Features that ask nobody to read events: without a reader, the process would stop at its next fork or fault. */
export type WriteProtectFeature = 'pagefault-flag-wp' | 'wp-hugetlbfs-shmem' | 'wp-unpopulated' | 'wp-async'

/** Asynchronous write protection of any memory, touched before or not. */
const writeProtectFeatures: readonly WriteProtectFeature[] = [
  'pagefault-flag-wp',
  'wp-hugetlbfs-shmem',
  'wp-unpopulated',
  'wp-async',
]

const flagUserModeOnly = 1
const registerModeWriteProtect = 2n

export interface UserfaultfdOptions {
  /**
   * True: the descriptor that needs no privilege, and does not resolve faults which the kernel takes on our behalf. Those
   * of asynchronous write protection are resolved all the same. Default: true.
   */
  userModeOnly?: boolean
  /** Default: all of them. Without wp-async nothing can be registered. */
  features?: readonly WriteProtectFeature[]
}

/** A userfaultfd of this process. */
export class Userfaultfd {
  readonly features: readonly WriteProtectFeature[]
  #handle: UserfaultfdHandle | undefined

  /** What this kernel offers. @throws SystemError where userfaultfd is forbidden or missing */
  static supportedFeatures(options: Pick<UserfaultfdOptions, 'userModeOnly'> = {}): UserfaultfdFeature[] {
    const bits = attempt(() => binding.userfaultfdFeatures(flagsOf(options)))
    return (Object.keys(featureBits) as UserfaultfdFeature[]).filter((name) => bits & bitOf(name))
  }

  /** @throws SystemError where userfaultfd is forbidden, or the kernel lacks a feature */
  static open(options: UserfaultfdOptions = {}): Userfaultfd {
    const { features = writeProtectFeatures } = options
    for (const name of features) {
      if (!writeProtectFeatures.includes(name)) {
        throw new InvalidArgumentError(
          `features: expected some of ${writeProtectFeatures.join(', ')}, received ${name}`,
        )
      }
    }
    const lacking = features.filter((name) => !Userfaultfd.supportedFeatures(options).includes(name))
    if (lacking.length > 0) {
      throw new SystemError(
        `userfaultfd: this kernel lacks ${lacking.join(', ')}. Expected Linux 6.7 or newer; "probeTrackers" tells what else works.`,
      )
    }
    const bits = features.reduce((sum, name) => sum | bitOf(name), 0n)
    return new Userfaultfd(
      attempt(() => new binding.Userfaultfd(flagsOf(options), bits)),
      features,
    )
  }

  private constructor(handle: UserfaultfdHandle, features: readonly WriteProtectFeature[]) {
    this.#handle = handle
    this.features = features
  }

  /** The descriptor, open as long as the object is. To be passed on, not closed. */
  get fd(): number {
    return this.#open().fd()
  }

  /**
   * Makes pages trackable; they count as written until a scan re-arms them. They must stay mapped: keep the view alive.
   * One userfaultfd a page: EBUSY where another has it.
   */
  register(pages: Pages): void {
    const handle = this.#open()
    if (!this.features.includes('wp-async')) {
      throw new InvalidArgumentError(
        'register: expected a userfaultfd with wp-async. Without it, a store would wait for this very thread to resolve it.',
      )
    }
    const { address, lengthBytes } = locate(pages)
    attempt(() => handle.register(address, lengthBytes, registerModeWriteProtect))
  }

  unregister(pages: Pages): void {
    const handle = this.#open()
    const { address, lengthBytes } = locate(pages)
    attempt(() => handle.unregister(address, lengthBytes))
  }

  /**
   * Without a scan: true re-arms pages, and forgets what was written to them; false makes them count as written, and
   * their next store as cheap as any.
   */
  writeProtect(pages: Pages, protect = true): void {
    const handle = this.#open()
    const { address, lengthBytes } = locate(pages)
    attempt(() => handle.writeProtect(address, lengthBytes, protect))
  }

  /** Everything that was registered is disarmed. Idempotent. */
  close(): void {
    this.#handle?.close()
    this.#handle = undefined
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #open(): UserfaultfdHandle {
    if (!this.#handle) throw new ClosedError('the userfaultfd was closed')
    return this.#handle
  }
}

function flagsOf({ userModeOnly = true }: Pick<UserfaultfdOptions, 'userModeOnly'>): number {
  return userModeOnly ? flagUserModeOnly : 0
}

function bitOf(name: UserfaultfdFeature): bigint {
  return 1n << BigInt(featureBits[name])
}
