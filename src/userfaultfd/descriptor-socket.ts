import type { Channel } from '../native/binding.js'
import { binding } from '../native/load.js'
import { attempt } from './attempt.js'

export interface DescriptorSocketListener {
  /** Removes the path. Idempotent. */
  close(): void
}

/**
 * A unix socket that carries messages together with descriptors (SOCK_SEQPACKET, SCM_RIGHTS: unix(7)), which Node's own
 * sockets do not: how a process hands its userfaultfd, pagemap or memfd to the one that handles its faults.
 */
export class DescriptorSocket {
  readonly #channel: Channel
  /** Who the other side was when it connected. */
  readonly peer: { readonly pid: number; readonly uid: number; readonly gid: number }

  /** @throws SystemError */
  static connect(path: string): DescriptorSocket {
    return new DescriptorSocket(attempt(() => binding.Channel.connect(path)))
  }

  /**
   * Listens on a path that only this user may connect to (mode 0600).
   * @param onSocket is called with each peer that connects
   * @throws SystemError
   */
  static listen(path: string, onSocket: (socket: DescriptorSocket) => void): DescriptorSocketListener {
    return attempt(
      () => new binding.ChannelListener(path, (channel) => onSocket(new DescriptorSocket(channel))),
    )
  }

  private constructor(channel: Channel) {
    this.#channel = channel
    this.peer = channel.peer
  }

  /**
   * Begins to receive; to be called once.
   *
   * @param onMessage owns the descriptors: it closes them, or passes them to what takes them over
   * @param onEnd is called once, when the peer is gone or the socket was closed
   */
  receive(onMessage: (message: Uint8Array, fds: number[]) => void, onEnd: () => void = () => {}): void {
    attempt(() => this.#channel.start(onMessage, onEnd))
  }

  /**
   * @param message 1 to 65536 bytes, or text
   * @param fds at most 4; they stay the caller's
   * @returns false where the peer's queue is full or it is gone: nothing was sent
   */
  send(message: Uint8Array | string, fds: number[] = []): boolean {
    const bytes = typeof message === 'string' ? Buffer.from(message) : message
    return attempt(() => this.#channel.send(bytes, fds))
  }

  /** Idempotent. */
  close(): void {
    this.#channel.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
