import type { Userfaultfd as UserfaultfdHandle } from '../native/binding.js'
import { attempt } from './attempt.js'
import { type Location, pageAt } from './pages.js'

/** A thread waits until the page is there, or may be written to, or wake() lets it try again. */
export interface PageFault {
  readonly type: 'pagefault'
  /** Of the page, or with the feature exact-address of the access. */
  readonly address: bigint
  /** The page, of `pageSize`: what to pass on to copy(), continue(), … */
  readonly page: Location
  /** Why it waits: no page is there; there is one that is not mapped; it is write-protected. */
  readonly reason: 'missing' | 'minor' | 'write-protect'
  /** It stores; else it reads. */
  readonly write: boolean
  /** As the thread's own process counts; undefined without the feature thread-id. */
  readonly threadId?: number
}

/** The process forked: its child's memory is registered as its own is, and its faults come by `child`. */
export interface ForkEvent<Child> {
  readonly type: 'fork'
  /** To be closed by whoever reads this. */
  readonly child: Child
}

/** mremap(2): what was registered at `from` is at `to` now. */
export interface RemapEvent {
  readonly type: 'remap'
  readonly from: bigint
  readonly to: bigint
  readonly lengthBytes: number
}

/** `remove`: madvise(2) discarded the contents, and the pages are missing again. `unmap`: the memory is gone. */
export interface RangeEvent<Type extends 'remove' | 'unmap'> {
  readonly type: Type
  readonly address: bigint
  readonly lengthBytes: number
}

export type EventOf<Child> =
  | PageFault
  | ForkEvent<Child>
  | RemapEvent
  | RangeEvent<'remove'>
  | RangeEvent<'unmap'>

/** struct uffd_msg and its constants: linux/userfaultfd.h. */
const wordsPerMessage = 4
const eventNumbers = { pagefault: 0x12, fork: 0x13, remap: 0x14, remove: 0x15, unmap: 0x16 } as const
const faultWrite = 1n
const faultWriteProtect = 2n
const faultMinor = 4n

/**
 * Reads the events that wait now. Kinds that a newer kernel may add are left out: who caused one waited only to be read.
 *
 * @param adopt makes of a forked child's descriptor what the event has
 * @param limit most of them
 */
export function readEvents<Child>(
  handle: UserfaultfdHandle,
  adopt: (fd: number) => Child,
  limit: number,
): EventOf<Child>[] {
  const messages = new BigUint64Array(wordsPerMessage * limit)
  const count = attempt(() => handle.read(messages))
  return Array.from({ length: count }, (_, i) =>
    decode(messages.subarray(wordsPerMessage * i, wordsPerMessage * (i + 1)), adopt),
  ).filter((event) => event !== undefined)
}

function decode<Child>(words: BigUint64Array, adopt: (fd: number) => Child): EventOf<Child> | undefined {
  const [head = 0n, first = 0n, second = 0n, third = 0n] = words
  const event = Number(head & 0xffn)
  switch (event) {
    case eventNumbers.pagefault:
      return pageFault(first, second, Number(third & 0xffffffffn))
    case eventNumbers.fork:
      return { type: 'fork', child: adopt(Number(first & 0xffffffffn)) }
    case eventNumbers.remap:
      return { type: 'remap', from: first, to: second, lengthBytes: Number(third) }
    case eventNumbers.remove:
      return { type: 'remove', address: first, lengthBytes: Number(second - first) }
    case eventNumbers.unmap:
      return { type: 'unmap', address: first, lengthBytes: Number(second - first) }
    default:
      return undefined
  }
}

function pageFault(flags: bigint, address: bigint, threadId: number): PageFault {
  return {
    type: 'pagefault',
    address,
    page: pageAt(address),
    reason: flags & faultWriteProtect ? 'write-protect' : flags & faultMinor ? 'minor' : 'missing',
    write: (flags & faultWrite) !== 0n,
    ...(threadId !== 0 && { threadId }),
  }
}
