/**
 * A font of 16 rows as a file: made by tools/gen-console-font.ts, and read whole, for it needs no parsing.
 *
 *     u32 count of narrow glyphs, u32 count of wide ones
 *     u32 code point of each narrow glyph, ascending, then of each wide one
 *     16 bytes for each narrow glyph, then 32 for each wide one
 *
 * Numbers are little-endian. A row of a glyph is one byte or two, its leftmost pixel the highest bit of the first.
 */

export const glyphRows = 16

/** The columns of a narrow glyph; a wide one has twice as many. */
export const glyphColumns = 8

const narrowBytes = glyphRows
const wideBytes = glyphRows * 2

/** @param glyphs of each code point 16 or 32 bytes */
export function encodeGlyphFile(glyphs: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const sorted = [...glyphs].sort(([a], [b]) => a - b)
  const narrow = sorted.filter(([, rows]) => rows.length === narrowBytes)
  const wide = sorted.filter(([, rows]) => rows.length === wideBytes)
  const codes = [...narrow, ...wide].map(([code]) => code)
  const numbers = Buffer.alloc((2 + codes.length) * 4)
  for (const [i, number] of [narrow.length, wide.length, ...codes].entries()) {
    numbers.writeUInt32LE(number, i * 4)
  }
  return Buffer.concat([numbers, ...narrow.map(([, rows]) => rows), ...wide.map(([, rows]) => rows)])
}

/** @returns the index of a number in an ascending list, or -1 */
function indexOf(list: Uint32Array, wanted: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]! < wanted) low = middle + 1
    else high = middle
  }
  return list[low] === wanted ? low : -1
}

export class GlyphFile {
  readonly #narrow: Uint32Array
  readonly #wide: Uint32Array
  readonly #narrowRows: Uint8Array
  readonly #wideRows: Uint8Array

  /** @param bytes all of the file */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const [narrow, wide] = [view.getUint32(0, true), view.getUint32(4, true)]
    const codes = Uint32Array.from({ length: narrow + wide }, (_, i) => view.getUint32(8 + i * 4, true))
    this.#narrow = codes.subarray(0, narrow)
    this.#wide = codes.subarray(narrow)
    const rows = bytes.subarray(8 + codes.length * 4)
    this.#narrowRows = rows.subarray(0, narrow * narrowBytes)
    this.#wideRows = rows.subarray(narrow * narrowBytes)
  }

  /** @returns 16 bytes of a narrow glyph, 32 of a wide one; undefined where the font has none */
  rows(code: number): Uint8Array | undefined {
    const narrow = indexOf(this.#narrow, code)
    if (narrow >= 0) return this.#narrowRows.subarray(narrow * narrowBytes, (narrow + 1) * narrowBytes)
    const wide = indexOf(this.#wide, code)
    if (wide >= 0) return this.#wideRows.subarray(wide * wideBytes, (wide + 1) * wideBytes)
    return undefined
  }
}
