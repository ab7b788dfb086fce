import {
  backgroundWord,
  blankGlyph,
  type CellGrid,
  cellWords,
  foregroundWord,
  glyphWord,
} from './cell-grid.js'
import { halfOf, halves, styles } from './glyph-number.js'

/** Blinking or not, as DECSCUSR names them. */
export type CursorShape = 'block' | 'underline' | 'bar'

/** Cells of a row: from `start` to `end`, half-open. */
export interface RowPart {
  readonly row: number
  readonly start: number
  readonly end: number
}

function invert({ words }: CellGrid, at: number, foregroundOfBlanks: number): void {
  const background = words[at + backgroundWord]!
  const isBlank = words[at + glyphWord] === blankGlyph
  words[at + backgroundWord] = isBlank ? foregroundOfBlanks : words[at + foregroundWord]!
  words[at + foregroundWord] = isBlank ? 0 : background
}

/** @param foregroundOfBlanks the colour that text would have where there is none */
export function drawSelection(grid: CellGrid, parts: readonly RowPart[], foregroundOfBlanks: number): void {
  for (const { row, start, end } of parts) {
    for (let column = start; column < end; column++) {
      invert(grid, grid.rowStart(row) + column * cellWords, foregroundOfBlanks)
    }
  }
}

/** On both cells of a wide character. */
export function drawCursor(
  grid: CellGrid,
  row: number,
  column: number,
  shape: CursorShape,
  foregroundOfBlanks: number,
): void {
  if (row < 0 || row >= grid.rows || column < 0 || column >= grid.columns) return
  const { words } = grid
  const at = grid.rowStart(row) + column * cellWords
  const isWide = halfOf(words[at + glyphWord]!) === halves.left && column + 1 < grid.columns
  const cells = isWide && shape !== 'bar' ? [at, at + cellWords] : [at]
  for (const cell of cells) {
    if (shape === 'block') invert(grid, cell, foregroundOfBlanks)
    else {
      if (words[cell + glyphWord] === blankGlyph) words[cell + foregroundWord] = foregroundOfBlanks
      words[cell + glyphWord]! |= shape === 'underline' ? styles.cursorUnderline : styles.cursorBar
    }
  }
}
