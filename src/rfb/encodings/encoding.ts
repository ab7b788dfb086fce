import type { Rect } from '../../geometry/rect.js'
import type { Frame } from '../../surface/sink.js'
import type { ClientFormat } from '../pixel-format.js'

/** The picture that is encoded from: a frame, or what stands in for one. */
export type Picture = Pick<Frame, 'pixels' | 'palette' | 'mode'>

/** One viewer's encoder. What it keeps (a deflate stream) lives as long as the viewer's connection. */
export interface Encoder {
  /**
   * A rect's bytes behind its header. At most `maxPiecePixels` are asked for at once, one call after the other.
   * @param part inside of the picture
   */
  encode(picture: Picture, part: Rect, format: ClientFormat): Uint8Array | Promise<Uint8Array>
  /** Idempotent. An encode under way rejects, or never settles. */
  close(): void
}

/** An encoding of rects: one file each, and one line in registry.ts. */
export interface Encoding {
  /** Its number (RFC 6143, 7.7). */
  readonly id: number
  readonly name: string
  createEncoder(): Encoder
}
