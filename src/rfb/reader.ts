/** What came from a viewer and is not used up yet. All numbers are big-endian (RFC 6143, 7). */
export class Reader {
  #bytes: Uint8Array = new Uint8Array(0)
  #view = new DataView(this.#bytes.buffer)
  #offset = 0
  #skipping = 0

  /** Bytes that can be read now. */
  get available(): number {
    return this.#bytes.length - this.#offset
  }

  /** The chunk becomes the reader's: it is not copied unless something was left over. */
  push(chunk: Uint8Array): void {
    const skipped = Math.min(this.#skipping, chunk.length)
    this.#skipping -= skipped
    const fresh = chunk.subarray(skipped)
    if (this.available > 0) {
      const joined = new Uint8Array(this.available + fresh.length)
      joined.set(this.#bytes.subarray(this.#offset))
      joined.set(fresh, this.available)
      this.#bytes = joined
    } else {
      this.#bytes = fresh
    }
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length)
    this.#offset = 0
  }

  /** A number `offset` bytes ahead, which is not used up by looking. */
  peekU8(offset: number): number {
    return this.#view.getUint8(this.#offset + offset)
  }

  peekU16(offset: number): number {
    return this.#view.getUint16(this.#offset + offset)
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2))
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4))
  }

  s32(): number {
    return this.#view.getInt32(this.#advance(4))
  }

  /** Valid until the next push(). */
  bytes(count: number): Uint8Array {
    const from = this.#advance(count)
    return this.#bytes.subarray(from, from + count)
  }

  /** Passes over bytes, also over those that have not come yet: they are never kept. */
  skip(count: number): void {
    const here = Math.min(count, this.available)
    this.#offset += here
    this.#skipping += count - here
  }

  /** @throws RangeError: who reads must have looked at `available` */
  #advance(count: number): number {
    if (count > this.available) throw new RangeError(`${count} bytes wanted, ${this.available} available`)
    const from = this.#offset
    this.#offset += count
    return from
  }
}
