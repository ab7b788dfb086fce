import { EventEmitter, once } from 'node:events'
import type { Channel, ChannelListener } from '../native/binding.js'
import { binding } from '../native/load.js'
import type { Surface } from '../surface/surface.js'
import { Arrival, type Receiver } from './arrival.js'
import { type ConnectionHost, GuestConnection } from './guest-connection.js'
import { GuestDevice } from './guest-device.js'

/** What a frontend asks for when it introduces itself; 0: no wish. */
export interface WantedDevice {
  /** Its name, as it says: for people. */
  readonly program: string
  readonly width: number
  readonly height: number
  readonly bitsPerPixel: number
}

export interface GuestServerOptions {
  /** Of the socket, made with mode 0600. */
  path: string
  /**
   * The surface for a process that introduces itself, and was not told of a device by its ancestors: always the same
   * one, or one each. Rejecting sends the process away.
   */
  openSurface(wanted: WantedDevice): Surface | Promise<Surface>
  /**
   * A process that speaks another protocol than libumfb's, if that is what its first packet begins. The packet, those that
   * follow and the end of the channel are the receiver's, which closes the channel.
   * @returns undefined: it is none that is known here
   */
  otherProtocol?(packet: Uint8Array, channel: Channel): Receiver | undefined
  /** The last process of a device has gone. The surface is the caller's to close. */
  deviceEnded?(surface: Surface): void
}

/** Processes that may be connected at a time; more are sent away. */
const maxConnections = 256

/** Where guest processes reach their devices: libumfb's other end. */
export class GuestServer {
  readonly path: string
  readonly #options: GuestServerOptions
  readonly #listener: ChannelListener
  /** Of processes that have sent nothing yet, or speak another protocol. */
  readonly #arrivals = new Set<Arrival>()
  readonly #connections = new Set<GuestConnection>()
  readonly #devices = new Map<Surface, GuestDevice>()
  readonly #host: ConnectionHost
  readonly #idle = new EventEmitter()
  #closed = false

  /** @throws Error with code 'EADDRINUSE' and the like, of bind(2) */
  constructor(options: GuestServerOptions) {
    this.path = options.path
    this.#options = options
    this.#host = {
      findDevice: (hello) => this.#findDevice(hello.token, hello),
      adopt: (fd, device) => this.#adopt(fd, device),
      ended: (connection) => this.#ended(connection),
    }
    this.#listener = new binding.ChannelListener(options.path, (channel) => this.#connect(channel))
  }

  /** Processes that are connected. */
  get connections(): readonly GuestConnection[] {
    return [...this.#connections]
  }

  /** Resolves when no process is connected: all that they stored is marked dirty. Rejects when `signal` aborts. */
  async idle(signal: AbortSignal): Promise<void> {
    if (!this.#isIdle) await once(this.#idle, 'idle', { signal })
  }

  /** Idempotent. Guests that still run go on, and draw for nobody. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#listener.close()
    for (const { channel } of this.#arrivals) channel.close()
    for (const connection of this.#connections) connection.close()
    for (const device of this.#devices.values()) device.close()
  }

  get #isIdle(): boolean {
    return this.#connections.size === 0 && this.#arrivals.size === 0
  }

  #connect(channel: Channel, device?: GuestDevice): void {
    if (this.#closed || this.#connections.size + this.#arrivals.size >= maxConnections) {
      channel.close()
      return
    }
    const arrival = new Arrival(
      channel,
      (packet) => this.#receiverFor(packet, arrival, device),
      () => this.#left(arrival),
    )
    this.#arrivals.add(arrival)
  }

  #receiverFor(packet: Uint8Array, arrival: Arrival, device: GuestDevice | undefined): Receiver {
    const { channel } = arrival
    const other = device ? undefined : this.#options.otherProtocol?.(packet, channel)
    if (other) {
      return {
        receive: (next, fds) => other.receive(next, fds),
        end: () => {
          this.#left(arrival)
          other.end()
        },
      }
    }
    this.#arrivals.delete(arrival)
    const connection = new GuestConnection(channel, this.#host, device)
    this.#connections.add(connection)
    return connection
  }

  #left(arrival: Arrival): void {
    this.#arrivals.delete(arrival)
    if (this.#isIdle) this.#idle.emit('idle')
  }

  #adopt(fd: number, device: GuestDevice): void {
    let channel: Channel
    try {
      channel = binding.Channel.fromDescriptor(fd)
    } catch {
      // Not a socket of the right kind: of no use to us, nor to a child of that process.
      binding.closeDescriptor(fd)
      return
    }
    this.#connect(channel, device)
  }

  async #findDevice(token: bigint, wanted: WantedDevice): Promise<GuestDevice | undefined> {
    if (token !== 0n) return [...this.#devices.values()].find((device) => device.token === token)
    const { program, width, height, bitsPerPixel } = wanted
    const surface = await this.#options.openSurface({ program, width, height, bitsPerPixel })
    const known = this.#devices.get(surface)
    if (known) return known
    const device = new GuestDevice(surface)
    this.#devices.set(surface, device)
    surface.once('close', () => {
      this.#devices.delete(surface)
      device.close()
    })
    return device
  }

  #ended(connection: GuestConnection): void {
    this.#connections.delete(connection)
    if (this.#isIdle) this.#idle.emit('idle')
    const { device } = connection
    if (!device || [...this.#connections].some((other) => other.device === device)) return
    this.#options.deviceEnded?.(device.surface)
  }
}
