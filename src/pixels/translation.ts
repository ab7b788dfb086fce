import { greyPalette, type Palette, type PixelFormat } from './format.js'
import { expandComponent } from './to-rgb.js'

/** A colour component of a target: `value × step`, value from 0 to `max`, is what it adds to a pixel. */
export interface TargetComponent {
  readonly max: number
  readonly step: number
}

/** What pixels are turned into: any true-colour layout, and colour cubes. */
export interface TargetFormat {
  /** 1, 2, 3 or 4. */
  readonly bytesPerPixel: number
  readonly bigEndian: boolean
  readonly red: TargetComponent
  readonly green: TargetComponent
  readonly blue: TargetComponent
}

/**
 * How a surface's pixel becomes a target's, as the native kernels take it (native/pixels/translation.h): the bytes of a
 * pixel on both sides, a mask where both have the same layout, the shifts and masks of red, green and blue in the
 * source, seven words of nothing, and for each of the three a table of 256: what its value adds to the target, in the
 * target's byte order.
 */
export type Translation = Uint32Array

export const translationWords = 16 + 3 * 256

const sourceBytesWord = 0
const targetBytesWord = 1
const sameLayoutWord = 2
const shiftWord = 3
const maskWord = 6
const tableWord = 16

/**
 * An 8-bit component as one from 0 to `max`, rounded to the nearest. With expandComponent() before it, a component that
 * has as many bits on both sides comes out as it was.
 */
export function scaleComponent(value: number, max: number): number {
  return Math.floor((value * max * 2 + 255) / 510)
}

function reverseBytes(value: number, bytes: number): number {
  let reversed = 0
  for (let i = 0; i < bytes; i++) reversed = reversed * 256 + ((value >>> (8 * i)) & 255)
  return reversed
}

/** A pixel of this colour (8 bits a component) as its bytes lie in memory, read as a little-endian number. */
export function targetPixel(target: TargetFormat, colour: readonly [number, number, number]): number {
  const { red, green, blue, bigEndian, bytesPerPixel } = target
  const value = [red, green, blue].reduce(
    (sum, { max, step }, i) => sum + scaleComponent(colour[i]!, max) * step,
    0,
  )
  return bigEndian ? reverseBytes(value, bytesPerPixel) : value
}

/** The bits that carry colour, if a pixel of the source is one of the target as it is; else 0. */
function sameLayoutMask(source: PixelFormat, target: TargetFormat): number {
  if (source.indexed || source.bytesPerPixel !== target.bytesPerPixel) return 0
  if (target.bigEndian && target.bytesPerPixel > 1) return 0
  let mask = 0
  for (const component of ['red', 'green', 'blue'] as const) {
    const { bits, shift } = source[component]
    const { max, step } = target[component]
    if (max !== 2 ** bits - 1 || step !== 2 ** shift) return 0
    mask += max * step
  }
  return mask
}

/** @param palette of an indexed source: 256 × 3 bytes */
export function createTranslation(
  source: PixelFormat,
  target: TargetFormat,
  palette: Palette = greyPalette(),
): Translation {
  const words = new Uint32Array(translationWords)
  words[sourceBytesWord] = source.bytesPerPixel
  words[targetBytesWord] = target.bytesPerPixel
  words[sameLayoutWord] = sameLayoutMask(source, target)
  if (source.indexed) {
    // One table does it all: the others have one value, which adds nothing.
    words[maskWord] = 255
    for (let index = 0; index < 256; index++) {
      const [red, green, blue] = palette.subarray(index * 3) as unknown as [number, number, number]
      words[tableWord + index] = targetPixel(target, [red, green, blue])
    }
    return words
  }
  for (const [i, name] of (['red', 'green', 'blue'] as const).entries()) {
    const { bits, shift } = source[name]
    words[shiftWord + i] = shift
    words[maskWord + i] = 2 ** bits - 1
    for (let value = 0; value < 2 ** bits; value++) {
      const colour: [number, number, number] = [0, 0, 0]
      colour[i] = expandComponent(value, bits)
      words[tableWord + i * 256 + value] = targetPixel(target, colour)
    }
  }
  return words
}

/**
 * The same, to pixels of 3 bytes where the target has 4 and the first or the last byte in memory is always 0: the CPIXEL
 * of ZRLE (RFC 6143, 7.7.5). Where both are, the last is left out. Returns the translation itself where neither is.
 */
export function withoutEmptyByte(translation: Translation, target: TargetFormat): Translation {
  if (target.bytesPerPixel !== 4) return translation
  const used = targetPixel(target, [255, 255, 255])
  const shift = used < 2 ** 24 ? 0 : used % 256 === 0 ? 8 : undefined
  if (shift === undefined) return translation
  const words = translation.slice()
  words[targetBytesWord] = 3
  // The tables say the same; only a mask that needs no shift stays as quick as it was.
  if (shift !== 0) words[sameLayoutWord] = 0
  for (let i = tableWord; i < translationWords; i++) words[i]! >>>= shift
  return words
}
