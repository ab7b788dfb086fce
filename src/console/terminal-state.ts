import type { Terminal } from '@xterm/headless'
import type { CursorShape } from './overlay.js'
import { formatColour, parseColour, standardPalette, TerminalColours } from './terminal-colours.js'

/** How the mouse is told (xterm's ctlseqs, "Mouse Tracking"): as X10's bytes, or as numbers. */
export type MouseEncoding = 'x10' | 'sgr'

/** The private modes of DECSET that xterm.js does not tell. */
const modes = { reverseScreen: 5, blinkingCursor: 12, showCursor: 25, sgrMouse: 1006 } as const

/** DECSCUSR: shapes from 1 on, blinking and steady by turns; 0 is the default. */
const cursorShapes: readonly CursorShape[] = ['block', 'underline', 'bar']

type Parameters = (number | number[])[]

/**
 * What the program has set that the terminal library keeps to itself, or has no use for: the cursor's looks, the mouse's
 * encoding, the colours.
 */
export class TerminalState {
  readonly colours = new TerminalColours()
  cursorShape: CursorShape = 'block'
  cursorBlinks = true
  cursorVisible = true
  reverseScreen = false
  mouseEncoding: MouseEncoding = 'x10'
  readonly #reply: (text: string) => void

  /** @param reply to the program, where it asks for a colour */
  constructor(terminal: Terminal, reply: (text: string) => void) {
    this.#reply = reply
    const { parser } = terminal
    const observe = (action: (parameters: Parameters) => void) => (parameters: Parameters) => {
      action(parameters)
      return false // the library has its part in it, too
    }
    parser.registerCsiHandler(
      { prefix: '?', final: 'h' },
      observe((p) => this.#setModes(p, true)),
    )
    parser.registerCsiHandler(
      { prefix: '?', final: 'l' },
      observe((p) => this.#setModes(p, false)),
    )
    parser.registerCsiHandler(
      { intermediates: ' ', final: 'q' },
      observe((p) => this.#setCursor(p)),
    )
    parser.registerCsiHandler(
      { intermediates: '!', final: 'p' },
      observe(() => this.#softReset()),
    )
    parser.registerEscHandler({ final: 'c' }, () => {
      this.#softReset()
      this.mouseEncoding = 'x10'
      this.colours.reset()
      return false
    })
    parser.registerOscHandler(4, (data) => this.#paletteColours(data))
    parser.registerOscHandler(104, (data) => this.#resetPalette(data))
    parser.registerOscHandler(10, (data) => this.#defaultColours('10', data))
    parser.registerOscHandler(11, (data) => this.#defaultColours('11', data))
    parser.registerOscHandler(12, (data) => this.#defaultColours('12', data))
    parser.registerOscHandler(110, () => this.#resetDefault('foreground'))
    parser.registerOscHandler(111, () => this.#resetDefault('background'))
  }

  #setModes(parameters: Parameters, on: boolean): void {
    for (const parameter of parameters) {
      if (parameter === modes.showCursor) this.cursorVisible = on
      else if (parameter === modes.blinkingCursor) this.cursorBlinks = on
      else if (parameter === modes.reverseScreen) this.reverseScreen = on
      else if (parameter === modes.sgrMouse) this.mouseEncoding = on ? 'sgr' : 'x10'
    }
  }

  #setCursor([parameter]: Parameters): void {
    const number = typeof parameter === 'number' && parameter > 0 ? parameter : 1
    const shape = cursorShapes[Math.floor((number - 1) / 2)]
    if (!shape) return
    this.cursorShape = shape
    this.cursorBlinks = number % 2 === 1
  }

  #softReset(): void {
    this.cursorShape = 'block'
    this.cursorBlinks = true
    this.cursorVisible = true
    this.reverseScreen = false
  }

  /** OSC 4: number;colour pairs. A colour of "?" asks. */
  #paletteColours(data: string): boolean {
    const words = data.split(';')
    for (let i = 0; i + 1 < words.length; i += 2) {
      const number = Number(words[i])
      if (!(Number.isInteger(number) && number >= 0 && number < standardPalette.length)) continue
      const colour = parseColour(words[i + 1]!)
      if (words[i + 1] === '?') this.#answer(`4;${number}`, this.colours.palette[number]!)
      else if (colour !== undefined) this.colours.palette[number] = colour
    }
    return true
  }

  #resetPalette(data: string): boolean {
    if (data === '') this.colours.palette.set(standardPalette)
    for (const word of data.split(';')) {
      const number = Number(word)
      if (word !== '' && standardPalette[number] !== undefined) {
        this.colours.palette[number] = standardPalette[number]
      }
    }
    return true
  }

  /** OSC 10 foreground, 11 background; 12 is the cursor, which has the text's colours: it can be asked alone. */
  #defaultColours(command: '10' | '11' | '12', data: string): boolean {
    const which = command === '11' ? 'background' : 'foreground'
    const colour = parseColour(data)
    if (data === '?') this.#answer(command, this.colours[which])
    else if (colour !== undefined && command !== '12') this.colours[which] = colour
    return true
  }

  #resetDefault(which: 'foreground' | 'background'): boolean {
    this.colours[which] = new TerminalColours()[which]
    return true
  }

  #answer(command: string, rgb: number): void {
    this.#reply(`\x1b]${command};${formatColour(rgb)}\x1b\\`)
  }
}
