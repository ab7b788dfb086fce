import type { Channel } from '../native/binding.js'
import { binding } from '../native/load.js'

/**
 * The way to the other side's attention, and nothing else: what is meant is in the rings. Several rings before it looks
 * count as one. Neither callback is ever called while ring() or close() runs.
 */
export interface Link {
  /** The other side has rung. Set by whom the link belongs to. */
  onBell: () => void
  /** The other side has gone, or close() was called. Once. */
  onEnd: () => void
  ring(): void
  /** Idempotent. */
  close(): void
}

function nothing(): void {}

/** One end of a link inside of this process. A ring arrives before the event loop goes on: as a microtask. */
export class LocalLink implements Link {
  onBell = nothing
  onEnd = nothing
  #other!: LocalLink
  #rung = false
  #ended = false

  static pair(): [LocalLink, LocalLink] {
    const ends: [LocalLink, LocalLink] = [new LocalLink(), new LocalLink()]
    ends[0].#other = ends[1]
    ends[1].#other = ends[0]
    return ends
  }

  ring(): void {
    const other = this.#other
    if (this.#ended || other.#rung) return
    other.#rung = true
    queueMicrotask(() => {
      other.#rung = false
      if (!other.#ended) other.onBell()
    })
  }

  close(): void {
    for (const end of [this, this.#other]) {
      if (end.#ended) continue
      end.#ended = true
      queueMicrotask(() => end.onEnd())
    }
  }
}

const bell = Uint8Array.of(1)

/** A link over a SOCK_SEQPACKET socket: a packet is a ring. */
export class ChannelLink implements Link {
  onBell = nothing
  onEnd = nothing
  readonly #channel: Channel
  #onFirst: ((packet: Uint8Array, fds: number[]) => void) | undefined
  #closed = false

  /**
   * @param channel not started; belongs to the link from now on
   * @param onFirst takes the first packet, which is part of the handshake, and owns its descriptors
   */
  constructor(channel: Channel, onFirst?: (packet: Uint8Array, fds: number[]) => void) {
    this.#channel = channel
    this.#onFirst = onFirst
    channel.start(
      (packet, fds) => this.#receive(packet, fds),
      () => this.#end(),
    )
  }

  ring(): void {
    // Where its queue is full, enough bells wait to be heard.
    if (!this.#closed) this.#channel.send(bell)
  }

  close(): void {
    this.#closed = true
    this.#channel.close()
  }

  #receive(packet: Uint8Array, fds: number[]): void {
    const onFirst = this.#onFirst
    this.#onFirst = undefined
    if (onFirst) {
      onFirst(packet, fds)
      return
    }
    for (const fd of fds) binding.closeDescriptor(fd)
    this.onBell()
  }

  #end(): void {
    this.#closed = true
    this.onEnd()
  }
}
