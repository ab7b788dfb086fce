import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { ClientInput } from './client-input.js'
import { type ClientMessage, readClientMessage } from './client-messages.js'
import { ClientParameters } from './client-parameters.js'
import type { Display } from './display.js'
import { Handshake, type HandshakeEvent } from './handshake.js'
import type { RfbLimits } from './limits.js'
import type { LoginDelay } from './login-delay.js'
import { Outbox } from './outbox.js'
import { serverFormat } from './pixel-format.js'
import { Reader } from './reader.js'
import type { SecurityType } from './security/security-type.js'
import { SizeWishes } from './size-wishes.js'
import { UpdateLoop } from './update-loop.js'
import { serverInit } from './writer.js'

/** For a last word to arrive, before the socket is torn down. */
const lingerMs = 1000

export interface ConnectionOptions {
  readonly display: Display
  /** The desktop's name. */
  readonly name: string
  readonly securityTypes: readonly SecurityType[]
  readonly viewOnly: boolean
  readonly limits: RfbLimits
  readonly loginDelay: LoginDelay
  /** The handshake is done: from now on it is a viewer. */
  readonly onViewer: (connection: Connection) => void
  /** Called once, last. */
  readonly onClose: (connection: Connection, reason: string) => void
}

/** What serves a viewer once it is let in. */
interface Session {
  readonly viewOnly: boolean
  readonly input: ClientInput
  readonly updates: UpdateLoop
  readonly wishes: SizeWishes
  readonly leave: () => void
}

