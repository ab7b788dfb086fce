import type { DrawOp } from '../../src/draw/op.js'
import type { Mode } from '../../src/surface/mode.js'

/** A picture as an array of pixels' values, and every op in the plainest way: shares nothing with what is tested. */
export class PlainBlitter {
  readonly #width: number
  readonly #height: number
  readonly #bytesPerPixel: number
  readonly #strideBytes: number
  pixels: number[]

  /** @param bytes from the first visible pixel on */
  constructor({ width, height, strideBytes, format: { bytesPerPixel } }: Mode, bytes: Uint8Array) {
    this.#width = width
    this.#height = height
    this.#bytesPerPixel = bytesPerPixel
    this.#strideBytes = strideBytes
    this.pixels = this.read(bytes)
  }

  /** The visible pixels in memory. */
  read(bytes: Uint8Array): number[] {
    return Array.from({ length: this.#width * this.#height }, (_, i) => {
      const at = Math.floor(i / this.#width) * this.#strideBytes + (i % this.#width) * this.#bytesPerPixel
      return this.#value(bytes, at)
    })
  }

  draw(op: DrawOp): void {
    const before = [...this.pixels]
    const bits = this.#bytesPerPixel * 8
    for (let y = op.rect.y1; y < op.rect.y2; y++) {
      for (let x = op.rect.x1; x < op.rect.x2; x++) {
        if (!this.#isInside(x, y)) continue
        const drawn = this.#drawn(op, x, y, before)
        if (drawn !== undefined)
          this.pixels[y * this.#width + x] = Number(BigInt.asUintN(bits, BigInt(drawn)))
      }
    }
  }

  /** The pixel that the op puts there; undefined where it leaves what is there. */
  #drawn(op: DrawOp, x: number, y: number, before: readonly number[]): number | undefined {
    const fromX = x - op.rect.x1 + (('fromX' in op && op.fromX) || 0)
    const fromY = y - op.rect.y1 + (('fromY' in op && op.fromY) || 0)
    switch (op.op) {
      case 'fill':
        return op.rop === 'xor' ? Number(BigInt(before[y * this.#width + x]!) ^ BigInt(op.colour)) : op.colour
      case 'copy':
        return this.#isInside(fromX, fromY) ? before[fromY * this.#width + fromX] : undefined
      case 'blit': {
        const { image } = op
        const imageWidth = op.rect.x2 - op.rect.x1 + (op.fromX ?? 0)
        if ('pixels' in image) {
          const stride = image.strideBytes ?? imageWidth * this.#bytesPerPixel
          return this.#value(image.pixels, fromY * stride + fromX * this.#bytesPerPixel)
        }
        const stride = image.strideBytes ?? Math.ceil(imageWidth / 8)
        const byte = image.bits[fromY * stride + Math.floor(fromX / 8)]!
        return byte.toString(2).padStart(8, '0')[fromX % 8] === '1' ? image.foreground : image.background
      }
    }
  }

  #isInside(x: number, y: number): boolean {
    return x >= 0 && y >= 0 && x < this.#width && y < this.#height
  }

  #value(bytes: Uint8Array, at: number): number {
    let value = 0
    for (let byte = this.#bytesPerPixel; byte-- > 0; ) value = value * 256 + bytes[at + byte]!
    return value
  }
}
