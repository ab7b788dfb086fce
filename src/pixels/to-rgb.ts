import { height, type Rect, width } from '../geometry/rect.js'
import type { Component, Palette, PixelFormat } from './format.js'

/** How the bytes of a picture are read: the part of a surface's mode that concerns pixels alone. */
export interface PixelLayout {
  readonly format: PixelFormat
  readonly strideBytes: number
}

/**
 * A component of `bits` bits as one of 8, by repeating its bits from the top: 0 becomes 0, the largest value 255, and
 * all between are the nearest that need no division. (Every conversion of this project keeps to this rule.)
 */
export function expandComponent(value: number, bits: number): number {
  let expanded = value << (8 - bits)
  for (let filled = bits; filled < 8; filled *= 2) expanded |= expanded >> filled
  return expanded
}

/** The 8-bit value of each value of a component, looked up by its bits where they lie. */
function expansion({ bits }: Component): Uint8Array {
  return Uint8Array.from({ length: 1 << bits }, (_, value) => expandComponent(value, bits))
}

/**
 * One rect of a picture as red, green, blue: 3 bytes a pixel, rows without padding.
 *
 * @param pixels from the picture's first pixel on
 * @param palette 256 × 3 bytes, for an indexed format
 * @param part inside of the picture
 */
export function toRgb(pixels: Uint8Array, layout: PixelLayout, palette: Palette, part: Rect): Uint8Array {
  const { format, strideBytes } = layout
  const { bytesPerPixel } = format
  const convertRow = format.indexed ? indexedRow(palette) : trueColourRow(format)
  const rowWidth = width(part)
  const rgb = new Uint8Array(rowWidth * height(part) * 3)
  for (let y = part.y1, to = 0; y < part.y2; y++, to += rowWidth * 3) {
    const from = y * strideBytes + part.x1 * bytesPerPixel
    convertRow(pixels, from, rgb, to, rowWidth)
  }
  return rgb
}

type ConvertRow = (pixels: Uint8Array, from: number, rgb: Uint8Array, to: number, count: number) => void

function indexedRow(palette: Palette): ConvertRow {
  return (pixels, from, rgb, to, count) => {
    for (let i = 0; i < count; i++) {
      const colour = pixels[from + i]! * 3
      rgb[to++] = palette[colour]!
      rgb[to++] = palette[colour + 1]!
      rgb[to++] = palette[colour + 2]!
    }
  }
}

function trueColourRow({ bytesPerPixel, red, green, blue }: PixelFormat): ConvertRow {
  const [reds, greens, blues] = [expansion(red), expansion(green), expansion(blue)]
  const [redMask, greenMask, blueMask] = [reds.length - 1, greens.length - 1, blues.length - 1]
  return (pixels, from, rgb, to, count) => {
    for (let i = 0; i < count; i++) {
      let value = 0
      for (let byte = 0; byte < bytesPerPixel; byte++) value |= pixels[from++]! << (8 * byte)
      rgb[to++] = reds[(value >>> red.shift) & redMask]!
      rgb[to++] = greens[(value >>> green.shift) & greenMask]!
      rgb[to++] = blues[(value >>> blue.shift) & blueMask]!
    }
  }
}
