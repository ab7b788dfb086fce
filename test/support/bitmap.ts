import type { Rect } from '../../src/geometry/rect.js'

/** A set of pixels said in the plainest way, for tests to compare cleverer ones with. */
export class Bitmap {
  readonly width: number
  readonly height: number
  readonly bits: Uint8Array

  constructor(width: number, height: number, bits = new Uint8Array(width * height)) {
    this.width = width
    this.height = height
    this.bits = bits
  }

  /** From rows of text: '#' is in the set. */
  static parse(...rows: string[]): Bitmap {
    const bitmap = new Bitmap(rows[0]!.length, rows.length)
    rows.forEach((row, y) => {
      for (let x = 0; x < row.length; x++) bitmap.set(x, y, row[x] === '#')
    })
    return bitmap
  }

  /** The pixels of rects, which may overlap; what lies outside is left out. */
  static ofRects(width: number, height: number, rects: Iterable<Rect>): Bitmap {
    const bitmap = new Bitmap(width, height)
    for (const r of rects) bitmap.fill(r)
    return bitmap
  }

  get(x: number, y: number): boolean {
    return x >= 0 && y >= 0 && x < this.width && y < this.height && this.bits[y * this.width + x] === 1
  }

  set(x: number, y: number, value = true): void {
    if (x >= 0 && y >= 0 && x < this.width && y < this.height) this.bits[y * this.width + x] = value ? 1 : 0
  }

  fill(r: Rect, value = true): void {
    for (let y = r.y1; y < r.y2; y++) for (let x = r.x1; x < r.x2; x++) this.set(x, y, value)
  }

  get area(): number {
    return this.bits.reduce((sum, bit) => sum + bit, 0)
  }

  /** True when a pixel of the rect is set. */
  meets(r: Rect): boolean {
    for (let y = r.y1; y < r.y2; y++) for (let x = r.x1; x < r.x2; x++) if (this.get(x, y)) return true
    return false
  }

  covers(other: Bitmap): boolean {
    return other.bits.every((bit, i) => bit <= this.bits[i]!)
  }

  toString(): string {
    let text = ''
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) text += this.get(x, y) ? '#' : '.'
      text += '\n'
    }
    return text
  }
}
