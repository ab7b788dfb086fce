import { isEmpty, type Rect, rect } from '../geometry/rect.js'
import { pixelFormats } from '../pixels/format.js'
import type { Picture } from './encodings/encoding.js'

interface Size {
  readonly width: number
  readonly height: number
}

/** What a viewer shows beyond the surface: to its right, and below it. */
export function padding(viewer: Size, surface: Size): Rect[] {
  const shownHeight = Math.min(viewer.height, surface.height)
  return [
    rect(surface.width, 0, viewer.width, shownHeight),
    rect(0, surface.height, viewer.width, viewer.height),
  ].filter((strip) => !isEmpty(strip))
}

/** Nothing but black, as large as the viewer: one row, shown again and again. */
export function blackPicture({ width, height }: Size): Picture {
  const format = pixelFormats.xrgb8888
  return {
    pixels: new Uint8Array(width * format.bytesPerPixel),
    palette: new Uint8Array(0),
    mode: { width, height, format, strideBytes: 0, offsetBytes: 0 },
  }
}
