import sharp from 'sharp'
import { InvalidArgumentError } from '../errors.js'
import { area, containsRect, height, isEmpty, type Rect, rect, width } from '../geometry/rect.js'
import { createTranslation, type TargetFormat } from '../pixels/translation.js'
import { convert } from '../surface/pixel-kernels.js'
import type { Frame, Sink } from '../surface/sink.js'
import { writeFileWhole } from '../util/write-file-whole.js'

/** A picture: what a frame, a snapshot and a reply of the control socket have in common. */
export type Picture = Pick<Frame, 'mode' | 'pixels' | 'palette'>

export interface PngOptions {
  /** Only this part. Default: all of it. */
  part?: Rect
  /** zlib's, 0 to 9. Default: 6. */
  compressionLevel?: number
}

/** What sharp takes, and PNG stores: red, green, blue, a byte each. */
const rgb: TargetFormat = {
  bytesPerPixel: 3,
  bigEndian: false,
  red: { max: 255, step: 1 },
  green: { max: 255, step: 2 ** 8 },
  blue: { max: 255, step: 2 ** 16 },
}

/**
 * Encodes a picture as a truecolour PNG, 8 bits a component (ISO/IEC 15948). The pixels are read before it returns
 * its promise.
 * @throws InvalidArgumentError when `part` is empty or reaches beyond the picture
 */
export async function encodePng(picture: Picture, options: PngOptions = {}): Promise<Buffer> {
  const { mode, pixels, palette } = picture
  const bounds = rect(0, 0, mode.width, mode.height)
  const { part = bounds, compressionLevel = 6 } = options
  if (isEmpty(part) || !containsRect(bounds, part)) {
    throw new InvalidArgumentError(
      `rect: expected a part of the ${mode.width}x${mode.height} pixels, ` +
        `received ${width(part)}x${height(part)} at ${part.x1},${part.y1}`,
    )
  }
  const data = new Uint8Array(area(part) * rgb.bytesPerPixel)
  const raw = { width: width(part), height: height(part), channels: 3 as const }
  const translation = createTranslation(mode.format, rgb, palette)
  convert(pixels, mode.strideBytes, part.x1, part.y1, raw.width, raw.height, translation, data)
  return sharp(data, { raw, limitInputPixels: false }).png({ compressionLevel, palette: false }).toBuffer()
}

/**
 * Writes a PNG file, whole or not at all.
 * @throws InvalidArgumentError when `options.part` is empty or reaches beyond the picture
 * @throws OutputError when the file cannot be written
 */
export async function writePng(file: string, picture: Picture, options?: PngOptions): Promise<void> {
  await writeFileWhole(file, await encodePng(picture, options))
}

/** Takes each new PNG. A rejection counts as a failed present: the picture is offered again with the next frame. */
export type TakePng = (png: Buffer, frame: Frame) => void | Promise<void>

/**
 * Keeps a PNG current: a file, replaced with each frame that changed something, or a function that is handed each. While
 * one is being encoded the next frames gather, so that the newest picture is always the one after this.
 */
export class PngSink implements Sink {
  readonly name = 'png'
  readonly #take: TakePng
  readonly #options: PngOptions
  #lastError: unknown

  /** @param target a file's path, or what takes each PNG */
  constructor(target: string | TakePng, options: PngOptions = {}) {
    this.#take = typeof target === 'string' ? (png) => writeFileWhole(target, png) : target
    this.#options = options
  }

  /** Why the newest present failed; undefined once one succeeds. */
  get lastError(): unknown {
    return this.#lastError
  }

  async present(frame: Frame): Promise<void> {
    await this.#take(await encodePng(frame, this.#options), frame)
    this.#lastError = undefined
  }

  presentFailed(error: unknown): void {
    this.#lastError = error
  }
}
