/** ZRLE's tiles (RFC 6143, 7.7.6), read the plain way. */
export interface TileTarget {
  readonly width: number
  readonly height: number
  set(x: number, y: number, pixel: number): void
}

/** Which bytes of a pixel a CPIXEL has: how many, and how many bytes of a pixel in memory precede them. */
export interface CpixelForm {
  readonly bytes: number
  readonly skipped: number
}

class Bytes {
  readonly #bytes: Uint8Array
  readonly #form: CpixelForm
  #at = 0

  constructor(bytes: Uint8Array, form: CpixelForm) {
    this.#bytes = bytes
    this.#form = form
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    if (this.left < 1) throw new Error('the tiles end too early')
    return this.#bytes[this.#at++]!
  }

  pixel(): number {
    let value = 0
    for (let i = 0; i < this.#form.bytes; i++) value += this.u8() * 256 ** (i + this.#form.skipped)
    return value
  }

  runLength(): number {
    let length = 1
    for (let byte = 255; byte === 255; ) {
      byte = this.u8()
      length += byte
    }
    return length
  }
}

function decodeTile(bytes: Bytes, width: number, height: number): number[] {
  const subencoding = bytes.u8()
  const count = width * height
  const pixels: number[] = []
  const palette = (size: number) => Array.from({ length: size }, () => bytes.pixel())
  const push = (pixel: number | undefined, times: number) => {
    if (pixel === undefined || pixels.length + times > count) throw new Error('a tile is not what it says')
    for (let left = times; left > 0; left--) pixels.push(pixel)
  }
  if (subencoding === 0) {
    for (let i = 0; i < count; i++) push(bytes.pixel(), 1)
  } else if (subencoding === 1) {
    push(bytes.pixel(), count)
  } else if (subencoding <= 16) {
    const colours = palette(subencoding)
    const bits = subencoding === 2 ? 1 : subencoding <= 4 ? 2 : 4
    for (let y = 0; y < height; y++) {
      for (let x = 0, byte = 0; x < width; x++) {
        const bit = (x * bits) % 8
        if (bit === 0) byte = bytes.u8()
        push(colours[(byte >> (8 - bits - bit)) & (2 ** bits - 1)], 1)
      }
    }
  } else if (subencoding === 128) {
    while (pixels.length < count) push(bytes.pixel(), bytes.runLength())
  } else if (subencoding >= 130) {
    const colours = palette(subencoding - 128)
    while (pixels.length < count) {
      const index = bytes.u8()
      push(colours[index & 127], index & 128 ? bytes.runLength() : 1)
    }
  } else {
    throw new Error(`subencoding ${subencoding} does not exist`)
  }
  return pixels
}

/** @throws Error unless the bytes are the rect's tiles, no more and no less */
export function decodeZrle(data: Uint8Array, form: CpixelForm, target: TileTarget): void {
  const bytes = new Bytes(data, form)
  for (let top = 0; top < target.height; top += 64) {
    for (let left = 0; left < target.width; left += 64) {
      const [width, height] = [Math.min(64, target.width - left), Math.min(64, target.height - top)]
      decodeTile(bytes, width, height).forEach((pixel, i) => {
        target.set(left + (i % width), top + Math.floor(i / width), pixel)
      })
    }
  }
  if (bytes.left !== 0) throw new Error(`${bytes.left} bytes are left behind the tiles`)
}
