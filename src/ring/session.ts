import { type FrontendFeatures, featureStore, wantedEvents } from './features.js'
import { type InHandler, InRings } from './in-rings.js'
import { stateClosed, stateConnected, stateInitialising } from './layout.js'
import type { Link } from './link.js'
import type { LaidOutMemory } from './memory.js'
import type { OutQueue } from './out-queue.js'
import { PeerWords } from './peer.js'
import type { Reconnector } from './reconnector.js'
import { readStore, writeStore } from './store.js'

/** Who is told of what a backend says. */
export interface SessionHost extends InHandler {
  /** A backend begins: what it reads at its start is to be written. */
  start(): void
  /** It has read all that, or has gone. */
  connected(connected: boolean): void
}

/**
 * A frontend's side of the talk with its backends, one after the other: the handshake in device memory, the rings to the
 * frontend, and what is done when a backend goes away (docs/protocol.md, The socket).
 */
export class Session {
  readonly #memory: LaidOutMemory
  readonly #features: FrontendFeatures
  readonly #queue: OutQueue
  readonly #host: SessionHost
  readonly #own: PeerWords
  readonly #backend: PeerWords
  readonly #inRings: InRings
  #reconnector: Reconnector | undefined
  #link: Link | undefined
  /** Of the backend whose store was read. */
  #generation = 0
  #storeSerial = 0
  #connected = false
  #again: NodeJS.Immediate | undefined
  #closed = false

  constructor(memory: LaidOutMemory, queue: OutQueue, features: FrontendFeatures, host: SessionHost) {
    this.#memory = memory
    this.#features = features
    this.#queue = queue
    this.#host = host
    this.#own = new PeerWords(memory.memory, 'frontend')
    this.#backend = new PeerWords(memory.memory, 'backend')
    this.#inRings = new InRings(memory, host)
    this.#own.store('state', stateInitialising)
  }

  get connected(): boolean {
    return this.#connected
  }

  /** Goes on with this backend. */
  attach(link: Link): void {
    if (this.#link && this.#link !== link) leave(this.#link)
    this.#link = link
    link.onBell = () => this.#look()
    link.onEnd = () => this.#ended(link)
    this.#start(link)
  }

  /** Whenever a backend has gone, the next one is looked for. */
  reconnectBy(reconnector: Reconnector): void {
    this.#reconnector = reconnector
  }

  /** Idempotent. What waits is told. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#reconnector?.stop()
    clearImmediate(this.#again)
    if (!this.#link) return
    this.#queue.flush()
    this.#own.store('state', stateClosed)
    this.#link.ring()
    leave(this.#link)
  }

  #start(link: Link): void {
    this.#generation = this.#backend.load('generation')
    this.#queue.connect(link)
    this.#readStore()
    this.#host.start()
    writeStore(this.#memory.memory, 'frontend', featureStore(this.#features))
    this.#own.increment('generation')
    this.#own.store('state', stateConnected)
    link.ring()
    this.#look()
  }

  #readStore(): void {
    this.#storeSerial = this.#backend.load('storeSerial')
    // One that is just being written has another serial afterwards.
    const store = readStore(this.#memory.memory, 'backend')
    this.#queue.setWanted(store ? wantedEvents(store) : [])
  }

  #look(): void {
    const link = this.#link
    if (this.#closed || !link) return
    if (this.#backend.load('generation') !== this.#generation) {
      this.#start(link)
      return
    }
    if (this.#backend.load('storeSerial') !== this.#storeSerial) this.#readStore()
    this.#setConnected(this.#backend.load('state') === stateConnected)
    if (this.#closed || !this.#inRings.look() || this.#closed) return
    this.#again ??= setImmediate(() => {
      this.#again = undefined
      this.#look()
    })
  }

  #setConnected(connected: boolean): void {
    if (connected === this.#connected) return
    this.#connected = connected
    this.#host.connected(connected)
  }

  #ended(link: Link): void {
    if (this.#closed || link !== this.#link) return
    this.#link = undefined
    this.#queue.connect(undefined)
    this.#setConnected(false)
    this.#reconnect()
  }

  async #reconnect(): Promise<void> {
    const link = await this.#reconnector?.reconnect()
    if (!link) return
    if (this.#closed) link.close()
    else this.attach(link)
  }
}

function leave(link: Link): void {
  link.onBell = () => undefined
  link.onEnd = () => undefined
  link.close()
}
