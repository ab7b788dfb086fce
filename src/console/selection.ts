import type { IMarker, Terminal } from '@xterm/headless'
import type { RowPart } from './overlay.js'

/** A place between cells of the terminal's buffer, scrollback and all. */
export interface TextPlace {
  readonly line: number
  readonly column: number
}

/** By how much a click and its drag select. */
export type SelectionUnit = 'character' | 'word' | 'line'

/** What belongs to a word, as in xterm's default: letters, digits, and what paths and addresses are made of. */
const wordCharacter = /[\p{L}\p{N}\p{M}_./~:@%?&=#+-]/u

function isBefore(a: TextPlace, b: TextPlace): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column)
}

/** Text that the mouse has marked: from one place to another, both ends rounded to the unit. */
export class Selection {
  readonly #terminal: Terminal
  #unit: SelectionUnit = 'character'
  #anchor: TextPlace | undefined
  #head: TextPlace | undefined
  /** Where lines are thrown away at the scrollback's end, it tells how far the others have moved. */
  #marker: IMarker | undefined
  #markerLine = 0

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  get isEmpty(): boolean {
    const range = this.#range()
    return !range || !isBefore(range.start, range.end)
  }

  start(place: TextPlace, unit: SelectionUnit): void {
    this.clear()
    this.#unit = unit
    this.#anchor = place
    this.#head = place
    this.#marker = this.#terminal.registerMarker(0)
    this.#markerLine = this.#marker?.line ?? 0
  }

  /** The mouse has moved to `place`, or clicked there to extend what is marked. */
  extend(place: TextPlace): void {
    this.#follow()
    if (this.#anchor) this.#head = place
  }

  clear(): void {
    this.#anchor = undefined
    this.#head = undefined
    this.#marker?.dispose()
    this.#marker = undefined
  }

  /** Lines that wrap are one. */
  text(): string {
    const range = this.#range()
    if (!range) return ''
    const { active } = this.#terminal.buffer
    let text = ''
    for (let line = range.start.line; line <= range.end.line; line++) {
      const start = line === range.start.line ? range.start.column : 0
      const end = line === range.end.line ? range.end.column : undefined
      const goesOn = active.getLine(line + 1)?.isWrapped ?? false
      text += active.getLine(line)?.translateToString(!goesOn, start, end) ?? ''
      if (line < range.end.line && !goesOn) text += '\n'
    }
    return text
  }

  /** What of it is on the screen. */
  parts(): RowPart[] {
    const range = this.#range()
    if (!range) return []
    const { viewportY } = this.#terminal.buffer.active
    const { rows, cols } = this.#terminal
    const parts: RowPart[] = []
    for (let row = 0; row < rows; row++) {
      const line = viewportY + row
      if (line < range.start.line || line > range.end.line) continue
      const start = line === range.start.line ? range.start.column : 0
      const end = line === range.end.line ? range.end.column : cols
      if (start < end) parts.push({ row, start, end })
    }
    return parts
  }

  /** Keeps to the text where the scrollback is full and all lines move. */
  #follow(): void {
    if (!this.#marker || !this.#anchor || !this.#head) return
    if (this.#marker.isDisposed) {
      this.clear()
      return
    }
    const moved = this.#marker.line - this.#markerLine
    this.#markerLine = this.#marker.line
    const move = ({ line, column }: TextPlace) => ({ line: line + moved, column })
    this.#anchor = move(this.#anchor)
    this.#head = move(this.#head)
  }

  #range(): { start: TextPlace; end: TextPlace } | undefined {
    this.#follow()
    if (!this.#anchor || !this.#head) return undefined
    const [start, end] = isBefore(this.#anchor, this.#head)
      ? [this.#anchor, this.#head]
      : [this.#head, this.#anchor]
    if (end.line < 0) return undefined
    if (this.#unit === 'line') {
      return { start: { line: start.line, column: 0 }, end: { line: end.line, column: this.#terminal.cols } }
    }
    if (this.#unit === 'character') return { start, end }
    return {
      start: { line: start.line, column: this.#wordEdge(start, -1) },
      end: { line: end.line, column: this.#wordEdge(end, 1) },
    }
  }

  /** The column where the word at a place begins or ends. */
  #wordEdge({ line, column }: TextPlace, step: -1 | 1): number {
    const found = this.#terminal.buffer.active.getLine(line)
    const isWord = (at: number) => {
      const cell = found?.getCell(at)
      return cell !== undefined && (cell.getWidth() === 0 || wordCharacter.test(cell.getChars()))
    }
    const { cols } = this.#terminal
    if (!isWord(Math.min(column, cols - 1))) return step < 0 ? column : Math.min(column + 1, cols)
    let edge = step < 0 ? column : column + 1
    while (step < 0 ? edge > 0 && isWord(edge - 1) : edge < cols && isWord(edge)) edge += step
    return edge
  }
}
