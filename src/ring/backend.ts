import { EventEmitter } from 'node:events'
import { binding } from '../native/load.js'
import type { ModeWish } from '../surface/mode-wishes.js'
import type { Surface } from '../surface/surface.js'
import { DirtyPull } from './dirty-pull.js'
import { drawnBy } from './drawing.js'
import type { OutEvent } from './events.js'
import { GuestBitmap, pagesOf } from './guest-bitmap.js'
import { showCursor } from './guest-cursor.js'
import { GuestKeyboard } from './guest-keyboard.js'
import { framebufferPage, stateClosed, stateConnected, stateWaiting } from './layout.js'
import type { Link } from './link.js'
import type { LaidOutMemory } from './memory.js'
import { agree, allFeatures, backendStore, type Feature } from './negotiation.js'
import { OutRing } from './out-ring.js'
import { PeerWords } from './peer.js'
import { Requests } from './requests.js'
import { scanoutNumbers } from './scanout-table.js'
import { type Scanout, Scanouts, type SurfaceChoices } from './scanouts.js'
import { readStore, writeStore } from './store.js'

export interface BackendOptions {
  /** Adopted or made; the backend's owner closes it, after the backend. */
  readonly device: LaidOutMemory
  /** Of scanout 0, over the same memory; stays its owner's, who closes it after the backend. */
  readonly surface: Surface
  /** To the frontend. */
  readonly link: Link
  /** For the surfaces of further scanouts. */
  readonly surfaces?: SurfaceChoices
  /** What this backend knows of. Default: everything. */
  readonly features?: ReadonlySet<Feature>
}

export interface BackendEvents {
  /** A frontend is here, or is another one than before. */
  connected: []
  /** A further scanout is shown, until its surface closes. */
  scanout: [index: number, surface: Surface]
  /** The frontend has gone: the last picture is in the surfaces. */
  ended: []
}

/**
 * Displays what a frontend draws: the other end of device memory's rings (docs/protocol.md).
 *
 * The frontend is hostile. What it writes is read once, checked, and then used; what is out of range is skipped, and work
 * is bounded whatever it does (OutRing, ToldDrawing). It can harm its own picture alone.
 */
export class Backend extends EventEmitter<BackendEvents> {
  readonly #device: LaidOutMemory
  readonly #link: Link
  readonly #features: ReadonlySet<Feature>
  readonly #refreshMs: number
  readonly #own: PeerWords
  readonly #peer: PeerWords
  readonly #scanouts: Scanouts
  readonly #ring: OutRing
  readonly #requests: Requests
  readonly #keyboard: GuestKeyboard
  readonly #bitmap: GuestBitmap
  readonly #pull: DirtyPull
  /** What was agreed upon with the frontend that is here; undefined: none is. */
  #agreed: ReadonlySet<Feature> | undefined
  /** Which frontend that is. */
  #generation = 0
  #storeSerial = 0
  #watched = false
  /** Of what each surface compares because nobody tells. */
  readonly #compared = new Map<Surface, number>()
  readonly #stops = new Map<Surface, () => void>()
  #ended = false
  #closed = false

