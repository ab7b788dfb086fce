import type { Tracker } from '../native/binding.js'

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

/** @returns an id for Tracker.detach() */
export function attachWriter(tracker: Tracker, mapping: WriterMapping): number {
  const { uffd, pagemap, syncUffd, zapAgent, address, firstPage, pageCount, syncUserModeOnly } = mapping
  return tracker.attach(uffd, pagemap, syncUffd, zapAgent, address, firstPage, pageCount, syncUserModeOnly)
}
