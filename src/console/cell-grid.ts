/**
 * A screen of text as numbers: what each cell shows, and no more, so that two cells look alike where their words are equal.
 */

/** Words of a cell. */
export const cellWords = 3
/** The first: the glyph's number (see glyph-number.ts) with its style. */
export const glyphWord = 0
/** The others: 0xRRGGBB. */
export const foregroundWord = 1
export const backgroundWord = 2

/** The glyph word of a cell that shows its background and nothing else. Its foreground is 0. */
export const blankGlyph = 0x20

/** In no grid that was read: a cell that is unlike all others. */
const unknownGlyph = 0xffffffff

/** Rows of cells, with a number for each row by which it is found again when it has moved. */
export class CellGrid {
  readonly columns: number
  readonly rows: number
  readonly words: Uint32Array
  /** Of each row's text as it is without the cursor and the selection. Equal rows have equal ones. */
  readonly hashes: Uint32Array

  constructor(columns: number, rows: number) {
    this.columns = columns
    this.rows = rows
    this.words = new Uint32Array(columns * rows * cellWords)
    this.hashes = new Uint32Array(rows)
    this.forget()
  }

  /** Where a row's words begin; of row `rows` the end of all. */
  rowStart(row: number): number {
    return row * this.columns * cellWords
  }

  /** What the cells show is not known any more. */
  forget(): void {
    this.words.fill(unknownGlyph)
    this.hashes.fill(0)
  }

  /** Rows and their hashes, to where they may overlap. */
  copyRows(to: number, from: number, count: number): void {
    this.words.copyWithin(this.rowStart(to), this.rowStart(from), this.rowStart(from + count))
    this.hashes.copyWithin(to, from, from + count)
  }

  /** Takes over what another grid of the same size shows. */
  assign(other: CellGrid): void {
    this.words.set(other.words)
    this.hashes.set(other.hashes)
  }

  /** To be called when the row's words are as the program wrote them: nothing laid over. */
  hashRow(row: number): void {
    const end = this.rowStart(row + 1)
    // FNV-1a, by words.
    let hash = 0x811c9dc5
    for (let i = this.rowStart(row); i < end; i++) hash = Math.imul(hash ^ this.words[i]!, 0x01000193)
    this.hashes[row] = hash
  }
}
