import type { Socket } from 'node:net'

/** One step of progress towards a viewer. Smaller than a socket's buffer, so that a slow link still makes steps. */
const stepBytes = 64 * 1024

/** Where an outbox's bytes go: of net.Socket only this. */
export type OutboxSocket = Pick<Socket, 'write' | 'cork' | 'uncork'>

export interface OutboxOptions {
  /** More than this unsent: room() waits. */
  readonly maxUnsentBytes: number
  /** A step takes longer: the viewer has stopped reading. */
  readonly stallTimeoutMs: number
  readonly onStall: () => void
}

/**
 * What is on its way to one viewer, in order. Bounded by who asks for room() before it sends: `maxUnsentBytes` and one
 * message or piece of an update more.
 */
export class Outbox {
  readonly #socket: OutboxSocket
  readonly #options: OutboxOptions
  readonly #queue: Uint8Array[] = []
  #unsentBytes = 0
  #sentBytes = 0
  #stepping = false
  #stall: NodeJS.Timeout | undefined
  #waiting: { resolve: () => void; reject: (error: Error) => void }[] = []
  #closed: Error | undefined

  constructor(socket: OutboxSocket, options: OutboxOptions) {
    this.#socket = socket
    this.#options = options
  }

  /** Bytes that the viewer's system has not taken yet. */
  get unsentBytes(): number {
    return this.#unsentBytes
  }

  get sentBytes(): number {
    return this.#sentBytes
  }

  /** Takes over the parts: they must not change any more. Sent together, as far as they fit into one step. */
  send(...parts: readonly Uint8Array[]): void {
    if (this.#closed) return
    for (const part of parts) {
      if (part.length === 0) continue
      this.#queue.push(part)
      this.#unsentBytes += part.length
    }
    this.#step()
  }

  /** Resolves once there is room for more. Rejects when the outbox is closed. */
  room(): Promise<void> {
    if (this.#closed) return Promise.reject(this.#closed)
    if (this.#unsentBytes <= this.#options.maxUnsentBytes) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  /** Leaves all that is unsent to the socket: the last thing that is done before an end. */
  flush(): void {
    for (const part of this.#queue.splice(0)) this.#socket.write(part)
  }

  /** Drops what is unsent. Idempotent. */
  close(reason: Error): void {
    if (this.#closed) return
    this.#closed = reason
    clearTimeout(this.#stall)
    this.#queue.length = 0
    this.#unsentBytes = 0
    for (const { reject } of this.#waiting.splice(0)) reject(reason)
  }

  #step(): void {
    if (this.#stepping || this.#queue.length === 0) return
    this.#stepping = true
    clearTimeout(this.#stall)
    this.#stall = setTimeout(this.#options.onStall, this.#options.stallTimeoutMs).unref()
    const parts = this.#takeStep()
    const bytes = parts.reduce((sum, part) => sum + part.length, 0)
    const last = parts.pop()!
    this.#socket.cork()
    for (const part of parts) this.#socket.write(part)
    this.#socket.write(last, (error) => !error && this.#stepped(bytes))
    this.#socket.uncork()
  }

  #takeStep(): Uint8Array[] {
    const parts: Uint8Array[] = []
    for (let left = stepBytes; left > 0 && this.#queue.length > 0; ) {
      const part = this.#queue[0]!.subarray(0, left)
      if (part.length === this.#queue[0]!.length) this.#queue.shift()
      else this.#queue[0] = this.#queue[0]!.subarray(left)
      left -= part.length
      parts.push(part)
    }
    return parts
  }

  #stepped(bytes: number): void {
    if (this.#closed) return
    this.#stepping = false
    this.#unsentBytes -= bytes
    this.#sentBytes += bytes
    if (this.#queue.length > 0) {
      this.#step()
    } else {
      clearTimeout(this.#stall)
    }
    if (this.#unsentBytes <= this.#options.maxUnsentBytes) {
      for (const { resolve } of this.#waiting.splice(0)) resolve()
    }
  }
}
