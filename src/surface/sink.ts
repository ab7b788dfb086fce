import type { PictureOp, PictureOpName } from '../damage/picture-op.js'
import type { Rect } from '../geometry/rect.js'
import type { Palette } from '../pixels/format.js'
import type { Mode } from './mode.js'

/** What a sink is handed. Valid until `present` settles. */
export interface Frame {
  readonly mode: Mode
  /**
   * The shadow, from the first visible pixel: the picture as of the newest frame, which may be newer than this one
   * when a present takes longer than a frame. What was newer is also in the sink's pending damage, so the sink's
   * last picture is right all the same. Never write to it.
   */
  readonly pixels: Uint8Array
  /** Of an indexed format; grey ramp otherwise. 256 × 3 bytes. */
  readonly palette: Palette
  /**
   * What the sink's viewer can do by itself, in order, before it is shown the damage. Only ops that the sink takes. Who
   * does them must show pixels of the damage and no others: elsewhere `pixels` may be ahead of the ops.
   */
  readonly ops: readonly PictureOp[]
  /** Disjoint rects inside the surface, coalesced with the sink's cost. */
  readonly damage: readonly Rect[]
  /** Counts the surface's frames with damage, from 1. */
  readonly sequence: number
}

/** What one more rect costs a sink, in pixels: the exchange rate of coalescing. */
export interface RectCost {
  /** Two rects are merged while the extra pixels cost less than this. */
  readonly rectPixels: number
}

/**
 * A consumer of damage. One file each; a surface knows nothing of its kinds.
 *
 * A sink that is still busy with a present is left alone, and its damage gathers: it delays nobody.
 */
export interface Sink {
  /** For messages: 'png', 'rfb 127.0.0.1:41234'. */
  readonly name: string
  readonly cost?: RectCost
  /** The ops that it takes instead of damage, asked for each time. Default: none. */
  readonly takesOps?: readonly PictureOpName[]
  /**
   * Does `frame.ops` and shows `frame.damage`. If it throws or rejects, or `signal` aborts before it settles, both count
   * as not shown, and are given back to the sink's pending damage.
   */
  present(frame: Frame, signal: AbortSignal): void | Promise<void>
  /**
   * The mode changed; all of the surface is in the sink's pending damage already.
   * @param by who asked for it by requestMode(); undefined: nobody did
   */
  modeChanged?(mode: Mode, by: object | undefined): void
  /** The pointer has another shape or place: see the surface. */
  cursorChanged?(): void
  bell?(): void
  /** The surface was closed: the last thing a sink hears of it. */
  surfaceClosed?(): void
  /** A present threw. Default: the failure is only counted, and the damage offered again with the next frame. */
  presentFailed?(error: unknown): void
}

/** When a sink is presented: at every frame with damage, or at one frame for each call of `request`. */
export type Demand = 'push' | 'pull'

/** A sink's seat at a surface. */
export interface Attachment {
  /**
   * Asks for a frame: wakes the clock, and of a 'pull' sink opens the gate for one present.
   * @param full show this much again though nothing changed there (a viewer's non-incremental request): the viewer may
   *   have lost it
   */
  request(full?: Rect): void
  /**
   * The sink has something to say that is no pixel: it is presented as with damage, though `ops` and `damage` may be
   * empty then.
   */
  news(): void
  /** True while damage or news wait for this sink. */
  readonly pending: boolean
  /** Idempotent. A present under way is aborted. */
  close(): void
}
