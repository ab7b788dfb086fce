import { BTN } from '../input/codes.js'
import type { KeyModifiers } from '../input/key-modifiers.js'
import { glyphColumns, glyphRows } from './font/glyph-file.js'
import { encodeMouse, type MouseAction, mouseButtons } from './mouse-protocol.js'
import type { SelectionUnit } from './selection.js'
import type { TextDisplay } from './text-display.js'

/** The wheel's way in lines. */
const linesPerClick = 3
/** From one click to the next of a double one. */
const doubleClickMs = 400

const buttonOf = new Map<number, number>([
  [BTN.LEFT, mouseButtons.left],
  [BTN.MIDDLE, mouseButtons.middle],
  [BTN.RIGHT, mouseButtons.right],
])

const units: readonly SelectionUnit[] = ['character', 'word', 'line']

export interface ConsoleMouseHost {
  readonly display: TextDisplay
  /** What is held. */
  readonly modifiers: () => KeyModifiers
  /** What a program on this terminal is told; Latin-1. */
  readonly tell: (bytes: string) => void
  /** What was marked was let go: it is what the middle button pastes from now on. */
  readonly copied: (text: string) => void
  readonly paste: () => void
}

/**
 * The mouse of a console: the program's where it asked for it, else for marking, pasting and scrolling. With Shift it is never
 * the program's.
 */
export class ConsoleMouse {
  readonly #host: ConsoleMouseHost
  #x = 0
  #y = 0
  /** The button that the program was told of, or that marks. */
  #held: number = mouseButtons.none
  #isMarking = false
  #clicks = 0
  #lastClick = { ms: Number.NEGATIVE_INFINITY, column: -1, row: -1 }

  constructor(host: ConsoleMouseHost) {
    this.#host = host
  }

  /** @param x in pixels of the screen, as `y` */
  move(x: number, y: number): void {
    const before = this.#cell()
    this.#x = x
    this.#y = y
    const { column, row } = this.#cell()
    if (this.#isMarking) {
      this.#host.display.selection.extend(this.#place())
      this.#host.display.changed()
    } else if (column !== before.column || row !== before.row) {
      this.#tell('move', this.#held)
    }
  }

  /** @param code BTN_*. @returns false for what is no button of a mouse's */
  button(code: number, pressed: boolean): boolean {
    const button = buttonOf.get(code)
    if (button === undefined) return false
    if (!pressed) this.#release(button)
    else if (this.#isProgrammes) {
      this.#held = button
      this.#tell('press', button)
    } else if (button === mouseButtons.left) this.#mark()
    else if (button === mouseButtons.middle) this.#host.paste()
    else this.#extend()
    return true
  }

  /** @param clicks a negative number is the way up */
  wheel(clicks: number): void {
    const { display, tell } = this.#host
    const { terminal } = display
    if (this.#isProgrammes) {
      const button = mouseButtons.wheelUp + (clicks < 0 ? 0 : 1)
      for (let i = 0; i < Math.abs(clicks); i++) this.#tell('press', button)
    } else if (terminal.buffer.active.type === 'alternate') {
      // Programs that fill the screen have no scrollback, but most move by arrows.
      const introducer = terminal.modes.applicationCursorKeysMode ? '\x1bO' : '\x1b['
      tell(`${introducer}${clicks < 0 ? 'A' : 'B'}`.repeat(Math.abs(clicks) * linesPerClick))
    } else {
      terminal.scrollLines(clicks * linesPerClick)
      display.changed()
    }
  }

  get #isProgrammes(): boolean {
    const { display, modifiers } = this.#host
    return display.terminal.modes.mouseTrackingMode !== 'none' && !modifiers().shift
  }

  #release(button: number): void {
    if (this.#isMarking && button !== mouseButtons.middle) {
      this.#isMarking = false
      const { selection } = this.#host.display
      if (!selection.isEmpty) this.#host.copied(selection.text())
    } else if (button === this.#held) {
      this.#tell('release', button)
      this.#held = mouseButtons.none
    }
  }

  /** A second click on one place marks a word, a third the line. */
  #mark(): void {
    const { column, row } = this.#cell()
    const now = performance.now()
    const { ms, column: lastColumn, row: lastRow } = this.#lastClick
    const isAgain = now - ms < doubleClickMs && lastColumn === column && lastRow === row
    this.#clicks = isAgain ? (this.#clicks + 1) % units.length : 0
    this.#lastClick = { ms: now, column, row }
    this.#isMarking = true
    this.#host.display.selection.start(this.#place(), units[this.#clicks]!)
    this.#host.display.changed()
  }

  #extend(): void {
    this.#isMarking = true
    this.#host.display.selection.extend(this.#place())
    this.#host.display.changed()
  }

  #tell(kind: MouseAction['kind'], button: number): void {
    const { display, modifiers, tell } = this.#host
    const { shift, alt, ctrl } = modifiers()
    const action = { kind, button, ...this.#cell(), shift, alt, ctrl }
    const told = encodeMouse(action, display.terminal.modes.mouseTrackingMode, display.state.mouseEncoding)
    if (told !== '') tell(told)
  }

  #cell(): { column: number; row: number } {
    const { cols, rows } = this.#host.display.terminal
    const clamp = (value: number, count: number) => Math.max(0, Math.min(Math.floor(value), count - 1))
    return { column: clamp(this.#x / glyphColumns, cols), row: clamp(this.#y / glyphRows, rows) }
  }

  /** Between the cells, for marking: a cell belongs to what is marked from its middle on. Words and lines go by cells. */
  #place(): { line: number; column: number } {
    const { cols, buffer } = this.#host.display.terminal
    const { column, row } = this.#cell()
    const between = Math.max(0, Math.min(Math.round(this.#x / glyphColumns), cols))
    return { line: buffer.active.viewportY + row, column: this.#clicks === 0 ? between : column }
  }
}
