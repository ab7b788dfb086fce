import { area, height, type Rect, width } from '../../geometry/rect.js'
import { convert } from '../../surface/pixel-kernels.js'
import type { ClientFormat } from '../pixel-format.js'
import { encodings } from '../protocol.js'
import type { Encoder, Encoding, Picture } from './encoding.js'
import { TranslationMemo } from './translation-memo.js'

/** RFC 6143, 7.7.1. */
class RawEncoder implements Encoder {
  readonly #translations = new TranslationMemo()

  encode(picture: Picture, part: Rect, { target }: ClientFormat): Uint8Array {
    const { pixels, mode } = picture
    const out = Buffer.allocUnsafe(area(part) * target.bytesPerPixel)
    const translation = this.#translations.of(picture, target)
    const { x1, y1 } = part
    const written = convert(pixels, mode.strideBytes, x1, y1, width(part), height(part), translation, out)
    return out.subarray(0, written)
  }

  close(): void {}
}

export const raw: Encoding = {
  id: encodings.raw,
  name: 'raw',
  createEncoder: () => new RawEncoder(),
}
