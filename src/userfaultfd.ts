/**
 * `umfb/userfaultfd`: Linux's userfaultfd and PAGEMAP_SCAN for Node, without the rest of umfb. So far for one purpose:
 * to learn which pages of this process's memory were written to.
 *
 *     import { PageMemory, scanPages, Userfaultfd } from 'umfb/userfaultfd'
 *
 *     const memory = new PageMemory(1 << 20)
 *     const uffd = Userfaultfd.open()
 *     uffd.register(memory.bytes)
 *     scanPages(memory.bytes, { rearm: true })      // arms it: a fresh registration counts as written throughout
 *     memory.bytes[5000] = 1                        // no handler, no signal, under a microsecond
 *     scanPages(memory.bytes, { rearm: true })      // [{ offsetBytes: 4096, lengthBytes: 4096, … }]
 *
 * Kernel side: userfaultfd(2), ioctl_userfaultfd(2), and Documentation/admin-guide/mm/pagemap.rst for the scan.
 * Asynchronous write protection needs Linux 6.7. A failed call throws SystemError, whose `cause` is Node's kind of
 * error, with `code` ('EPERM', …), `errno` and `syscall`.
 */

import type { TrackerProbe } from './native/binding.js'
import { binding } from './native/load.js'

export type { TrackerMechanism, TrackerProbe } from './native/binding.js'
export { PageMemory } from './userfaultfd/page-memory.js'
export { type Pages, pageSize } from './userfaultfd/pages.js'
export { type PageCategory, type PageRegion, type ScanOptions, scanPages } from './userfaultfd/scan.js'
export {
  Userfaultfd,
  type UserfaultfdFeature,
  type UserfaultfdOptions,
  type WriteProtectFeature,
} from './userfaultfd/userfaultfd.js'

/**
 * Tries every tracking mechanism of umfb by a round trip on scratch memory: a store is reported, a re-armed page is
 * clean, read(2) into the memory is reported. Best first, with the reason where one does not work.
 */
export function probeTrackers(): TrackerProbe[] {
  return binding.probeTrackers()
}
