import { constants, createDeflate } from 'node:zlib'

/** One step above the fastest: the next levels take twice the time for a few per cent. */
const level = 2
/** More than a piece of an update deflates to: a stream that holds less would wait for a reader in mid-write. */
const highWaterMark = 1024 * 1024
const chunkSize = 64 * 1024

/**
 * A deflate stream (RFC 1950) whose every write comes out whole: viewers inflate exact byte counts, so that each rect
 * ends with Z_SYNC_FLUSH. The work is done by the thread pool.
 */
export class Deflate {
  readonly #stream = createDeflate({
    level,
    chunkSize,
    flush: constants.Z_SYNC_FLUSH,
    // Transform's own option, which zlib's hands on and its types leave out.
    ...{ readableHighWaterMark: highWaterMark },
  })
  #fail: ((error: Error) => void) | undefined

  constructor() {
    this.#stream.on('error', (error) => this.#fail?.(error))
  }

  /** One at a time. `bytes` must not be empty, nor change before the promise settles. Rejects when closed. */
  write(bytes: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#fail = reject
      this.#stream.write(bytes, (error) => {
        this.#fail = undefined
        if (error) reject(error)
        else resolve(this.#stream.read() as Buffer)
      })
    })
  }

  /** Idempotent; a write under way rejects. */
  close(): void {
    this.#stream.close()
    this.#fail?.(new Error('the deflate stream was closed'))
  }
}
