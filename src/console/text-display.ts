import unicode11 from '@xterm/addon-unicode11'
import xterm, { type Terminal } from '@xterm/headless'
import { CellGrid } from './cell-grid.js'
import { CursorBlink } from './cursor-blink.js'
import { DrawClock } from './draw-clock.js'
import { glyphColumns, glyphRows } from './font/glyph-file.js'
import { Sequences } from './glyph-number.js'
import { Glyphs } from './glyphs.js'
import { drawCursor, drawSelection } from './overlay.js'
import { Painter, textSize } from './painter.js'
import { ScreenReader } from './screen-reader.js'
import { Selection } from './selection.js'
import { standardPalette } from './terminal-colours.js'
import type { TerminalSize } from './terminal-process.js'
import { TerminalState } from './terminal-state.js'
import type { TextScreen } from './text-screen.js'

export interface TextDisplayOptions {
  readonly screen: TextScreen
  /** Most frames a second. Default: 60. */
  readonly fps?: number | undefined
  /** Lines that are kept above the screen. Default: 2000. */
  readonly scrollback?: number | undefined
  /** What the terminal answers to the program. */
  readonly reply: (text: string) => void
}

/** Bytes that wait to be parsed: beyond, whoever writes waits, until half of them are left. */
const maxWaitingBytes = 1 << 19

/** A program that says a picture is under way (DECSET 2026) and does not end it is not waited for any longer. */
const maxUnfinishedMs = 1000

/** A terminal on a screen: takes a program's output, and draws what has changed. */
export class TextDisplay {
  readonly terminal: Terminal
  readonly state: TerminalState
  readonly selection: Selection
  readonly #screen: TextScreen
  readonly #painter: Painter
  readonly #reader: ScreenReader
  readonly #clock: DrawClock
  readonly #blink: CursorBlink
  #grid = new CellGrid(0, 0)
  #waitingBytes = 0
  readonly #waiting: (() => void)[] = []
  #watched = true
  #ended = false
  #unfinishedSinceMs: number | undefined
  #unfinishedTimer: NodeJS.Timeout | undefined

  constructor({ screen, fps = 60, scrollback = 2000, reply }: TextDisplayOptions) {
    const { columns: cols, rows } = textSize(screen.mode)
    this.#screen = screen
    this.terminal = new xterm.Terminal({ cols, rows, scrollback, allowProposedApi: true, logLevel: 'off' })
    // The library's own table is Unicode 6's: emoji would take one cell, and programs count two.
    this.terminal.loadAddon(new unicode11.Unicode11Addon())
    this.terminal.unicode.activeVersion = '11'
    this.terminal.onData(reply)
    this.state = new TerminalState(this.terminal, reply)
    this.selection = new Selection(this.terminal)
    const sequences = new Sequences()
    this.#painter = new Painter(screen, new Glyphs(sequences))
    this.#reader = new ScreenReader(this.terminal, this.state.colours, sequences)
    this.#clock = new DrawClock(fps, () => this.#draw())
    this.#blink = new CursorBlink(() => this.#clock.request())
    this.terminal.onWriteParsed(() => {
      this.#blink.enabled = this.#blinks
      this.#blink.touch()
      this.#clock.request()
    })
    this.terminal.onScroll(() => this.#clock.request())
    this.terminal.buffer.onBufferChange(() => this.selection.clear())
    if (screen.mode.format.indexed) screen.setColours?.(0, standardPalette)
    this.#clock.request()
  }

  get size(): TerminalSize {
    const { cols: columns, rows } = this.terminal
    return { columns, rows, width: columns * glyphColumns, height: rows * glyphRows }
  }

  /** Somebody sees the screen: nobody needs a cursor that blinks for nobody. */
  set watched(watched: boolean) {
    this.#watched = watched
    this.#blink.enabled = this.#blinks
  }

  /** The program's output. The promise, where there is one, resolves when more is welcome. */
  write(bytes: Uint8Array): void | Promise<void> {
    if (this.#ended) return
    this.#waitingBytes += bytes.length
    this.terminal.write(bytes, () => this.#parsed(bytes.length))
    if (this.#waitingBytes < maxWaitingBytes) return
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** All that was written has been parsed. */
  async settled(): Promise<void> {
    if (!this.#ended) await new Promise<void>((resolve) => this.terminal.write('', resolve))
  }

  /** Something beside the text has changed: the selection, the view. */
  changed(): void {
    this.#blink.touch()
    this.#clock.request()
  }

  /** The screen may show anything: all is drawn anew. */
  repaint(): void {
    this.#painter.forget()
    this.#clock.request()
  }

  /** What is to be drawn is drawn now. */
  flush(): void {
    this.#clock.flush()
  }

  /** The screen's mode is another one. @returns whether the terminal has another size now */
  modeChanged(): boolean {
    const { mode } = this.#screen
    const { columns, rows } = textSize(mode)
    if (mode.format.indexed) this.#screen.setColours?.(0, standardPalette)
    const isOther = columns !== this.terminal.cols || rows !== this.terminal.rows
    if (isOther) {
      this.selection.clear()
      this.terminal.resize(columns, rows)
    }
    this.#clock.request()
    return isOther
  }

  /** The program has ended: its last picture stays, without a cursor. Idempotent. */
  end(): void {
    if (this.#ended) return
    this.state.cursorVisible = false
    this.changed()
    this.flush()
  }

  /** Idempotent. */
  close(): void {
    if (this.#ended) return
    this.#ended = true
    this.#clock.cancel()
    this.#blink.close()
    clearTimeout(this.#unfinishedTimer)
    for (const resume of this.#waiting.splice(0)) resume()
    this.terminal.dispose()
  }

  get #blinks(): boolean {
    return this.#watched && this.state.cursorVisible && this.state.cursorBlinks
  }

  #parsed(bytes: number): void {
    this.#waitingBytes -= bytes
    if (this.#waitingBytes > maxWaitingBytes / 2) return
    for (const resume of this.#waiting.splice(0)) resume()
  }

  #draw(): void {
    if (this.#ended || this.#isUnfinished()) return
    const { cols, rows, buffer } = this.terminal
    const { state } = this
    if (this.#grid.columns !== cols || this.#grid.rows !== rows) this.#grid = new CellGrid(cols, rows)
    const grid = this.#grid
    const [foreground, background] = state.reverseScreen
      ? [state.colours.background, state.colours.foreground]
      : [state.colours.foreground, state.colours.background]
    this.#reader.read(grid, state.reverseScreen)
    drawSelection(grid, this.selection.parts(), foreground)
    const { cursorX, cursorY, baseY, viewportY } = buffer.active
    if (state.cursorVisible && this.#blink.visible) {
      const column = Math.min(cursorX, cols - 1)
      drawCursor(grid, baseY + cursorY - viewportY, column, state.cursorShape, foreground)
    }
    this.#painter.paint(grid, background)
  }

  /** A picture that the program has not ended is not shown, but for one that takes too long. */
  #isUnfinished(): boolean {
    const now = performance.now()
    clearTimeout(this.#unfinishedTimer)
    if (!this.terminal.modes.synchronizedOutputMode) {
      this.#unfinishedSinceMs = undefined
      return false
    }
    this.#unfinishedSinceMs ??= now
    const leftMs = this.#unfinishedSinceMs + maxUnfinishedMs - now
    if (leftMs > 0) this.#unfinishedTimer = setTimeout(() => this.#clock.request(), leftMs)
    return leftMs > 0
  }
}
