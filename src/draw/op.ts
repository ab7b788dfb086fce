import type { Rect } from '../geometry/rect.js'

/**
 * 2D operations as data: fbdev's fillrect, copyarea and imageblit (linux/fb.h). Rects may reach beyond the surface: what
 * lies outside is not drawn. Colours are values of pixels in the surface's own format (see pixelValue), of an indexed
 * one numbers of the palette.
 */
export type DrawOp = FillOp | CopyOp | BlitOp

export interface FillOp {
  readonly op: 'fill'
  readonly rect: Rect
  /** 0 to 2^32 - 1; bits that a pixel has no room for are left out. */
  readonly colour: number
  /** 'copy' replaces what was there; 'xor' inverts the colour's bits, and a second time takes it back. Default: 'copy'. */
  readonly rop?: 'copy' | 'xor'
}

/** Moves pixels of the surface. Source and destination may overlap in any direction. */
export interface CopyOp {
  readonly op: 'copy'
  /** Where to. */
  readonly rect: Rect
  /** Where the pixel comes from that lands in the rect's top left corner. */
  readonly fromX: number
  readonly fromY: number
}

/** Draws an image, or a part of one. */
export interface BlitOp {
  readonly op: 'blit'
  /** Where to; at most 16384 pixels wide and high. */
  readonly rect: Rect
  readonly image: GlyphImage | ColourImage
  /** The pixel of the image that lands in the rect's top left corner. Default: 0, 0. */
  readonly fromX?: number
  readonly fromY?: number
}

/** One bit a pixel: the leftmost pixel is a byte's highest bit, and each row begins at a whole byte. */
export interface GlyphImage {
  readonly bits: Uint8Array
  /** From one row to the next. Default: the bytes that a row of the op needs. */
  readonly strideBytes?: number
  /** The colour of bits that are set. */
  readonly foreground: number
  /** Of bits that are not; left out, the surface stays as it was there. */
  readonly background?: number | undefined
}

/** Pixels in the surface's own format. */
export interface ColourImage {
  readonly pixels: Uint8Array
  /** From one row to the next. Default: the bytes that a row of the op needs. */
  readonly strideBytes?: number
}
