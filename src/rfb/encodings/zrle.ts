import { area, height, type Rect, width } from '../../geometry/rect.js'
import { createTranslation, withoutEmptyByte } from '../../pixels/translation.js'
import { encodeZrle } from '../../surface/pixel-kernels.js'
import type { ClientFormat } from '../pixel-format.js'
import { encodings } from '../protocol.js'
import { Deflate } from './deflate.js'
import type { Encoder, Encoding, Picture } from './encoding.js'
import { TranslationMemo } from './translation-memo.js'

const tileSide = 64
/** A CPIXEL is shorter than a pixel only up to this depth (RFC 6143, 7.7.5). */
const maxPackedDepth = 24

/** RFC 6143, 7.7.6: tiles from the native kernel, in one deflate stream for all of the connection. */
class ZrleEncoder implements Encoder {
  readonly #deflate = new Deflate()
  readonly #pixels = new TranslationMemo()
  readonly #packedPixels = new TranslationMemo((source, target, palette) =>
    withoutEmptyByte(createTranslation(source, target, palette), target),
  )

  async encode(picture: Picture, part: Rect, format: ClientFormat): Promise<Uint8Array> {
    const deflated = await this.#deflate.write(this.#encodeTiles(picture, part, format))
    const length = Buffer.alloc(4)
    length.writeUInt32BE(deflated.length)
    return Buffer.concat([length, deflated])
  }

  close(): void {
    this.#deflate.close()
  }

  #encodeTiles(picture: Picture, part: Rect, { target, depth }: ClientFormat): Uint8Array {
    const { pixels, mode } = picture
    const translations = depth <= maxPackedDepth ? this.#packedPixels : this.#pixels
    const translation = translations.of(picture, target)
    const tiles = Math.ceil(width(part) / tileSide) * Math.ceil(height(part) / tileSide)
    const out = Buffer.allocUnsafe(area(part) * target.bytesPerPixel + tiles)
    const { x1, y1 } = part
    const written = encodeZrle(pixels, mode.strideBytes, x1, y1, width(part), height(part), translation, out)
    return out.subarray(0, written)
  }
}

export const zrle: Encoding = {
  id: encodings.zrle,
  name: 'zrle',
  createEncoder: () => new ZrleEncoder(),
}
