import { ProtocolError } from '../errors.js'
import type { TargetComponent, TargetFormat } from '../pixels/translation.js'
import type { Reader } from './reader.js'

/** PIXEL_FORMAT (RFC 6143, 7.4), as a viewer asked for it. */
export interface ClientFormat {
  readonly bitsPerPixel: 8 | 16 | 32
  readonly depth: number
  readonly trueColour: boolean
  /** What the server's pixels are turned into. Of a viewer with a colour map: into indices of our colour cube. */
  readonly target: TargetFormat
}

export const pixelFormatBytes = 16

/** Each of red, green and blue has 6 values in the colour map: 216 of 256 entries, as in the web-safe palette. */
export const cubeSide = 6

const colourCube: TargetFormat = {
  bytesPerPixel: 1,
  bigEndian: false,
  red: { max: cubeSide - 1, step: cubeSide * cubeSide },
  green: { max: cubeSide - 1, step: cubeSide },
  blue: { max: cubeSide - 1, step: 1 },
}

function component(name: string, max: number, shift: number, bitsPerPixel: number): TargetComponent {
  const step = 2 ** shift
  if (max < 1 || max * step >= 2 ** bitsPerPixel) {
    throw new ProtocolError(
      `pixel format: expected a ${name} that fits into ${bitsPerPixel} bits, received a maximum of ${max} at bit ${shift}`,
    )
  }
  return { max, step }
}

/**
 * @param reader with at least pixelFormatBytes available
 * @throws ProtocolError for a format that no pixel could have
 */
export function readPixelFormat(reader: Reader): ClientFormat {
  const bitsPerPixel = reader.u8()
  const depth = reader.u8()
  const bigEndian = reader.u8() !== 0
  const trueColour = reader.u8() !== 0
  const maxima = [reader.u16(), reader.u16(), reader.u16()] as const
  const shifts = [reader.u8(), reader.u8(), reader.u8()] as const
  reader.skip(3)
  if (bitsPerPixel !== 8 && bitsPerPixel !== 16 && bitsPerPixel !== 32) {
    throw new ProtocolError(`pixel format: expected 8, 16 or 32 bits a pixel, received ${bitsPerPixel}`)
  }
  if (depth < 1 || depth > bitsPerPixel) {
    throw new ProtocolError(`pixel format: expected a depth of 1 to ${bitsPerPixel}, received ${depth}`)
  }
  if (!trueColour) {
    if (bitsPerPixel !== 8) {
      throw new ProtocolError(
        `pixel format: expected 8 bits a pixel with a colour map, received ${bitsPerPixel}`,
      )
    }
    return { bitsPerPixel, depth, trueColour, target: colourCube }
  }
  const target: TargetFormat = {
    bytesPerPixel: bitsPerPixel / 8,
    bigEndian,
    red: component('red', maxima[0], shifts[0], bitsPerPixel),
    green: component('green', maxima[1], shifts[1], bitsPerPixel),
    blue: component('blue', maxima[2], shifts[2], bitsPerPixel),
  }
  return { bitsPerPixel, depth, trueColour, target }
}

/**
 * What ServerInit offers, whatever the surface has: a viewer that takes it as it is (TigerVNC's does) expands nothing
 * by a rule of its own, and so shows every surface pixel for pixel.
 */
export const serverFormat: ClientFormat = {
  bitsPerPixel: 32,
  depth: 24,
  trueColour: true,
  target: {
    bytesPerPixel: 4,
    bigEndian: false,
    red: { max: 255, step: 2 ** 16 },
    green: { max: 255, step: 2 ** 8 },
    blue: { max: 255, step: 1 },
  },
}
