/**
 * `umfb/userfaultfd`: Linux's userfaultfd and PAGEMAP_SCAN for Node, without the rest of umfb. To track writes, to fill
 * memory when it is first touched (lazy restore, post-copy), to find out what a process's pages are.
 *
 *     import { WriteWatch } from 'umfb/userfaultfd'
 *
 *     const bytes = Buffer.alloc(1 << 20)
 *     const watch = new WriteWatch(bytes)
 *     bytes[5000] = 1                        // no handler, no signal, under a microsecond
 *     watch.take()                           // [{ start: …, end: … }]: the bytes of that page
 *
 * docs/userfaultfd.md is the guide. Kernel side: userfaultfd(2), ioctl_userfaultfd(2), and the kernel's
 * Documentation/admin-guide/mm/userfaultfd.rst and pagemap.rst. A failed call throws SystemError, with `systemCode`
 * ('EPERM', …) and what can be done about it; its `cause` is Node's kind of error.
 */

import type { TrackerProbe } from './native/binding.js'
import { binding } from './native/load.js'

export { ClosedError, InvalidArgumentError, SystemError, UmfbError } from './errors.js'
export type { TrackerMechanism, TrackerProbe } from './native/binding.js'
export type { ByteRange } from './userfaultfd/byte-ranges.js'
export { DescriptorSocket, type DescriptorSocketListener } from './userfaultfd/descriptor-socket.js'
export type { PageFault } from './userfaultfd/events.js'
export {
  type RegisterMode,
  type UserfaultfdFeature,
  type UserfaultfdOperation,
  writeTracking,
} from './userfaultfd/features.js'
export { PageMemory } from './userfaultfd/page-memory.js'
export { Pagemap } from './userfaultfd/pagemap.js'
export { type Location, locate, type Pages, pageAt, pageSize } from './userfaultfd/pages.js'
export { type PageCategory, type PageRegion, type ScanOptions, scanPages } from './userfaultfd/scan.js'
export {
  type FillOptions,
  type MoveOptions,
  type ResolveOptions,
  Userfaultfd,
  type UserfaultfdEvent,
  type UserfaultfdOptions,
} from './userfaultfd/userfaultfd.js'
export { WriteWatch } from './userfaultfd/write-watch.js'

/**
 * Tries every tracking mechanism of umfb by a round trip on scratch memory: a store is reported, a re-armed page is
 * clean, read(2) into the memory is reported. Best first, with the reason where one does not work.
 */
export function probeTrackers(): TrackerProbe[] {
  return binding.probeTrackers()
}
