import { InvalidArgumentError } from '../errors.js'
import {
  isPixelFormatName,
  type PixelFormat,
  type PixelFormatName,
  pixelFormatNames,
  pixelFormats,
} from '../pixels/format.js'

/** How the bytes of a surface are to be read as a picture. A value: a change of mode is a new object. */
export interface Mode {
  readonly width: number
  readonly height: number
  /** From one row to the next; at least width × bytesPerPixel. */
  readonly strideBytes: number
  /** Of the first visible pixel in device memory: moved by panning. */
  readonly offsetBytes: number
  readonly format: PixelFormat
}

export interface ModeOptions {
  width: number
  height: number
  format?: PixelFormatName
  /** Default: width × bytesPerPixel. */
  strideBytes?: number
  /** Default: 0. */
  offsetBytes?: number
}

/** Largest width and height: RFB's coordinates have 16 bits (RFC 6143, 7.6.1), and 8K fits four times. */
export const maxSide = 16384

/** Bytes from the first visible pixel to the end of the last row. */
export function modeBytes(mode: Mode): number {
  return mode.strideBytes * (mode.height - 1) + mode.width * mode.format.bytesPerPixel
}

function checkInteger(what: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new InvalidArgumentError(
      `${what}: expected a whole number from ${least} to ${most}, received ${value}`,
    )
  }
}

/** @throws InvalidArgumentError where a value is out of range. */
export function createMode(options: ModeOptions): Mode {
  const { width, height, format: name = 'xrgb8888', offsetBytes = 0 } = options
  if (!isPixelFormatName(name)) {
    throw new InvalidArgumentError(`format: expected one of ${pixelFormatNames.join(', ')}, received ${name}`)
  }
  const format: PixelFormat = pixelFormats[name]
  checkInteger('width', width, 1, maxSide)
  checkInteger('height', height, 1, maxSide)
  const rowBytes = width * format.bytesPerPixel
  const { strideBytes = rowBytes } = options
  checkInteger('strideBytes', strideBytes, rowBytes, maxSide * 8)
  checkInteger('offsetBytes', offsetBytes, 0, 2 ** 31 - 1)
  return { width, height, strideBytes, offsetBytes, format }
}
