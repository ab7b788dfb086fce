import { EventEmitter } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { AddressError } from '../errors.js'
import type { Surface } from '../surface/surface.js'
import { Connection } from './connection.js'
import { type RfbLimits, resolveLimits } from './limits.js'
import { checkPort, isLoopback, listenOn, resolveHost } from './listen-address.js'
import { LoginDelay } from './login-delay.js'
import { createSecurityType, type RfbSecurity } from './security/registry.js'
import type { SecurityType } from './security/security-type.js'

export interface RfbServerOptions {
  readonly surface: Surface
  readonly security: RfbSecurity
  /** An IP address or a host's name. Default: 127.0.0.1. */
  readonly host?: string
  /** Default: 0, any free one; see address(). */
  readonly port?: number
  /** No viewer's input reaches the guest. Default: false. */
  readonly viewOnly?: boolean
  /** What viewers put into their title. Default: the surface's name. */
  readonly name?: string
  readonly limits?: Partial<RfbLimits>
}

/** A viewer as the program sees it. */
export type Viewer = Pick<
  Connection,
  'peer' | 'viewOnly' | 'encoding' | 'updates' | 'sentBytes' | 'unsentBytes' | 'close'
>

export interface RfbServerEvents {
  /** A viewer came through the handshake. */
  viewer: [viewer: Viewer]
  /** It is gone, and why. */
  leave: [viewer: Viewer, reason: string]
  /** A connection ended before it was a viewer's, and why. */
  refused: [peer: string, reason: string]
  close: []
}

/** Shows one surface to any number of VNC viewers (RFC 6143), each at its own pace, and hands it their input. */
export class RfbServer extends EventEmitter<RfbServerEvents> {
  readonly #options: RfbServerOptions
  readonly #limits: RfbLimits
  readonly #securityTypes: readonly SecurityType[]
  readonly #loginDelay: LoginDelay
  readonly #server: Server
  readonly #connections = new Set<Connection>()
  /** Those of connections that have ended and linger, too. */
  readonly #sockets = new Set<Socket>()
  readonly #onSurfaceClose = (): void => void this.close()
  #closing: Promise<void> | undefined

  /**
   * @throws InvalidArgumentError for an option out of range
   * @throws AddressError where it cannot, or must not, listen
   */
  static async listen(options: RfbServerOptions): Promise<RfbServer> {
    const { host = '127.0.0.1', port = 0, security } = options
    checkPort(port)
    const server = new RfbServer(options)
    const address = await resolveHost(host)
    if (security.type === 'none' && !isLoopback(address)) {
      throw new AddressError(
        `security none lets everybody in, and ${host} can be reached from other machines: ` +
          'set a password, or listen on 127.0.0.1',
      )
    }
    await listenOn(server.#server, address, port)
    options.surface.once('close', server.#onSurfaceClose)
    return server
  }

  private constructor(options: RfbServerOptions) {
    super()
    this.#options = options
    this.#securityTypes = [createSecurityType(options.security)]
    this.#limits = resolveLimits(options.limits)
    this.#loginDelay = new LoginDelay(this.#limits.loginDelayMs)
    this.#server = createServer((socket) => this.#accept(socket))
  }

  /** @throws AddressError after close() */
  address(): { host: string; port: number } {
    const bound = this.#server.address() as AddressInfo | null
    if (!bound) throw new AddressError('the server listens no more')
    return { host: bound.address, port: bound.port }
  }

  /** Those that came through the handshake and are still there. */
  get viewers(): readonly Viewer[] {
    return [...this.#connections].filter(({ isViewer }) => isViewer)
  }

  /** Idempotent. Disconnects everybody, once what was sent to them has arrived; resolves when nothing listens any more. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#options.surface.off('close', this.#onSurfaceClose)
    const listening = new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
    await Promise.all([...this.#connections].map((connection) => connection.hangUp('the server was closed')))
    for (const socket of this.#sockets) socket.destroy()
    await listening
    this.emit('close')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #accept(socket: Socket): void {
    const refusal = this.#refusal()
    if (refusal) {
      const peer = `${socket.remoteAddress}:${socket.remotePort}`
      socket.destroy()
      this.emit('refused', peer, refusal)
      return
    }
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    const { surface, name = surface.name, viewOnly = false } = this.#options
    const connection = new Connection(socket, {
      display: surface,
      name,
      viewOnly,
      securityTypes: this.#securityTypes,
      limits: this.#limits,
      loginDelay: this.#loginDelay,
      onViewer: (viewer) => this.emit('viewer', viewer),
      onClose: (connection, reason) => this.#forget(connection, reason),
    })
    this.#connections.add(connection)
  }

  #refusal(): string | undefined {
    const { maxViewers, maxHandshakes } = this.#limits
    const viewers = this.viewers.length
    if (viewers >= maxViewers) return `there are ${viewers} viewers already`
    if (this.#connections.size - viewers >= maxHandshakes)
      return `${maxHandshakes} others are in their handshake`
    return undefined
  }

  #forget(connection: Connection, reason: string): void {
    this.#connections.delete(connection)
    if (connection.isViewer) this.emit('leave', connection, reason)
    else this.emit('refused', connection.peer, reason)
  }
}