  /** Says what it can do; the frontend may come then. */
  constructor(options: BackendOptions) {
    super()
    const { device, surface, link, surfaces = {}, features = allFeatures } = options
    const { memory, layout } = device
    this.#device = device
    this.#link = link
    this.#features = features
    this.#refreshMs = Math.max(1, Math.round(1000 / (surfaces.fps ?? 60)))
    this.#own = new PeerWords(memory, 'backend')
    this.#peer = new PeerWords(memory, 'frontend')

    const ring = () => link.ring()
    const { framebufferOffset } = layout
    this.#ring = new OutRing(new binding.RingConsumer(memory, framebufferOffset, framebufferPage.out), {
      event: (event) => this.#handle(event),
      lost: () => this.#allDirty(),
      more: () => this.#rung(),
    })
    this.#requests = new Requests(
      new binding.RingProducer(memory, framebufferOffset, framebufferPage.in),
      ring,
    )
    this.#keyboard = new GuestKeyboard(device, ring)
    this.#bitmap = new GuestBitmap(device)
    this.#pull = new DirtyPull({
      takeBits: () => this.#takeBits(),
      ask: (serial) => this.#requests.send({ type: 'dirty', serial }),
      lost: () => this.#pixelsDirty(),
    })
    this.#scanouts = new Scanouts(device, surface, surfaces, {
      opened: (scanout) => this.#opened(scanout),
      closed: (scanout) => this.#left(scanout),
    })
    this.#enter(this.#scanouts.first)
    this.#introduce(surface.mode)
    link.onBell = () => this.#rung()
    link.onEnd = () => this.#end()
  }

  /** What was agreed upon with the frontend; undefined: none is here. */
  get agreed(): ReadonlySet<Feature> | undefined {
    return this.#agreed
  }

  /** Idempotent. The frontend goes on, and draws for nobody. Surfaces of further scanouts are closed. */
  close(): void {
    if (this.#closed) return
    this.#end()
    this.#closed = true
    this.#own.store('state', stateClosed)
    this.#scanouts.close()
    for (const scanout of this.#scanouts.all) this.#left(scanout)
    this.#ring.close()
    this.#requests.close()
    this.#keyboard.close()
    this.#link.close()
    this.removeAllListeners()
  }

  /** docs/protocol.md, "Start": before the frontend is answered. */
  #introduce(size: { readonly width: number; readonly height: number }): void {
    writeStore(this.#device.memory, 'backend', backendStore(this.#features, size))
    this.#own.increment('generation')
    this.#own.store('state', stateWaiting)
  }

  /** The frontend has rung. Where somebody watches, a frame follows. */
  #rung(): void {
    if (this.#closed) return
    this.#drain()
    for (const { surface } of this.#scanouts.all) surface.wake()
  }

  /**
   * Ahead of a frame: whatever was told, and the bitmap, is taken now; pixels are read after this. Where nobody watches, and
   * this frame is a picture for somebody who just asked, the frontend tells nothing, and all is compared.
   */
  #beforeFrame(): void {
    this.#drain()
    if (!this.#watched) this.#pixelsDirty()
    else if (this.#agreed?.has('dirty')) this.#pull.beforeFrame()
  }

  #drain(): void {
    if (!this.#isConnected()) return
    this.#ring.drain()
    if (this.#peer.exchange('allDirty', 0) !== 0) this.#allDirty()
  }

  /** Looks whether a frontend is here, and whether it is still the same one. */
  #isConnected(): boolean {
    if (this.#peer.load('state') !== stateConnected) {
      this.#disconnect()
      return false
    }
    const generation = this.#peer.load('generation')
    const serial = this.#peer.load('storeSerial')
    if (this.#agreed && generation === this.#generation && serial === this.#storeSerial) return true
    const store = readStore(this.#device.memory, 'frontend')
    // It rings when it has written it.
    if (!store) return false
    this.#generation = generation
    this.#storeSerial = serial
    this.#connect(agree(this.#features, store))
    return true
  }

  #connect(agreed: ReadonlySet<Feature>): void {
    this.#agreed = agreed
    // All is shown anew: what was told until now says nothing more.
    this.#ring.skip()
    this.#keyboard.connect(agreed)
    this.#pull.stop()
    this.#own.store('state', stateConnected)
    this.#link.ring()
    if (!agreed.has('scanouts')) this.#scanouts.closeFurther()
    for (const { surface } of this.#scanouts.all) this.#compareIfUntold(surface)
    this.#allDirty()
    this.#requestNews()
    this.emit('connected')
  }

  #disconnect(): void {
    if (!this.#agreed) return
    this.#agreed = undefined
    this.#keyboard.disconnect()
    this.#requests.close()
    this.#pull.stop()
    this.#pixelsDirty()
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#disconnect()
    this.emit('ended')
  }

  #handle(event: OutEvent): void {
    if (!this.#agreed?.has(event.type === 'scanout' ? 'scanouts' : event.type)) return
    const surface = 'scanout' in event ? this.#scanouts.at(event.scanout)?.surface : undefined
    if (surface?.closed) return
    switch (event.type) {
      case 'resize':
        this.#scanouts.read(0)
        break
      case 'scanout':
        this.#scanouts.read(event.scanout)
        break
      case 'dirty':
        this.#pull.answered(event.serial)
        break
      case 'bell':
        surface?.bell()
        break
      case 'colours':
        this.#scanouts.readColours(event.scanout)
        break
      case 'cursor':
        if (surface) showCursor(event, surface, this.#device)
        break
      default: {
        // Where nobody watches, all is compared when somebody does.
        if (!this.#watched || !surface) return
        const op = drawnBy(event, surface.bounds)
        if (op) surface.tell(op)
      }
    }
  }

  /** Everything may have changed, and the tables too. */
  #allDirty(): void {
    const further = this.#agreed?.has('scanouts')
    for (const index of scanoutNumbers) if (index === 0 || further) this.#scanouts.read(index)
    if (this.#agreed?.has('colours')) {
      for (const { index } of this.#scanouts.all) this.#scanouts.readColours(index)
    }
    // It stands for an answer that was lost, too.
    this.#pull.stop()
    this.#pixelsDirty()
  }

  #pixelsDirty(): void {
    for (const { surface } of this.#scanouts.all) if (!surface.closed) surface.markDirty()
  }

  #takeBits(): boolean {
    const surfaces = this.#scanouts.all.map(({ surface }) => surface)
    return this.#bitmap.take((firstPage, pageCount) => {
      for (const surface of surfaces) if (!surface.closed) surface.markPagesDirty(firstPage, pageCount)
    })
  }

  #opened(scanout: Scanout): void {
    this.#enter(scanout)
    this.#compareIfUntold(scanout.surface)
    this.emit('scanout', scanout.index, scanout.surface)
  }

  /** The frontend decides. One that does not want to know will not. */
  #modeWanted({ width, height, refuse }: ModeWish): void {
    if (this.#agreed?.has('mode')) this.#requests.send({ type: 'mode', width, height })
    else refuse()
  }

  #enter(scanout: Scanout): void {
    const { surface } = scanout
    const watched = () => this.#watchersChanged()
    const modeWanted = (wish: ModeWish) => this.#modeWanted(wish)
    surface.on('watched', watched)
    // MODE speaks of scanout 0.
    if (scanout.index === 0) surface.on('modeWanted', modeWanted)
    const detachTeller = surface.attachTeller({ tell: () => this.#beforeFrame() })
    this.#keyboard.attach(scanout, this.#scanouts.first)
    this.#stops.set(surface, () => {
      surface.off('watched', watched)
      surface.off('modeWanted', modeWanted)
      detachTeller()
      this.#keyboard.detach(scanout)
    })
    this.#watchersChanged()
  }

  #left({ surface }: Scanout): void {
    this.#stops.get(surface)?.()
    this.#stops.delete(surface)
    this.#compared.delete(surface)
    this.#watchersChanged()
  }

  #watchersChanged(): void {
    const watched = this.#scanouts.all.some(({ surface }) => !surface.closed && surface.watched)
    if (watched === this.#watched) return
    this.#watched = watched
    if (watched) this.#pixelsDirty()
    else this.#pull.stop()
    this.#requestNews()
  }

  #requestNews(): void {
    if (!this.#agreed) return
    this.#requests.send({ type: 'refreshPeriod', ms: this.#watched ? this.#refreshMs : 0 })
  }

  /** Who does not say what it draws is compared at every frame. */
  #compareIfUntold(surface: Surface): void {
    const id = this.#compared.get(surface)
    const tells = this.#agreed?.has('update') ?? false
    if (tells && id !== undefined) {
      this.#compared.delete(surface)
      surface.detachWriter(id)
    } else if (!tells && id === undefined) {
      const { layout } = this.#device
      const { firstPage, pageCount } = pagesOf(layout, 0, layout.pixelsBytes)
      this.#compared.set(surface, surface.attachUntrackedWriter(firstPage, pageCount))
    }
  }
}
