import { BitNames } from './bit-names.js'

/**
 * What a kernel may offer, with the bit UFFD_FEATURE_* of linux/userfaultfd.h; ioctl_userfaultfd(2) says what each does.
 *
 * Where an event is enabled, the thread that forks (event-fork), remaps, unmaps or discards registered memory waits until
 * the event is read. It must not be the thread that reads; with event-fork, that thread must not even start a child
 * process.
 */
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
export const features = new BitNames<UserfaultfdFeature>('feature', featureBits)

/**
 * Asynchronous write protection of any memory, touched before or not: nobody has to read events, the kernel resolves
 * each fault and notes it for scanPages().
 */
export const writeTracking: readonly UserfaultfdFeature[] = [
  'pagefault-flag-wp',
  'wp-hugetlbfs-shmem',
  'wp-unpopulated',
  'wp-async',
]

/** Which faults are reported: bits UFFDIO_REGISTER_MODE_*. */
const modeBits = { missing: 0, 'write-protect': 1, minor: 2 } as const

export type RegisterMode = keyof typeof modeBits
export const registerModes = new BitNames<RegisterMode>('register mode', modeBits)

/** What registered pages allow: the numbers _UFFDIO_* of the ioctls. */
const operationBits = {
  wake: 2,
  copy: 3,
  zeropage: 4,
  move: 5,
  writeProtect: 6,
  continue: 7,
  poison: 8,
} as const

/** A method of Userfaultfd. */
export type UserfaultfdOperation = keyof typeof operationBits
export const operations = new BitNames<UserfaultfdOperation>('operation', operationBits)
