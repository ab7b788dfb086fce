import {
  type Palette,
  type PixelFormat,
  type PixelFormatName,
  pixelFormats,
} from '../../src/pixels/format.js'
import type { TargetFormat } from '../../src/pixels/translation.js'

function trueColour(
  bytesPerPixel: number,
  bigEndian: boolean,
  ...components: [number, number][]
): TargetFormat {
  const [red, green, blue] = components.map(([max, shift]) => ({ max, step: 2 ** shift }))
  return { bytesPerPixel, bigEndian, red: red!, green: green!, blue: blue! }
}

/** Layouts that viewers ask for, and odd ones that they may. */
export const targetFormats = {
  rgb888LittleEndian: trueColour(4, false, [255, 16], [255, 8], [255, 0]),
  rgb888BigEndian: trueColour(4, true, [255, 16], [255, 8], [255, 0]),
  bgr888LittleEndian: trueColour(4, false, [255, 0], [255, 8], [255, 16]),
  highLittleEndian: trueColour(4, false, [255, 24], [255, 16], [255, 8]),
  highBigEndian: trueColour(4, true, [255, 24], [255, 16], [255, 8]),
  deepColour: trueColour(4, false, [1023, 20], [1023, 10], [1023, 0]),
  rgb565LittleEndian: trueColour(2, false, [31, 11], [63, 5], [31, 0]),
  rgb565BigEndian: trueColour(2, true, [31, 11], [63, 5], [31, 0]),
  rgb555: trueColour(2, false, [31, 10], [31, 5], [31, 0]),
  bgr233: trueColour(1, false, [7, 0], [7, 3], [3, 6]),
  oddMaxima: trueColour(2, true, [5, 8], [6, 4], [2, 0]),
  /** Both ends of a pixel are empty. */
  middle: trueColour(4, false, [15, 16], [15, 12], [15, 8]),
  middleBigEndian: trueColour(4, true, [15, 16], [15, 12], [15, 8]),
} as const

export interface RandomPicture {
  readonly format: PixelFormat
  readonly width: number
  readonly height: number
  readonly strideBytes: number
  readonly pixels: Uint8Array
  readonly palette: Palette
}

/** Small, fast and repeatable (Marsaglia's xorshift32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** Runs of up to `runs` pixels in one of about `colours` colours: every form of tile comes up. Padding is junk. */
export function randomPicture(shape: {
  formatName: PixelFormatName
  width: number
  height: number
  padding?: number
  colours: number
  runs: number
  seed: number
}): RandomPicture {
  const { width, height, padding = 0, colours, runs, seed } = shape
  const format: PixelFormat = pixelFormats[shape.formatName]
  const random = randomNumbers(seed)
  const strideBytes = width * format.bytesPerPixel + padding
  const pixels = Uint8Array.from({ length: strideBytes * height }, () => random(256))
  const paints = Array.from({ length: colours }, () => [random(256), random(256), random(256), random(256)])
  let left = 0
  let paint = paints[0]!
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (left-- === 0) {
        left = random(runs)
        paint = paints[random(colours)]!
      }
      for (let byte = 0; byte < format.bytesPerPixel; byte++) {
        pixels[y * strideBytes + x * format.bytesPerPixel + byte] = paint[byte]!
      }
    }
  }
  const palette = Uint8Array.from({ length: 768 }, () => random(256))
  return { format, width, height, strideBytes, pixels, palette }
}
