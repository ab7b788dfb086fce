import { pixelValue } from '../draw/pixel-value.js'
import type { PixelFormat } from '../pixels/format.js'
import { standardPalette } from './terminal-colours.js'

/** Most colours that are kept. */
const maxKept = 4096

function distance(a: number, b: number): number {
  const parts = [16, 8, 0].map((shift) => ((a >>> shift) & 255) - ((b >>> shift) & 255))
  return parts.reduce((sum, part) => sum + part * part, 0)
}

/** An indexed screen's palette is the terminal's own 256 colours: the nearest of them. */
function nearest(rgb: number): number {
  let best = 0
  for (let i = 1; i < standardPalette.length; i++) {
    if (distance(rgb, standardPalette[i]!) < distance(rgb, standardPalette[best]!)) best = i
  }
  return best
}

/** Colours as a screen's pixels. */
export class PixelColours {
  readonly #format: PixelFormat
  readonly #pixels = new Map<number, number>()

  constructor(format: PixelFormat) {
    this.#format = format
  }

  /** @param rgb 0xRRGGBB */
  pixel(rgb: number): number {
    const known = this.#pixels.get(rgb)
    if (known !== undefined) return known
    if (this.#pixels.size === maxKept) this.#pixels.clear()
    const made = this.#format.indexed
      ? nearest(rgb)
      : pixelValue(this.#format, rgb >>> 16, (rgb >>> 8) & 255, rgb & 255)
    this.#pixels.set(rgb, made)
    return made
  }
}
