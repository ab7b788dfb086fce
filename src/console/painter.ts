import { type Rect, rect } from '../geometry/rect.js'
import type { Mode } from '../surface/mode.js'
import {
  backgroundWord,
  blankGlyph,
  type CellGrid,
  cellWords,
  foregroundWord,
  CellGrid as Grid,
  glyphWord,
} from './cell-grid.js'
import { glyphColumns as cellWidth, glyphRows as lineHeight } from './font/glyph-file.js'
import type { Glyphs } from './glyphs.js'
import { PixelColours } from './pixel-colours.js'
import { findScrolls } from './scrolls.js'
import type { TextScreen } from './text-screen.js'

/** So many blanks in a row are filled; fewer are drawn with the text around them. */
const minFilledBlanks = 8

/** So many cells between two that changed are drawn anew rather than begin another op. */
const maxKeptGap = 4

/** The terminal library has no fewer. */
const minColumns = 2

/** How many cells a mode has room for. */
export function textSize({ width, height }: Mode): { columns: number; rows: number } {
  return {
    columns: Math.max(minColumns, Math.floor(width / cellWidth)),
    rows: Math.max(1, Math.floor(height / lineHeight)),
  }
}

/**
 * Brings a screen from what was drawn on it to what it is to show: rows that moved are copied, blanks filled, and text blitted,
 * a run of one colour at a time.
 *
 * The grid of what was drawn is what the screen shows, whatever was made of it: a copy is done on both, and only then are
 * their cells compared. So what a scroll was taken for costs time at worst.
 */
export class Painter {
  readonly #screen: TextScreen
  readonly #glyphs: Glyphs
  #drawn: CellGrid = new Grid(0, 0)
  #colours!: PixelColours
  #mode: Mode | undefined
  #margin: number | undefined
  /** Not drawn yet: the next one may lie right below. */
  #fill: { rect: Rect; colour: number } | undefined

  constructor(screen: TextScreen, glyphs: Glyphs) {
    this.#screen = screen
    this.#glyphs = glyphs
  }

  /** What the screen shows is not known any more. */
  forget(): void {
    this.#mode = undefined
  }

  /**
   * @param wanted of textSize(screen.mode), or any other size: what the screen has no room for is not drawn
   * @param margin 0xRRGGBB, of pixels that belong to no cell
   * @returns whether there was anything to draw
   */
  paint(wanted: CellGrid, margin: number): boolean {
    const { mode } = this.#screen
    if (this.#mode !== mode || !this.#fits(wanted)) this.#startOver(mode, wanted)
    let painted = this.#paintMargin(wanted, margin)
    if (this.#scroll(wanted)) painted = true
    for (let row = 0; row < wanted.rows; row++) {
      if (this.#paintRow(wanted, row)) painted = true
    }
    this.#emitFill()
    this.#drawn.assign(wanted)
    if (painted) this.#screen.flush()
    return painted
  }

  #fits({ columns, rows }: CellGrid): boolean {
    return this.#drawn.columns === columns && this.#drawn.rows === rows
  }

  #startOver(mode: Mode, { columns, rows }: CellGrid): void {
    if (!this.#colours || this.#mode?.format !== mode.format) this.#colours = new PixelColours(mode.format)
    this.#mode = mode
    this.#margin = undefined
    this.#drawn = new Grid(columns, rows)
  }

  #paintMargin({ columns, rows }: CellGrid, margin: number): boolean {
    if (margin === this.#margin) return false
    this.#margin = margin
    const { width, height } = this.#screen.mode
    const [right, bottom] = [columns * cellWidth, rows * lineHeight]
    if (right < width) this.#addFill(rect(right, 0, width, height), margin)
    if (bottom < height) this.#addFill(rect(0, bottom, Math.min(right, width), height), margin)
    return true
  }

  #scroll(wanted: CellGrid): boolean {
    const drawn = this.#drawn
    let scrolled = false
    for (const { from, to, count } of findScrolls(drawn.hashes, wanted.hashes)) {
      // An earlier copy may have overwritten it.
      if (drawn.hashes[from] !== wanted.hashes[to]) continue
      const right = drawn.columns * cellWidth
      const there = rect(0, to * lineHeight, right, (to + count) * lineHeight)
      this.#screen.copy(there, 0, from * lineHeight)
      drawn.copyRows(to, from, count)
      scrolled = true
    }
    return scrolled
  }

  /** @returns whether anything in it had changed */
  #paintRow(wanted: CellGrid, row: number): boolean {
    const [now, before] = [wanted.words, this.#drawn.words]
    const start = wanted.rowStart(row)
    const isSame = (column: number) => {
      const i = start + column * cellWords
      return now[i] === before[i] && now[i + 1] === before[i + 1] && now[i + 2] === before[i + 2]
    }
    let painted = false
    for (let column = 0; column < wanted.columns; ) {
      if (isSame(column)) {
        column++
        continue
      }
      const from = column
      let end = ++column
      for (; column < wanted.columns && column - end <= maxKeptGap; column++)
        if (!isSame(column)) end = column + 1
      this.#paintSpan(wanted, row, from, end)
      column = end
      painted = true
    }
    return painted
  }

  /** Cells from `from` to `end` of a row: each run by one op. */
  #paintSpan(wanted: CellGrid, row: number, from: number, end: number): void {
    for (let column = from; column < end; ) {
      const blanks = this.#countBlanks(wanted, row, column, end)
      if (blanks >= minFilledBlanks || (blanks > 0 && column + blanks === end)) {
        const { words } = wanted
        const background = words[wanted.rowStart(row) + column * cellWords + backgroundWord]!
        this.#addFill(this.#cells(row, column, column + blanks), background)
        column += blanks
      } else {
        column = this.#paintRun(wanted, row, column, end)
      }
    }
  }

