import { InvalidArgumentError } from '../errors.js'
import { binding } from '../native/load.js'

/** Bytes of a page. */
export const { pageSize } = binding

/** Whole pages of this process's memory: a view of them, or where they are. */
export type Pages = Uint8Array | { address: bigint; lengthBytes: number }

/** @throws InvalidArgumentError where they are not whole pages */
export function locate(pages: Pages): { address: bigint; lengthBytes: number } {
  const range =
    pages instanceof Uint8Array
      ? { address: binding.addressOf(pages), lengthBytes: pages.byteLength }
      : { address: pages.address, lengthBytes: pages.lengthBytes }
  const { address, lengthBytes } = range
  const whole = lengthBytes > 0 && lengthBytes % pageSize === 0 && address % BigInt(pageSize) === 0n
  if (!whole) {
    throw new InvalidArgumentError(
      `pages: expected whole pages of ${pageSize} bytes, received ${lengthBytes} bytes at ${address}. PageMemory makes such memory.`,
    )
  }
  return range
}
