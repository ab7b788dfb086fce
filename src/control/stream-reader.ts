import { ProtocolError } from '../errors.js'

/** Reads lines and counted bytes from one stream, and takes no more from it than it is asked for. */
export class StreamReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]()
  }

  /**
   * @returns the next line without its newline, or undefined at the end of the stream
   * @throws ProtocolError a line is longer than `maxBytes`, or the last one has no end
   */
  async line(maxBytes: number): Promise<string | undefined> {
    const parts: Uint8Array[] = []
    let bytes = 0
    for (;;) {
      const end = this.#rest.indexOf(0x0a)
      const part = end < 0 ? this.#rest : this.#rest.subarray(0, end)
      bytes += part.length
      if (bytes > maxBytes) {
        throw new ProtocolError(`a line: expected at most ${maxBytes} bytes, received more`)
      }
      parts.push(part)
      if (end >= 0) {
        this.#rest = this.#rest.subarray(end + 1)
        return Buffer.concat(parts).toString()
      }
      if (!(await this.#fill())) {
        if (bytes === 0) return undefined
        throw new ProtocolError('a line: expected a newline at its end, received the end of the stream')
      }
    }
  }

  /**
   * @param count to be bounded by the caller: this much memory is taken at once
   * @throws ProtocolError the stream ends before
   */
  async bytes(count: number): Promise<Uint8Array> {
    const all = new Uint8Array(count)
    let filled = 0
    for (;;) {
      const part = this.#rest.subarray(0, count - filled)
      all.set(part, filled)
      filled += part.length
      this.#rest = this.#rest.subarray(part.length)
      if (filled === count) return all
      if (!(await this.#fill())) {
        throw new ProtocolError(`expected ${count} bytes, received ${filled} and the end of the stream`)
      }
    }
  }

  async #fill(): Promise<boolean> {
    const { value, done } = await this.#chunks.next()
    this.#rest = done ? new Uint8Array(0) : value
    return !done
  }
}
