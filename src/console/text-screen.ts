import type { GlyphImage } from '../draw/op.js'
import type { Rect } from '../geometry/rect.js'
import type { Mode } from '../surface/mode.js'

/**
 * What a text console draws on: a device's frontend has it, and so has anything that can fill, copy and blit. Colours are
 * values of pixels in the mode's format; rects lie inside of the mode.
 */
export interface TextScreen {
  readonly mode: Mode
  fill(rect: Rect, colour: number): void
  /** To `rect` from the place whose top left corner is fromX, fromY; the two may overlap. */
  copy(rect: Rect, fromX: number, fromY: number): void
  blit(rect: Rect, image: GlyphImage): void
  /** Of an indexed format. @param colours 0xRRGGBB each, from number `first` on */
  setColours?(first: number, colours: ArrayLike<number>): void
  /** A picture is complete: whoever watches may see it. */
  flush(): void
}
