import { InvalidArgumentError } from '../errors.js'

/** What the pointer looks like. A value: never changed once it is a surface's. */
export interface CursorShape {
  /** Pixels, 1 to 256; 0 x 0 of `noCursor` alone. */
  readonly width: number
  readonly height: number
  /** 0xAARRGGBB a pixel, little-endian, not premultiplied; rows without padding. As docs/protocol.md has it. */
  readonly pixels: Uint8Array
  /** The pixel that points. */
  readonly hotX: number
  readonly hotY: number
}

/** The guest shows none. */
export const noCursor: CursorShape = { width: 0, height: 0, pixels: new Uint8Array(), hotX: 0, hotY: 0 }

/** As docs/protocol.md has it for CURSOR. */
export const maxCursorSide = 256

const bytesPerPixel = 4

/**
 * @returns a copy
 * @throws InvalidArgumentError
 */
export function checkCursor({ width, height, pixels, hotX, hotY }: CursorShape): CursorShape {
  for (const [name, side, hot] of [
    ['width', width, hotX],
    ['height', height, hotY],
  ] as const) {
    if (!Number.isInteger(side) || side < 1 || side > maxCursorSide) {
      throw new InvalidArgumentError(
        `cursor ${name}: expected 1 to ${maxCursorSide} pixels, received ${side}`,
      )
    }
    if (!Number.isInteger(hot) || hot < 0 || hot >= side) {
      throw new InvalidArgumentError(
        `cursor hot spot: expected inside of ${width}x${height}, received ${hot}`,
      )
    }
  }
  const bytes = width * height * bytesPerPixel
  if (pixels.length !== bytes) {
    throw new InvalidArgumentError(
      `cursor pixels: expected ${bytes} bytes, 4 for each of ${width}x${height}, received ${pixels.length}`,
    )
  }
  return { width, height, pixels: Uint8Array.from(pixels), hotX, hotY }
}
