/**
 * Pixel formats of a surface. Names follow DRM's (drm_fourcc.h): components from the most significant bit down, of one
 * little-endian value a pixel. `x` bits carry nothing.
 */

/** Where one colour component lies in a pixel's value: `bits` wide, its lowest bit at `shift`. */
export interface Component {
  readonly shift: number
  readonly bits: number
}

export interface PixelFormat {
  readonly name: PixelFormatName
  /** Memory a pixel takes: 1, 2, 3 or 4. */
  readonly bytesPerPixel: number
  /** Bits that carry colour: fbdev's "depth" (linux/fb.h), RFB's depth (RFC 6143, 7.4). */
  readonly depth: number
  /** True: a pixel is an index into the surface's palette, and the components say nothing. */
  readonly indexed: boolean
  readonly red: Component
  readonly green: Component
  readonly blue: Component
}

const none: Component = { shift: 0, bits: 8 }

function trueColour<N extends string>(
  name: N,
  bytesPerPixel: number,
  depth: number,
  red: [number, number],
  green: [number, number],
  blue: [number, number],
) {
  const component = ([shift, bits]: [number, number]): Component => ({ shift, bits })
  return {
    name,
    bytesPerPixel,
    depth,
    indexed: false,
    red: component(red),
    green: component(green),
    blue: component(blue),
  }
}

/** One line a format; everything else derives from it. */
export const pixelFormats = {
  xrgb8888: trueColour('xrgb8888', 4, 24, [16, 8], [8, 8], [0, 8]),
  xbgr8888: trueColour('xbgr8888', 4, 24, [0, 8], [8, 8], [16, 8]),
  rgbx8888: trueColour('rgbx8888', 4, 24, [24, 8], [16, 8], [8, 8]),
  bgrx8888: trueColour('bgrx8888', 4, 24, [8, 8], [16, 8], [24, 8]),
  rgb888: trueColour('rgb888', 3, 24, [16, 8], [8, 8], [0, 8]),
  bgr888: trueColour('bgr888', 3, 24, [0, 8], [8, 8], [16, 8]),
  rgb565: trueColour('rgb565', 2, 16, [11, 5], [5, 6], [0, 5]),
  bgr565: trueColour('bgr565', 2, 16, [0, 5], [5, 6], [11, 5]),
  xrgb1555: trueColour('xrgb1555', 2, 15, [10, 5], [5, 5], [0, 5]),
  rgb332: trueColour('rgb332', 1, 8, [5, 3], [2, 3], [0, 2]),
  c8: { name: 'c8', bytesPerPixel: 1, depth: 8, indexed: true, red: none, green: none, blue: none },
} as const

export type PixelFormatName = keyof typeof pixelFormats

export const pixelFormatNames = Object.keys(pixelFormats) as PixelFormatName[]

export function isPixelFormatName(name: string): name is PixelFormatName {
  return Object.hasOwn(pixelFormats, name)
}

/** 256 colours of an indexed surface, 3 bytes each: red, green, blue. */
export type Palette = Uint8Array

export const paletteBytes = 768

/** What an indexed surface starts with. */
export function greyPalette(): Palette {
  return Uint8Array.from({ length: paletteBytes }, (_, i) => Math.floor(i / 3))
}
