import sharp from 'sharp'

/** A picture without padding: 3 bytes a pixel, red, green, blue. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

/** @param source a file, or the bytes of one: PNG, JPEG */
export async function readPicture(source: string | Buffer): Promise<Picture> {
  const { data, info } = await sharp(source).removeAlpha().toColourspace('srgb').raw().toBuffer({
    resolveWithObject: true,
  })
  if (info.channels !== 3) throw new Error(`expected 3 channels, received ${info.channels}`)
  return { width: info.width, height: info.height, rgb: data }
}

export async function writePng(file: string, { width, height, rgb }: Picture): Promise<void> {
  await sharp(rgb, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toFile(file)
}

type Painter = (x: number, y: number) => readonly [red: number, green: number, blue: number]

/** Different in each component and direction, so that a swap of colours or axes shows. */
function gradient(width: number, height: number): Painter {
  return (x, y) => [(x * 255) / (width - 1), (y * 255) / (height - 1), ((x + y) * 127) / (width + height)]
}

const checkerboard: Painter = (x, y) => ((x + y) % 2 === 0 ? [255, 255, 255] : [0, 0, 0])

/** As hard to compress as a photograph of gravel. Always the same: Numerical Recipes' linear congruential generator. */
function noise(): Painter {
  let state = 1
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return [state >>> 24, (state >>> 16) & 255, (state >>> 8) & 255]
  }
}

async function text(width: number, height: number): Promise<Painter> {
  const lines = Array.from({ length: 40 }, (_, i) => {
    const words = `${i}: the quick brown fox jumps over the lazy dog; (0xdeadbeef) ~= "umfb"`
    return `<text x="4" y="${i * 15 + 12}" font-family="monospace" font-size="11">${words.replace(/"/g, '&quot;')}</text>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="#f4f0e8"/><g fill="#203040">${lines.join('')}</g></svg>`
  const { rgb } = await readPicture(Buffer.from(svg))
  return (x, y) => [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)] as [number, number, number]
}

/**
 * A picture in which every kind of mistake shows: in its quarters a gradient, text, noise and a checkerboard of single
 * pixels.
 */
export async function testPicture(width: number, height: number): Promise<Picture> {
  const [halfWidth, halfHeight] = [width >> 1, height >> 1]
  const quarters = [
    [gradient(halfWidth, halfHeight), await text(width - halfWidth, halfHeight)],
    [noise(), checkerboard],
  ] as const
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [right, below] = [Number(x >= halfWidth), Number(y >= halfHeight)]
      rgb.set(quarters[below]![right]!(x - right * halfWidth, y - below * halfHeight), (y * width + x) * 3)
    }
  }
  return { width, height, rgb }
}

/** A picture's pixels as a framebuffer of 32 bits a pixel has them: blue, green, red, nothing. */
export function asXrgb8888({ width, height, rgb }: Picture): Uint8Array {
  const bytes = new Uint8Array(width * height * 4)
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    bytes[to] = rgb[from + 2]!
    bytes[to + 1] = rgb[from + 1]!
    bytes[to + 2] = rgb[from]!
  }
  return bytes
}

/**
 * A picture's pixels with 5, 6 and 5 bits, little-endian, and the picture that they are: the components' bits repeated
 * from the top.
 */
export function asRgb565({ width, height, rgb }: Picture): { bytes: Uint8Array; shown: Picture } {
  const bytes = new Uint8Array(width * height * 2)
  const shown = new Uint8Array(rgb.length)
  for (let i = 0; i < width * height; i++) {
    const [red, green, blue] = [rgb[3 * i]! >> 3, rgb[3 * i + 1]! >> 2, rgb[3 * i + 2]! >> 3]
    const value = (red << 11) | (green << 5) | blue
    bytes[2 * i] = value & 255
    bytes[2 * i + 1] = value >> 8
    shown[3 * i] = (red << 3) | (red >> 2)
    shown[3 * i + 1] = (green << 2) | (green >> 4)
    shown[3 * i + 2] = (blue << 3) | (blue >> 2)
  }
  return { bytes, shown: { width, height, rgb: shown } }
}
