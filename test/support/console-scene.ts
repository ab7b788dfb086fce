import { type DrawOp, rectOfSize, type Surface } from '../../src/index.js'
import { randomNumbers } from './pixel-formats.js'

const cellWidth = 8
const lineHeight = 16
const glyphBytes = 16

/** What a text console draws, by ops: lines of glyphs, and scrolls. Repeatable; no line is like another one. */
export class ConsoleScene {
  readonly #surface: Surface
  readonly #random = randomNumbers(11)
  readonly #font: Uint8Array[]

  constructor(surface: Surface) {
    this.#surface = surface
    this.#font = Array.from({ length: 96 }, (_, glyph) =>
      Uint8Array.from({ length: glyphBytes }, (_, row) =>
        glyph === 0 || row < 3 || row > 12 ? 0 : this.#random(256) & this.#random(256) & 0x7e,
      ),
    )
  }

  /** A screen full of text. */
  fill(): void {
    for (let line = 0; line < this.#lines; line++) this.#type(line)
  }

  /** All lines move up by one, and a new one comes in at the bottom. */
  scroll(): void {
    const { width } = this.#surface.mode
    const height = this.#lines * lineHeight
    const rect = rectOfSize(0, 0, width, height - lineHeight)
    this.#surface.draw({ op: 'copy', rect, fromX: 0, fromY: lineHeight })
    this.newLastLine()
  }

  newLastLine(): void {
    this.#type(this.#lines - 1)
  }

  get #lines(): number {
    return Math.floor(this.#surface.mode.height / lineHeight)
  }

  #type(line: number): void {
    const { width } = this.#surface.mode
    const y = line * lineHeight
    const ops: DrawOp[] = [{ op: 'fill', rect: rectOfSize(0, y, width, lineHeight), colour: 0 }]
    const columns = Math.floor(width / cellWidth)
    const used = Math.floor(columns / 2) + this.#random(columns / 2)
    for (let column = 0; column < used; column++) {
      // Every sixth or so is a blank.
      const glyph = this.#random(6) === 0 ? 0 : this.#random(this.#font.length)
      const image = { bits: this.#font[glyph]!, foreground: 0xaaaaaa, background: 0 }
      ops.push({ op: 'blit', rect: rectOfSize(column * cellWidth, y, cellWidth, lineHeight), image })
    }
    for (const op of ops) this.#surface.draw(op)
  }
}
