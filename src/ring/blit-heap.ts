/** So that rows can be read by words. */
const alignment = 8

/**
 * The blit heap as a ring: images are taken from it in the order in which their events are posted, and are given back in
 * the same order, as the backend's index passes them.
 */
export class BlitHeap {
  readonly #bytes: Uint8Array
  /** Where the next image goes. */
  #head = 0
  #usedBytes = 0
  /** Of `usedBytes`, of images that no posted event speaks of yet. */
  #openBytes = 0
  /** What posted events speak of, oldest first: free when the backend has taken all events before `event`. */
  readonly #posted: { readonly event: number; readonly bytes: number }[] = []

  /** @param bytes of device memory, by a mapping that no tracker arms */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes.subarray(0, bytes.length - (bytes.length % alignment))
  }

  /**
   * Room for an image, in one piece.
   * @returns where it begins, from the heap's start; undefined: there is none now
   */
  allocate(sizeBytes: number): number | undefined {
    const needed = Math.ceil(sizeBytes / alignment) * alignment
    const atEnd = this.#bytes.length - this.#head
    // The rest at the end is too small: it is in use together with the image.
    const skipped = needed <= atEnd ? 0 : atEnd
    if (this.#usedBytes + skipped + needed > this.#bytes.length) return undefined
    const offset = skipped === 0 ? this.#head : 0
    this.#head = (offset + needed) % this.#bytes.length
    this.#usedBytes += skipped + needed
    this.#openBytes += skipped + needed
    return offset
  }

  /**
   * Copies rows, leaving out what is between them.
   * @param offset as allocate() returned it
   * @param from of the source's first row
   */
  write(
    offset: number,
    source: Uint8Array,
    from: number,
    strideBytes: number,
    rowBytes: number,
    rows: number,
  ): void {
    if (strideBytes === rowBytes) {
      this.#bytes.set(source.subarray(from, from + rows * rowBytes), offset)
      return
    }
    for (let row = 0; row < rows; row++) {
      const start = from + row * strideBytes
      this.#bytes.set(source.subarray(start, start + rowBytes), offset + row * rowBytes)
    }
  }

  /** Whatever speaks of the images since the last call was posted before `event`, or was dropped. */
  commit(event: number): void {
    if (this.#openBytes === 0) return
    this.#posted.push({ event, bytes: this.#openBytes })
    this.#openBytes = 0
  }

  /**
   * Gives back what the backend has done with.
   * @param next the number of the event that will be posted next
   * @param waiting how many before it the backend has not taken yet
   */
  reclaim(next: number, waiting: number): void {
    while (this.#posted.length > 0) {
      const { event, bytes } = this.#posted[0]!
      if ((next - event) >>> 0 < waiting) return
      this.#usedBytes -= bytes
      this.#posted.shift()
    }
  }
}
