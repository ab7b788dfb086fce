import type { Channel } from '../native/binding.js'

export type { Channel } from '../native/binding.js'

/** Takes what a process sends. */
export interface Receiver {
  /** Owns the descriptors. */
  receive(packet: Uint8Array, fds: number[]): void
  /** The process is gone, or the channel was closed. */
  end(): void
}

/** A connection whose process has not shown yet what it speaks: its first packet tells. */
export class Arrival {
  readonly channel: Channel
  #receiver: Receiver | undefined

  /**
   * @param choose who takes the packet and all that follow
   * @param onEnd it left before it sent anything
   */
  constructor(channel: Channel, choose: (packet: Uint8Array) => Receiver, onEnd: () => void) {
    this.channel = channel
    channel.start(
      (packet, fds) => {
        this.#receiver ??= choose(packet)
        this.#receiver.receive(packet, fds)
      },
      () => {
        if (this.#receiver) this.#receiver.end()
        else onEnd()
      },
    )
  }
}
