import { pixelFormats } from '../../pixels/format.js'
import { createTranslation } from '../../pixels/translation.js'
import type { CursorShape } from '../../surface/cursor.js'
import { convert } from '../../surface/pixel-kernels.js'
import type { ClientFormat } from '../pixel-format.js'
import { encodings } from '../protocol.js'

/** Alpha is where the format has nothing. */
const format = pixelFormats.xrgb8888
/** What is less opaque is not drawn where there is no more than yes and no. */
const leastOpaque = 128

/** RFC 6143, 7.8.1: pixels as the viewer wants them, then a bit for each that is drawn, rows at whole bytes. */
export function encodeCursor({ width, height, pixels }: CursorShape, { target }: ClientFormat): Uint8Array {
  const maskStride = Math.ceil(width / 8)
  const out = new Uint8Array(width * height * target.bytesPerPixel + maskStride * height)
  if (out.length === 0) return out
  const translation = createTranslation(format, target)
  const maskAt = convert(pixels, width * format.bytesPerPixel, 0, 0, width, height, translation, out)
  for (let i = 0; i < width * height; i++) {
    if (pixels[4 * i + 3]! < leastOpaque) continue
    const x = i % width
    out[maskAt + Math.floor(i / width) * maskStride + (x >> 3)]! |= 0x80 >> (x & 7)
  }
  return out
}

/**
 * The community's "Cursor With Alpha": an encoding, and in it red, green, blue, alpha, a byte each, the colours multiplied by
 * alpha, whatever the viewer's pixel format.
 */
export function encodeAlphaCursor({ pixels }: CursorShape): Uint8Array {
  const out = Buffer.alloc(4 + pixels.length)
  out.writeInt32BE(encodings.raw, 0)
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3]!
    for (let c = 0; c < 3; c++) out[4 + i + c] = Math.round((pixels[i + 2 - c]! * alpha) / 255)
    out[4 + i + 3] = alpha
  }
  return out
}
