import { InvalidArgumentError } from '../../src/index.js'
import { binding } from '../../src/native/load.js'

/** A picture of 32-bit pixels, rows without padding. */
export interface Size {
  readonly name: string
  readonly width: number
  readonly height: number
}

/** The names of sizes that people use. */
export const sizes: readonly Size[] = [
  { name: '800x600', width: 800, height: 600 },
  { name: '1080p', width: 1920, height: 1080 },
  { name: '4K', width: 3840, height: 2160 },
  { name: '8K', width: 7680, height: 4320 },
]

/** Pixels of 32 bits. */
export const bytesPerPixel = 4

export function strideBytes(size: Size): number {
  return size.width * bytesPerPixel
}

export function sizeBytes(size: Size): number {
  return strideBytes(size) * size.height
}

/** Pages of device memory. */
export function pagesOf(size: Size): number {
  return Math.ceil(sizeBytes(size) / binding.pageSize)
}

/**
 * A name of the table, or WIDTHxHEIGHT.
 * @throws InvalidArgumentError
 */
export function findSize(text: string): Size {
  const named = sizes.find(({ name }) => name.toLowerCase() === text.toLowerCase())
  if (named) return named
  const [, width, height] = /^(\d{2,5})x(\d{2,5})$/.exec(text)?.map(Number) ?? []
  if (
    width !== undefined &&
    height !== undefined &&
    width >= 64 &&
    height >= 64 &&
    width <= 16384 &&
    height <= 16384
  ) {
    return { name: text, width, height }
  }
  const names = sizes.map(({ name }) => name).join(', ')
  throw new InvalidArgumentError(
    `size: expected ${names} or WIDTHxHEIGHT from 64x64 to 16384x16384, received ${text}`,
  )
}
