import { Font } from './font/font.js'
import { glyphRows } from './font/glyph-file.js'
import { codeOf, halfOf, halves, type Sequences, styles } from './glyph-number.js'

/** Most shapes that are kept; a screen of CJK text has some thousands. */
const maxShapes = 8192

/** Where lines are drawn, from the cell's top. */
const overlineRow = 0
const strikethroughRow = 8
const underlineRow = 14
const cursorRows = [14, 15]
/** The two columns on the left. */
const cursorBarBits = 0xc0

/** Characters that change how others are drawn, and have no shape of their own: joiners and variation selectors. */
function isInvisible(code: number): boolean {
  return (code >= 0x200b && code <= 0x200f) || (code >= 0xfe00 && code <= 0xfe0f) || code >= 0xe0000
}

/** 16 columns as 8: two of them become one. What a terminal gives one cell, and the font two. */
function squeeze(wide: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: glyphRows }, (_, row) => {
    const bits = (wide[row * 2]! << 8) | wide[row * 2 + 1]!
    let squeezed = 0
    for (let column = 0; column < 8; column++) {
      squeezed = (squeezed << 1) | (((bits >> (14 - column * 2)) & 3) === 0 ? 0 : 1)
    }
    return squeezed
  })
}

/** Upper rows lean to the right, lower ones to the left. */
function slant(rows: Uint8Array): Uint8Array {
  return rows.map((bits, row) => (row < 6 ? bits >> 1 : row < 12 ? bits : bits << 1))
}

/** The shapes of cells: 8 columns and 16 rows, a byte a row. */
export class Glyphs {
  readonly #font = new Font()
  readonly #sequences: Sequences
  readonly #shapes = new Map<number, Uint8Array>()

  constructor(sequences: Sequences) {
    this.#sequences = sequences
  }

  /** @param glyph a cell's glyph word. @returns 16 bytes, not to be changed */
  shape(glyph: number): Uint8Array {
    const known = this.#shapes.get(glyph)
    if (known) return known
    if (this.#shapes.size === maxShapes) this.#shapes.clear()
    const made = this.#make(glyph)
    this.#shapes.set(glyph, made)
    return made
  }

  #make(glyph: number): Uint8Array {
    const half = halfOf(glyph)
    const rows = new Uint8Array(glyphRows)
    for (const [i, code] of this.#sequences.codePoints(codeOf(glyph)).entries()) {
      // Unifont's marks are drawn where they lie on the character before them.
      if (i > 0 && isInvisible(code)) continue
      const part = this.#part(code, half, (glyph & styles.bold) !== 0)
      for (let row = 0; row < glyphRows; row++) rows[row]! |= part[row]!
    }
    const shape = (glyph & styles.italic) === 0 ? rows : slant(rows)
    if (glyph & styles.overline) shape[overlineRow] = 0xff
    if (glyph & styles.strikethrough) shape[strikethroughRow] = 0xff
    if (glyph & styles.underline) shape[underlineRow] = 0xff
    if (glyph & styles.cursorUnderline) for (const row of cursorRows) shape[row] = 0xff
    if (glyph & styles.cursorBar) for (let row = 0; row < glyphRows; row++) shape[row]! |= cursorBarBits
    return shape
  }

  /** One code point's part of a cell. */
  #part(code: number, half: number, wantsBold: boolean): Uint8Array {
    const { rows, bold } = this.#font.glyph(code, wantsBold)
    const isWide = rows.length > glyphRows
    let part = rows
    if (half === halves.whole && isWide) part = squeeze(rows)
    else if (half !== halves.whole && isWide) part = rows.filter((_, i) => i % 2 === half - halves.left)
    // A narrow shape for two cells stands in the first one.
    else if (half === halves.right) part = new Uint8Array(glyphRows)
    return wantsBold && !bold ? part.map((bits) => bits | (bits >> 1)) : part
  }
}
