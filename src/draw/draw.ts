import { height, type Rect, width } from '../geometry/rect.js'
import type { DrawnRect } from '../native/binding.js'
import { binding } from '../native/load.js'
import type { ClippedBlit, ClippedFill } from './clip.js'
import type { CopyOp } from './op.js'

/** Pixels in memory, from the picture's first one on. */
export interface DrawablePicture {
  readonly pixels: Uint8Array
  readonly strideBytes: number
  readonly bytesPerPixel: number
}

function target({ pixels, strideBytes, bytesPerPixel }: DrawablePicture, part: Rect): DrawnRect {
  return [pixels, strideBytes, bytesPerPixel, part.x1, part.y1, width(part), height(part)]
}

export function drawFill(picture: DrawablePicture, { rect, colour, rop }: ClippedFill): void {
  const fill = rop === 'xor' ? binding.fillXor : binding.fill
  fill(...target(picture, rect), colour)
}

export function drawCopy(picture: DrawablePicture, { rect, fromX, fromY }: CopyOp): void {
  binding.copy(...target(picture, rect), picture.pixels, picture.strideBytes, fromX, fromY)
}

export function drawBlit(picture: DrawablePicture, { rect, image, fromX, fromY }: ClippedBlit): void {
  if ('bits' in image) {
    const { bits, strideBytes, foreground, background } = image
    binding.blitGlyph(...target(picture, rect), bits, strideBytes, fromX, fromY, foreground, background)
  } else {
    binding.copy(...target(picture, rect), image.pixels, image.strideBytes, fromX, fromY)
  }
}

/** The same part of another picture with the same layout. */
export function copyPart(from: DrawablePicture, to: DrawablePicture, part: Rect): void {
  binding.copy(...target(to, part), from.pixels, from.strideBytes, part.x1, part.y1)
}