/** One viewer's connection: bytes in to whom they concern, and the end of it all. */
export class Connection {
  /** Address and port of the other side. */
  readonly peer: string
  readonly #socket: Socket
  readonly #options: ConnectionOptions
  readonly #reader = new Reader()
  readonly #outbox: Outbox
  readonly #parameters = new ClientParameters()
  readonly #handshake: Handshake
  readonly #handshakeTimer: NodeJS.Timeout
  #session: Session | undefined
  #closed = false

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket
    this.#options = options
    this.peer = `${socket.remoteAddress}:${socket.remotePort}`
    const { limits } = options
    this.#outbox = new Outbox(socket, {
      maxUnsentBytes: limits.maxUnsentBytes,
      stallTimeoutMs: limits.stallTimeoutMs,
      onStall: () => this.close(`the viewer took nothing for ${limits.stallTimeoutMs} ms`),
    })
    this.#handshakeTimer = setTimeout(
      () => this.close(`the handshake was not done after ${limits.handshakeTimeoutMs} ms`),
      limits.handshakeTimeoutMs,
    ).unref()
    socket.setNoDelay(true)
    socket.on('error', (error) => this.close(`the connection broke: ${error.message}`))
    socket.on('close', () => this.close('the viewer disconnected'))
    socket.on('data', (chunk) => {
      this.#reader.push(chunk)
      this.#read()
    })
    this.#handshake = new Handshake(options.securityTypes, (bytes) => this.#outbox.send(bytes))
  }

  /** False until the handshake is done. */
  get isViewer(): boolean {
    return this.#session !== undefined
  }

  get viewOnly(): boolean {
    return this.#session?.viewOnly ?? true
  }

  /** The name of the encoding in use. */
  get encoding(): string {
    return this.#parameters.encoding.name
  }

  /** Updates sent. */
  get updates(): number {
    return this.#session?.updates.updates ?? 0
  }

  get sentBytes(): number {
    return this.#outbox.sentBytes
  }

  get unsentBytes(): number {
    return this.#outbox.unsentBytes
  }

  /** Idempotent. What the viewer held is let go; what it was owed is nobody's any more. */
  close(reason = 'closed by the server'): void {
    if (this.#end(reason)) this.#socket.destroy()
  }

  /**
   * Ends it, but lets what was sent arrive first: the handshake's last word, the last picture. A viewer that does not
   * take it is cut off after a while. Idempotent. Resolves when the connection is gone.
   */
  async hangUp(reason: string): Promise<void> {
    this.#outbox.flush()
    if (this.#end(reason)) {
      this.#socket.removeAllListeners('data')
      // Bytes that nobody reads would make the system cut the connection, and the last word with it.
      this.#socket.resume()
      this.#socket.end()
    }
    if (this.#socket.closed) return
    const timer = setTimeout(() => this.#socket.destroy(), lingerMs).unref()
    await once(this.#socket, 'close').catch(() => undefined)
    clearTimeout(timer)
  }

  #end(reason: string): boolean {
    if (this.#closed) return false
    this.#closed = true
    clearTimeout(this.#handshakeTimer)
    this.#session?.wishes.close()
    this.#session?.leave()
    this.#session?.input.close()
    this.#outbox.close(new Error(reason))
    this.#parameters.close()
    this.#options.onClose(this, reason)
    return true
  }

  #read(): void {
    try {
      if (!this.#session && !this.#shakeHands()) return
      for (let message = this.#next(); message; message = this.#next()) this.#take(message)
    } catch (error) {
      const { message } = error as Error
      if (this.#session) this.close(message)
      else void this.hangUp(message)
    }
  }

  #next(): ClientMessage | undefined {
    return this.#closed ? undefined : readClientMessage(this.#reader)
  }

  /** @returns true once it is done */
  #shakeHands(): boolean {
    const event: HandshakeEvent | undefined = this.#handshake.advance(this.#reader)
    if (event?.type === 'verdict') void this.#judge(event)
    if (event?.type !== 'done') return false
    this.#begin(event.viewOnly)
    return true
  }

  async #judge({ verdict }: HandshakeEvent & { type: 'verdict' }): Promise<void> {
    const address = this.#socket.remoteAddress ?? ''
    const waitMs = this.#options.loginDelay.reserve(address, verdict.ok, performance.now())
    if (waitMs > 0) {
      // What comes meanwhile stays with the system: it must not pile up here.
      this.#socket.pause()
      await delay(waitMs, undefined, { ref: false })
      if (this.#closed) return
      this.#socket.resume()
    }
    this.#handshake.announce(verdict)
    if (verdict.ok) this.#read()
    else void this.hangUp(verdict.reason)
  }

  #begin(loggedInViewOnly: boolean): void {
    const { display, name, onViewer } = this.#options
    clearTimeout(this.#handshakeTimer)
    const viewOnly = this.#options.viewOnly || loggedInViewOnly
    const { mode } = display
    const updates = new UpdateLoop({
      name: `rfb ${this.peer}`,
      outbox: this.#outbox,
      parameters: this.#parameters,
      size: mode,
      display,
      onFailure: (error) => this.close(`an update broke off: ${(error as Error).message}`),
      onSurfaceClosed: () => this.close('the surface was closed'),
    })
    const attachment = display.attach(updates, { demand: 'pull' })
    updates.start(attachment)
    const input = new ClientInput(display, viewOnly)
    const wishes = new SizeWishes(display, viewOnly, updates)
    this.#session = { viewOnly, input, updates, wishes, leave: () => attachment.close() }
    this.#outbox.send(serverInit(mode, serverFormat, name))
    onViewer(this)
  }

  #take(message: ClientMessage): void {
    const { input, updates, wishes } = this.#session!
    switch (message.type) {
      case 'setPixelFormat':
        this.#parameters.setFormat(message.format)
        break
      case 'setEncodings':
        this.#parameters.setEncodings(message.encodings)
        updates.parametersChanged()
        break
      case 'updateRequest':
        updates.request(message.incremental, message.rect)
        break
      case 'key':
        input.key(message.keysym, message.down, message.scancode)
        break
      case 'pointer':
        input.pointer(message.mask, message.x, message.y)
        updates.pointerMoved()
        break
      case 'setDesktopSize':
        wishes.take(message)
        break
      case 'cutText':
        // The guest has no clipboard.
        break
    }
  }
}
