import { capture } from './child.js'
import type { Picture } from './pictures.js'

/** Byte offsets in an X window dump's header: big-endian words, see XWDFile.h of Xlib. */
const header = {
  headerBytes: 0,
  version: 4,
  pixmapFormat: 8,
  width: 16,
  height: 20,
  byteOrder: 28,
  bitsPerPixel: 44,
  bytesPerLine: 48,
  redMask: 56,
  greenMask: 60,
  blueMask: 64,
  colours: 76,
} as const

const zPixmap = 2
const colourBytes = 12

/** A window's picture, from X itself; without a cursor. @param window its id; default: the root window */
export async function xwd(display: string, window?: string): Promise<Picture> {
  const what = window ? ['-id', window] : ['-root']
  return parseXwd(await capture('xwd', ['-silent', '-display', display, ...what]))
}

/** Reads a dump of a true-colour visual with 32 bits a pixel, as any X server's with depth 24. */
export function parseXwd(dump: Buffer): Picture {
  const field = (name: keyof typeof header) => dump.readUInt32BE(header[name])
  const masks = [field('redMask'), field('greenMask'), field('blueMask')]
  const isExpected =
    field('version') === 7 && field('pixmapFormat') === zPixmap && field('bitsPerPixel') === 32
  if (!isExpected || masks.join() !== [0xff0000, 0xff00, 0xff].join() || field('byteOrder') !== 0) {
    throw new Error('expected an XWD of 32 bits a pixel, little-endian xrgb8888')
  }
  const [width, height, bytesPerLine] = [field('width'), field('height'), field('bytesPerLine')]
  const start = field('headerBytes') + field('colours') * colourBytes
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = start + y * bytesPerLine; x < width; x++, from += 4, to += 3) {
      rgb[to] = dump[from + 2]!
      rgb[to + 1] = dump[from + 1]!
      rgb[to + 2] = dump[from]!
    }
  }
  return { width, height, rgb }
}
