import { InvalidArgumentError } from '../errors.js'
import { intersection, isEmpty, type Rect, rect } from '../geometry/rect.js'
import type { BlitOp, ColourImage, CopyOp, DrawOp, FillOp, GlyphImage } from './op.js'

/** An op whose rects lie inside of the surface and are not empty, and whose defaults are filled in. */
export type ClippedOp = ClippedFill | CopyOp | ClippedBlit
export type ClippedFill = Required<FillOp>
export interface ClippedBlit extends Required<BlitOp> {
  readonly image: ClippedImage
}
export type ClippedImage = (GlyphImage | ColourImage) & { readonly strideBytes: number }

/** What is drawn to. */
export interface ClipTarget {
  readonly bounds: Rect
  readonly bytesPerPixel: number
}

/** Coordinates reach as far as a region's: sums of them are exact. */
const farthest = 2 ** 29
const largestColour = 2 ** 32 - 1
/** As a surface's sides (see createMode): no image that is shown whole is larger. */
const largestImageSide = 16384
const largestStrideBytes = largestImageSide * 8

/**
 * The op as it can be done: checked, and cut to what lies inside of the surface, a copy's source too. The op may come
 * from who is not to be trusted: every number in it is read once.
 *
 * @returns undefined where nothing is left to do
 * @throws InvalidArgumentError where a value is out of range, or an image has fewer bytes than its rect
 */
export function clipOp(op: DrawOp, target: ClipTarget): ClippedOp | undefined {
  switch (op.op) {
    case 'fill':
      return clipFill(op, target)
    case 'copy':
      return clipCopy(op, target)
    case 'blit':
      return clipBlit(op, target)
    default: {
      const { op: received } = op as { op: unknown }
      throw new InvalidArgumentError(`op: expected fill, copy or blit, received ${String(received)}`)
    }
  }
}

function clipFill({ rect: given, colour, rop = 'copy' }: FillOp, { bounds }: ClipTarget) {
  if (rop !== 'copy' && rop !== 'xor') {
    throw new InvalidArgumentError(`rop: expected copy or xor, received ${String(rop)}`)
  }
  checkColour('colour', colour)
  const part = clipRect(given, bounds)
  return part && ({ op: 'fill', rect: part, colour, rop } as const)
}

/**
 * @returns the part of the rect that lies inside; undefined where none does
 * @throws InvalidArgumentError where a coordinate is out of range
 */
export function clipRect(given: Rect, bounds: Rect): Rect | undefined {
  const part = intersection(readRect(given), bounds)
  return isEmpty(part) ? undefined : part
}

function clipCopy({ rect: given, fromX, fromY }: CopyOp, { bounds }: ClipTarget): CopyOp | undefined {
  const whole = readRect(given)
  checkNumber('fromX', fromX, -farthest, farthest)
  checkNumber('fromY', fromY, -farthest, farthest)
  const dx = whole.x1 - fromX
  const dy = whole.y1 - fromY
  const reached = rect(bounds.x1 + dx, bounds.y1 + dy, bounds.x2 + dx, bounds.y2 + dy)
  const part = intersection(intersection(whole, bounds), reached)
  if (isEmpty(part) || (dx === 0 && dy === 0)) return undefined
  return { op: 'copy', rect: part, fromX: part.x1 - dx, fromY: part.y1 - dy }
}

function clipBlit(op: BlitOp, { bounds, bytesPerPixel }: ClipTarget): ClippedBlit | undefined {
  const { image: given, fromX = 0, fromY = 0 } = op
  const whole = readRect(op.rect)
  checkNumber('fromX', fromX, 0, largestImageSide)
  checkNumber('fromY', fromY, 0, largestImageSide)
  const right = fromX + whole.x2 - whole.x1
  const bottom = fromY + whole.y2 - whole.y1
  checkNumber('fromX + width', right, 0, largestImageSide)
  checkNumber('fromY + height', bottom, 0, largestImageSide)
  const image = readImage(given, right, bottom, bytesPerPixel)
  const part = intersection(whole, bounds)
  if (isEmpty(part)) return undefined
  return {
    op: 'blit',
    rect: part,
    image,
    fromX: fromX + part.x1 - whole.x1,
    fromY: fromY + part.y1 - whole.y1,
  }
}

function readImage(
  image: GlyphImage | ColourImage,
  width: number,
  height: number,
  bytesPerPixel: number,
): ClippedImage {
  if ('bits' in image) {
    const { bits, foreground, background } = image
    const rowBytes = Math.ceil(width / 8)
    const { strideBytes = rowBytes } = image
    checkBytes('image.bits', bits, strideBytes, rowBytes, height)
    checkColour('image.foreground', foreground)
    if (background !== undefined) checkColour('image.background', background)
    return { bits, strideBytes, foreground, background }
  }
  const { pixels } = image
  const rowBytes = width * bytesPerPixel
  const { strideBytes = rowBytes } = image
  checkBytes('image.pixels', pixels, strideBytes, rowBytes, height)
  return { pixels, strideBytes }
}

function checkBytes(what: string, bytes: unknown, strideBytes: number, rowBytes: number, height: number) {
  if (!(bytes instanceof Uint8Array)) throw new InvalidArgumentError(`${what}: expected a Uint8Array`)
  if (rowBytes === 0 || height === 0) return
  checkNumber('image.strideBytes', strideBytes, rowBytes, largestStrideBytes)
  const needed = strideBytes * (height - 1) + rowBytes
  if (bytes.length >= needed) return
  throw new InvalidArgumentError(
    `${what}: expected at least ${needed} bytes for ${height} rows, received ${bytes.length}`,
  )
}

function readRect(r: Rect): Rect {
  const { x1, y1, x2, y2 } = r
  checkNumber('rect.x1', x1, -farthest, farthest)
  checkNumber('rect.y1', y1, -farthest, farthest)
  checkNumber('rect.x2', x2, x1, farthest)
  checkNumber('rect.y2', y2, y1, farthest)
  return { x1, y1, x2, y2 }
}

function checkColour(what: string, value: number): void {
  checkNumber(what, value, 0, largestColour)
}

function checkNumber(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new InvalidArgumentError(
    `${what}: expected a whole number from ${least} to ${most}, received ${value}`,
  )
}
