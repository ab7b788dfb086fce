import { binding } from '../native/load.js'
import { devicePageBytes } from './layout.js'
import { type LaidOutMemory, type MemoryLayout, pixelPages } from './memory.js'

/** Runs that are taken at once; a few times as many in a frame. What is left stays in the bitmap. */
const maxRuns = 1024
const maxRounds = 16

/** The shared bitmap of pages that a guest says it dirtied. */
export class GuestBitmap {
  readonly #device: LaidOutMemory
  readonly #runs = new Uint32Array(maxRuns * 2)

  constructor(device: LaidOutMemory) {
    this.#device = device
  }

  /**
   * Takes the bits that are set, each by atomic exchange.
   * @param mark told of runs of pages of device memory, in this machine's pages
   * @returns true where there were any
   */
  take(mark: (firstPage: number, pageCount: number) => void): boolean {
    const { memory, layout } = this.#device
    for (let round = 0; round < maxRounds; round++) {
      const count = binding.takeBitmap(memory, layout.bitmapOffset, pixelPages(layout), this.#runs)
      for (let i = 0; i < count; i++) this.#mark(this.#runs[2 * i]!, this.#runs[2 * i + 1]!, mark)
      if (count < maxRuns) return round > 0 || count > 0
    }
    return true
  }

  #mark(first: number, count: number, mark: (firstPage: number, pageCount: number) => void): void {
    const { layout } = this.#device
    const { firstPage, pageCount } = pagesOf(layout, first * devicePageBytes, count * devicePageBytes)
    mark(firstPage, pageCount)
  }
}

/** A part of the pixels as pages of device memory, which may be larger on this machine than the protocol's. */
export function pagesOf({ pixelsOffset, pixelsBytes }: MemoryLayout, fromByte: number, byteCount: number) {
  const { pageSize } = binding
  const end = pixelsOffset + Math.min(fromByte + byteCount, pixelsBytes)
  const firstPage = Math.floor((pixelsOffset + fromByte) / pageSize)
  return { firstPage, pageCount: Math.ceil(end / pageSize) - firstPage }
}
