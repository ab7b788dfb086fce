import type { Channel } from '../native/binding.js'
import { binding } from '../native/load.js'
import type { Link } from './link.js'

const bell = Uint8Array.of(1)

/** The backend's end of a link by a socket, whose packets somebody else takes in and hands over. */
export class ServedLink implements Link {
  onBell = nothing
  onEnd = nothing
  readonly #channel: Channel
  #closed = false

  constructor(channel: Channel) {
    this.#channel = channel
  }

  ring(): void {
    // Where its queue is full, enough bells wait to be heard.
    this.send(bell)
  }

  /** To a frontend that has gone, nothing is sent. */
  send(packet: Uint8Array, fds: number[] = []): void {
    if (this.#closed) return
    try {
      this.#channel.send(packet, fds)
    } catch (error) {
      // Whoever listens may close the channel: its end is told in the next turn.
      if ((error as NodeJS.ErrnoException).code !== 'ERR_CLOSED') throw error
    }
  }

  /** The other side has gone, or close() was called. */
  get ended(): boolean {
    return this.#closed
  }

  /** A packet has come, whatever it says: a ring. */
  receive(_packet: Uint8Array, fds: readonly number[]): void {
    for (const fd of fds) binding.closeDescriptor(fd)
    if (!this.#closed) this.onBell()
  }

  /** The other side has gone, or close() was called. */
  end(): void {
    this.#closed = true
    this.onEnd()
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true
    this.#channel.close()
  }
}

function nothing(): void {}
