import {
  type Component,
  type PixelFormat,
  type PixelFormatName,
  pixelFormatNames,
  pixelFormats,
} from '../pixels/format.js'
import { type Mode, type ModeOptions, maxSide } from '../surface/mode.js'
import type { ValuesOf } from '../util/record.js'
import type { screen } from './wire.js'

/** A mode in fbdev's terms, as it is on the wire. */
export type Screen = ValuesOf<typeof screen.fields>

/** Drawing code that assumes 8×8 pixels at least (fb_set_var in drivers/video/fbdev/core/fbmem.c). */
const minSide = 8

/** What a driver gives for a number of bits when the components name no format. */
const defaultFormats: { readonly [bits: number]: PixelFormatName } = {
  8: 'c8',
  15: 'xrgb1555',
  16: 'rgb565',
  24: 'rgb888',
  32: 'xrgb8888',
}

/** Two screens in the deepest format: what programs expect that set another depth, or draw on one screen and show the other. */
const screens = 2
const deepestPixelBytes = 4
/** Programs map it whole. */
const pageBytes = 4096

/** Memory of a frame buffer for programs that know of no other. */
export function frameBufferBytes({
  width,
  height,
}: {
  readonly width: number
  readonly height: number
}): number {
  return screens * width * height * deepestPixelBytes
}

/**
 * How much of device memory is a frame buffer's (smem_len of struct fb_fix_screeninfo): not all, which leaves room for the
 * largest mode, and which programs would map, read and fill for nothing.
 */
export function memoryBytesFor(mode: Mode, virtualHeight: number, capacityBytes: number): number {
  const most = Math.max(frameBufferBytes(mode), mode.strideBytes * virtualHeight)
  return Math.min(Math.ceil(most / pageBytes) * pageBytes, capacityBytes)
}

/**
 * @param virtualHeight rows of device memory, of which the mode shows some
 * @param memoryBytes as memoryBytesFor() has it
 */
export function toScreen(mode: Mode, virtualHeight: number, memoryBytes: number): Screen {
  const { format, strideBytes, offsetBytes } = mode
  const { bytesPerPixel, red, green, blue } = format
  return {
    width: mode.width,
    height: mode.height,
    virtualWidth: Math.floor(strideBytes / bytesPerPixel),
    virtualHeight,
    xOffset: Math.floor((offsetBytes % strideBytes) / bytesPerPixel),
    yOffset: Math.floor(offsetBytes / strideBytes),
    bitsPerPixel: bytesPerPixel * 8,
    strideBytes,
    redShift: red.shift,
    redBits: red.bits,
    greenShift: green.shift,
    greenBits: green.bits,
    blueShift: blue.shift,
    blueBits: blue.bits,
    indexed: format.indexed ? 1 : 0,
    memoryBytes,
  }
}

function hasComponents(format: PixelFormat, wanted: Screen): boolean {
  const is = (component: Component, shift: number, bits: number) =>
    component.shift === shift && component.bits === bits
  return (
    is(format.red, wanted.redShift, wanted.redBits) &&
    is(format.green, wanted.greenShift, wanted.greenBits) &&
    is(format.blue, wanted.blueShift, wanted.blueBits)
  )
}

/** As drivers do it: the components if they name a format, else the one that there is, else the usual one. */
function chooseFormat(wanted: Screen, current: PixelFormat): PixelFormat | undefined {
  const bytesPerPixel = Math.ceil(wanted.bitsPerPixel / 8)
  const named = pixelFormatNames
    .map((name) => pixelFormats[name])
    .find((format) => format.bytesPerPixel === bytesPerPixel && hasComponents(format, wanted))
  if (named) return named
  if (wanted.bitsPerPixel === current.bytesPerPixel * 8) return current
  const usual = defaultFormats[wanted.bitsPerPixel]
  return usual && pixelFormats[usual]
}

/** A mode and the rows of memory that belong to it. */
export interface FittedScreen {
  readonly mode: ModeOptions
  readonly virtualHeight: number
}

/** What of a guest's wish can be had; undefined: nothing (EINVAL). Every value of `wanted` may be anything. */
export function fitScreen(
  wanted: Screen,
  current: PixelFormat,
  capacityBytes: number,
): FittedScreen | undefined {
  const { width, height, xOffset, yOffset } = wanted
  const format = chooseFormat(wanted, current)
  if (!format || width < minSide || height < minSide || width > maxSide || height > maxSide) return undefined
  const virtualWidth = Math.max(wanted.virtualWidth, xOffset + width)
  const virtualHeight = Math.max(wanted.virtualHeight, yOffset + height)
  const strideBytes = virtualWidth * format.bytesPerPixel
  // Values have 32 bits each: products are exact, or far beyond any capacity.
  if (virtualWidth > maxSide || strideBytes * virtualHeight > capacityBytes) return undefined
  const offsetBytes = yOffset * strideBytes + xOffset * format.bytesPerPixel
  return { mode: { width, height, strideBytes, offsetBytes, format: format.name }, virtualHeight }
}
