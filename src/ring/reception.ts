import type { Channel } from '../native/binding.js'
import { binding } from '../native/load.js'
import { type AttachRequest, attachAnswer, memoryFor, readAttach } from './attach-request.js'
import { attachNew } from './layout.js'
import type { Link } from './link.js'
import type { LaidOutMemory } from './memory.js'
import { ServedLink } from './served-link.js'

export interface ReceptionHost {
  /** The memory that was given to a frontend in another way, which it means by kind 2. */
  readonly known: LaidOutMemory | undefined
  /** Room for the pixels of a device that is made for the frontend. */
  pixelsBytes(request: AttachRequest): number
  /**
   * Makes a backend, and takes the memory over.
   * @throws where there will be none: the frontend is sent away, and the memory closed here
   */
  open(request: AttachRequest, memory: LaidOutMemory, link: Link): Promise<void>
  /** The frontend left before it was answered. */
  left(link: Link): void
}

/** A frontend that comes by a socket: its first packet is a request, all others are bells (docs/protocol.md). */
export class Reception {
  readonly #channel: Channel
  readonly #host: ReceptionHost
  readonly #link: ServedLink
  #introduced = false

  constructor(channel: Channel, host: ReceptionHost) {
    this.#channel = channel
    this.#host = host
    this.#link = new ServedLink(channel)
  }

  /** Owns the descriptors. */
  receive(packet: Uint8Array, fds: readonly number[]): void {
    if (this.#introduced) {
      this.#link.receive(packet, fds)
      return
    }
    this.#introduced = true
    void this.#introduce(packet, fds)
  }

  /** The frontend is gone. */
  end(): void {
    this.#link.end()
  }

  /** The backend is there before the frontend is answered. */
  async #introduce(packet: Uint8Array, fds: readonly number[]): Promise<void> {
    let memory: LaidOutMemory | undefined
    try {
      const request = readAttach(packet)
      memory = memoryFor(request, fds, this.#host.pixelsBytes(request), this.#host.known)
      await this.#host.open(request, memory, this.#link)
      if (this.#link.ended) this.#host.left(this.#link)
      else this.#link.send(attachAnswer(), request.kind === attachNew ? [memory.memory.fd] : [])
    } catch (error) {
      memory?.memory.close()
      this.#link.send(attachAnswer(error))
      this.#channel.close()
    } finally {
      for (const fd of fds) binding.closeDescriptor(fd)
    }
  }
}
