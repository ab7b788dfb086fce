import { EventEmitter } from 'node:events'
import { binding } from '../native/load.js'
import type { Surface } from '../surface/surface.js'
import { DirtyPull } from './dirty-pull.js'
import { drawnBy } from './drawing.js'
import type { OutEvent } from './events.js'
import { GuestBitmap } from './guest-bitmap.js'
import { type GuestCursor, readCursor } from './guest-cursor.js'
import { GuestKeyboard } from './guest-keyboard.js'
import { framebufferPage, stateClosed, stateConnected, stateWaiting } from './layout.js'
import type { Link } from './link.js'
import { type LaidOutMemory, pixelPages } from './memory.js'
import { agree, allFeatures, backendStore, type Feature } from './negotiation.js'
import { OutRing } from './out-ring.js'
import { PeerWords } from './peer.js'
import { Requests } from './requests.js'
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
  cursor: [index: number, cursor: GuestCursor | undefined]
  bell: [index: number]
  /** @see FB_BLANK_* of linux/fb.h; 0: shown */
  blank: [index: number, level: number]
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
  #closed = false
