import { InvalidArgumentError } from '../errors.js'
import { binding } from '../native/load.js'
import { kindOf } from './received.js'

/** Bytes of a page. Of huge pages (hugetlbfs) every address and length is a multiple of theirs. */
export const { pageSize } = binding

/** Where memory is: in this process, or in another one whose userfaultfd or pagemap it is used with. Can be posted. */
export interface Location {
  readonly address: bigint
  readonly lengthBytes: number
}

/** Whole pages: a view of them, or where they are. */
export type Pages = Uint8Array | Location

/**
 * Where a view's memory is, to be told to whoever handles its faults.
 *
 * @throws InvalidArgumentError where that are not whole pages
 */
export function locate(pages: Pages): Location {
  if (!isPages(pages)) {
    throw new InvalidArgumentError(
      `pages: expected a Uint8Array, or { address: a bigint, lengthBytes: a number }, received ${kindOf(pages)}`,
    )
  }
  const { address, lengthBytes } =
    pages instanceof Uint8Array ? { address: binding.addressOf(pages), lengthBytes: pages.byteLength } : pages
  const whole = lengthBytes > 0 && lengthBytes % pageSize === 0 && address % BigInt(pageSize) === 0n
  if (!whole) {
    throw new InvalidArgumentError(
      `pages: expected whole pages of ${pageSize} bytes, received ${lengthBytes} bytes at ${address}. PageMemory makes such memory.`,
    )
  }
  return { address, lengthBytes }
}

function isPages(pages: Pages): boolean {
  if (pages instanceof Uint8Array) return true
  return typeof pages?.address === 'bigint' && typeof pages.lengthBytes === 'number'
}

/** The page in which an address lies. */
export function pageAt(address: bigint): Location {
  return { address: address - (address % BigInt(pageSize)), lengthBytes: pageSize }
}