  /** Blank cells of one colour from `column` on. */
  #countBlanks(grid: CellGrid, row: number, column: number, end: number): number {
    const { words } = grid
    const start = grid.rowStart(row)
    const background = words[start + column * cellWords + backgroundWord]
    let at = column
    for (; at < end; at++) {
      const i = start + at * cellWords
      if (words[i + glyphWord] !== blankGlyph || words[i + backgroundWord] !== background) break
    }
    return at - column
  }

  /** Draws cells of one background and one foreground, which blanks have not. @returns the first cell behind them */
  #paintRun(grid: CellGrid, row: number, from: number, end: number): number {
    const { words } = grid
    const start = grid.rowStart(row)
    const background = words[start + from * cellWords + backgroundWord]!
    let foreground: number | undefined
    let column = from
    while (column < end) {
      const i = start + column * cellWords
      if (words[i + backgroundWord] !== background) break
      if (words[i + glyphWord] === blankGlyph) {
        const blanks = this.#countBlanks(grid, row, column, end)
        if (column > from && (blanks >= minFilledBlanks || column + blanks === end)) break
        column += blanks
        continue
      }
      foreground ??= words[i + foregroundWord]!
      if (words[i + foregroundWord] !== foreground) break
      column++
    }
    if (foreground === undefined) this.#addFill(this.#cells(row, from, column), background)
    else this.#blit(grid, row, from, column, foreground, background)
    return column
  }

  #blit(
    grid: CellGrid,
    row: number,
    from: number,
    end: number,
    foreground: number,
    background: number,
  ): void {
    const strideBytes = end - from
    const bits = new Uint8Array(strideBytes * lineHeight)
    let word = grid.rowStart(row) + from * cellWords + glyphWord
    for (let column = 0; column < strideBytes; column++, word += cellWords) {
      const glyph = grid.words[word]!
      if (glyph === blankGlyph) continue
      const shape = this.#glyphs.shape(glyph)
      for (let y = 0, to = column; y < lineHeight; y++, to += strideBytes) bits[to] = shape[y]!
    }
    this.#screen.blit(this.#cells(row, from, end), {
      bits,
      strideBytes,
      foreground: this.#colours.pixel(foreground),
      background: this.#colours.pixel(background),
    })
  }

  #cells(row: number, from: number, end: number): Rect {
    return rect(from * cellWidth, row * lineHeight, end * cellWidth, (row + 1) * lineHeight)
  }

  /** Rows that are blank alike are filled by one op. */
  #addFill(part: Rect, rgb: number): void {
    const before = this.#fill
    const continues =
      before &&
      before.colour === rgb &&
      before.rect.x1 === part.x1 &&
      before.rect.x2 === part.x2 &&
      before.rect.y2 === part.y1
    if (continues) {
      this.#fill = { rect: { ...before.rect, y2: part.y2 }, colour: rgb }
      return
    }
    this.#emitFill()
    this.#fill = { rect: part, colour: rgb }
  }

  #emitFill(): void {
    if (!this.#fill) return
    const { rect: part, colour } = this.#fill
    this.#fill = undefined
    this.#screen.fill(part, this.#colours.pixel(colour))
  }
}
