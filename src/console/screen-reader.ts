import type { IBufferCell, IBufferLine, Terminal } from '@xterm/headless'
import {
  backgroundWord,
  blankGlyph,
  type CellGrid,
  cellWords,
  foregroundWord,
  glyphWord,
} from './cell-grid.js'
import { halfShift, halves, type Sequences, styles } from './glyph-number.js'
import { dimmed, type TerminalColours } from './terminal-colours.js'

/** From here on a character may lie on the one before it, and a cell hold several. */
const firstMark = 0x300

/** Shows nothing but its background: a space, one that does not break, and a cell that was never written. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0xa0 || code === 0
}

/** Reads what a terminal's screen shows into a grid. */
export class ScreenReader {
  readonly #terminal: Terminal
  readonly #colours: TerminalColours
  readonly #sequences: Sequences
  #cell: IBufferCell | undefined

  constructor(terminal: Terminal, colours: TerminalColours, sequences: Sequences) {
    this.#terminal = terminal
    this.#colours = colours
    this.#sequences = sequences
  }

  /** @param grid as large as the terminal */
  read(grid: CellGrid, isReversed: boolean): void {
    const { active } = this.#terminal.buffer
    this.#cell ??= active.getNullCell()
    for (let row = 0; row < grid.rows; row++) {
      const line = active.getLine(active.viewportY + row)
      if (line) this.#readLine(line, grid, row, isReversed)
      else this.#clearRow(grid, row, isReversed)
      grid.hashRow(row)
    }
  }

  #readLine(line: IBufferLine, grid: CellGrid, row: number, isReversed: boolean): void {
    const { words } = grid
    const cell = this.#cell!
    let at = grid.rowStart(row)
    for (let column = 0; column < grid.columns; column++, at += cellWords) {
      line.getCell(column, cell)
      const cellWidth = cell.getWidth()
      if (cellWidth === 0 && column > 0) {
        this.#writeRightHalf(words, at)
        continue
      }
      let glyph = this.#code()
      let [foreground, background] = [this.#colours.foreground, this.#colours.background]
      if (!cell.isAttributeDefault()) {
        if (!cell.isFgDefault()) foreground = this.#rgb(cell.isFgRGB(), cell.getFgColor())
        if (!cell.isBgDefault()) background = this.#rgb(cell.isBgRGB(), cell.getBgColor())
        glyph |= this.#style(glyph === blankGlyph)
        if (cell.isInverse()) [foreground, background] = [background, foreground]
        if (cell.isDim()) foreground = dimmed(foreground, background)
        if (cell.isInvisible()) glyph = blankGlyph
      }
      if (isReversed) [foreground, background] = [background, foreground]
      const isEmpty = glyph === blankGlyph
      words[at + glyphWord] = cellWidth === 2 && !isEmpty ? glyph | (halves.left << halfShift) : glyph
      words[at + foregroundWord] = isEmpty ? 0 : foreground
      words[at + backgroundWord] = background
    }
  }

  /** The second cell of a wide character looks as the first one does. */
  #writeRightHalf(words: Uint32Array, at: number): void {
    const left = words[at - cellWords + glyphWord]!
    const isBlankThere = left === blankGlyph
    words[at + glyphWord] = isBlankThere ? left : (left & ~(3 << halfShift)) | (halves.right << halfShift)
    words[at + foregroundWord] = words[at - cellWords + foregroundWord]!
    words[at + backgroundWord] = words[at - cellWords + backgroundWord]!
  }

  #clearRow(grid: CellGrid, row: number, isReversed: boolean): void {
    const { foreground, background } = this.#colours
    for (let at = grid.rowStart(row); at < grid.rowStart(row + 1); at += cellWords) {
      grid.words[at + glyphWord] = blankGlyph
      grid.words[at + foregroundWord] = 0
      grid.words[at + backgroundWord] = isReversed ? foreground : background
    }
  }

  /** The cell's code point, or the number of its sequence. */
  #code(): number {
    const cell = this.#cell!
    const code = cell.getCode()
    if (isBlank(code)) return blankGlyph
    if (code < firstMark) return code
    const characters = cell.getChars()
    const first = characters.codePointAt(0)!
    return characters.length === (first > 0xffff ? 2 : 1) ? first : this.#sequences.number(characters)
  }

  /** Of a blank only the lines can be seen. */
  #style(isEmpty: boolean): number {
    const cell = this.#cell!
    return (
      (cell.isBold() && !isEmpty ? styles.bold : 0) |
      (cell.isItalic() && !isEmpty ? styles.italic : 0) |
      (cell.isUnderline() ? styles.underline : 0) |
      (cell.isStrikethrough() ? styles.strikethrough : 0) |
      (cell.isOverline() ? styles.overline : 0)
    )
  }

  #rgb(isRgb: boolean, colour: number): number {
    return isRgb ? colour : this.#colours.palette[colour]!
  }
}
