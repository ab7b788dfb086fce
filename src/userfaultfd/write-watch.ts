import { ClosedError, InvalidArgumentError } from '../errors.js'
import { binding } from '../native/load.js'
import { type ByteRange, merged, without } from './byte-ranges.js'
import { type Location, pageSize } from './pages.js'
import { kindOf } from './received.js'
import { scanPages } from './scan.js'
import { Userfaultfd } from './userfaultfd.js'

/** Of this thread: a page can belong to one userfaultfd alone, and neighbours may share one. */
let shared: { uffd: Userfaultfd; watches: Set<WriteWatch> } | undefined

/**
 * Tells which bytes of a Buffer, typed array or DataView were written to, by whomever in this process: JavaScript, other
 * threads, read(2). Nobody waits, and unwritten memory costs nothing.
 *
 * Whole pages are watched, so a range reaches from page border to page border, as far as the view does: a store near by
 * may be reported, and one of the value that was there already is. No store is missed, but for those past the process's
 * page tables: by another mapping of the same memory (another PageMemory of it, another process), and by devices (O_DIRECT
 * under way, io_uring's registered buffers).
 *
 * Works for memory of any ArrayBuffer, SharedArrayBuffer, WebAssembly.Memory or PageMemory. Not for resizable buffers,
 * nor for addons' mappings of files on a disk. Several watches of a thread may overlap; those of two threads may not
 * share a page (EBUSY). Needs Linux 6.7: there is no other way that it would fall back to.
 */
export class WriteWatch {
  readonly #view: ArrayBufferView
  readonly #address: bigint
  readonly #lengthBytes: number
  /** Whole pages, from the one in which the view begins. */
  readonly #pages: Location
  /** Watches that share pages with this one: what either takes is the other's, too. */
  readonly #neighbours = new Set<WriteWatch>()
  /** What neighbours took: bytes of #pages. */
  #owed: ByteRange[] = []
  #isClosed = false

  /**
   * Begins to watch. The view's memory is kept alive until close().
   *
   * @throws InvalidArgumentError where the view is none, empty, or of a buffer that can be resized
   * @throws SystemError where its memory cannot be watched
   */
  constructor(view: ArrayBufferView) {
    if (!ArrayBuffer.isView(view)) {
      throw new InvalidArgumentError(
        `view: expected a Buffer, typed array or DataView, received ${kindOf(view)}. Of other memory make a Uint8Array.`,
      )
    }
    const { buffer, byteLength } = view
    if (byteLength === 0) throw new InvalidArgumentError('view: expected at least one byte, received none')
    const { resizable = false, growable = false } = buffer as { resizable?: boolean; growable?: boolean }
    if (resizable || growable) {
      throw new InvalidArgumentError('view: expected memory of a fixed size, received a resizable buffer')
    }
    this.#view = view
    this.#address = addressOf(view)
    this.#lengthBytes = byteLength
    this.#pages = pagesAround(this.#address, byteLength)

    shared ??= { uffd: Userfaultfd.open(), watches: new Set() }
    for (const other of shared.watches) {
      if (!overlap(this.#pages, other.#pages)) continue
      this.#neighbours.add(other)
      other.#neighbours.add(this)
    }
    shared.watches.add(this)
    try {
      shared.uffd.register(this.#pages)
      // A fresh registration counts as written throughout.
      this.take()
    } catch (error) {
      this.close()
      throw error
    }
  }

  /**
   * What was written to since the last call, or since the watch began, and watches it anew. Read the bytes after this
   * call: what is stored meanwhile is the next call's.
   *
   * @returns ranges of the view, ascending, not touching
   * @throws ClosedError after close(), or where the buffer was transferred or WebAssembly's memory grew
   * @throws SystemError after which the next call reports everything
   */
  take(): ByteRange[] {
    if (this.#isClosed) throw new ClosedError('the watch was closed')
    if (this.#view.byteLength !== this.#lengthBytes || addressOf(this.#view) !== this.#address) {
      throw new ClosedError('the memory of the view is gone: its buffer was transferred, or has grown')
    }
    const written = merged([...this.#owed, ...this.#scan()])
    this.#owed = []
    const before = Number(this.#address - this.#pages.address)
    return written.map(({ start, end }) => ({
      start: Math.max(0, start - before),
      end: Math.min(this.#lengthBytes, end - before),
    }))
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed || !shared) return
    this.#isClosed = true
    shared.watches.delete(this)
    for (const other of this.#neighbours) other.#neighbours.delete(this)
    if (shared.watches.size === 0) {
      shared.uffd.close()
      shared = undefined
    } else {
      this.#unregister(shared.uffd)
    }
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** @returns bytes of #pages */
  #scan(): ByteRange[] {
    try {
      const written = scanPages(this.#pages, { rearm: true }).map(({ offsetBytes, lengthBytes }) => ({
        start: offsetBytes,
        end: offsetBytes + lengthBytes,
      }))
      for (const other of this.#neighbours) other.#owe(written, this.#pages.address)
      return written
    } catch (error) {
      // What the kernel took before it failed is not known.
      const all = [{ start: 0, end: this.#pages.lengthBytes }]
      for (const each of [this, ...this.#neighbours]) each.#owe(all, this.#pages.address)
      throw error
    }
  }

  /** @param ranges counted from `address` */
  #owe(ranges: ByteRange[], address: bigint): void {
    const shift = Number(address - this.#pages.address)
    const inside = ranges
      .map(({ start, end }) => ({
        start: Math.max(0, start + shift),
        end: Math.min(this.#pages.lengthBytes, end + shift),
      }))
      .filter(({ start, end }) => start < end)
    this.#owed = merged([...this.#owed, ...inside])
  }

  #unregister(uffd: Userfaultfd): void {
    const { address, lengthBytes } = this.#pages
    const others = [...this.#neighbours].map((other) => {
      const start = Number(other.#pages.address - address)
      return { start, end: start + other.#pages.lengthBytes }
    })
    for (const { start, end } of without({ start: 0, end: lengthBytes }, others)) {
      try {
        uffd.unregister({ address: address + BigInt(start), lengthBytes: end - start })
      } catch {
        // The memory was transferred and freed: nothing is left to be watched there.
      }
    }
  }
}

/** A view on the V8 heap gets memory of its own by this, which then stays where it is. */
function addressOf({ buffer, byteOffset, byteLength }: ArrayBufferView): bigint {
  return binding.addressOf(new Uint8Array(buffer, byteOffset, byteLength))
}

function pagesAround(address: bigint, lengthBytes: number): Location {
  const before = Number(address % BigInt(pageSize))
  const pages = Math.ceil((before + lengthBytes) / pageSize)
  return { address: address - BigInt(before), lengthBytes: pages * pageSize }
}

function overlap(a: Location, b: Location): boolean {
  return a.address < b.address + BigInt(b.lengthBytes) && b.address < a.address + BigInt(a.lengthBytes)
}
