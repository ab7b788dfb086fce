import { InvalidArgumentError } from '../errors.js'
import { greyPalette, type Palette, paletteBytes } from '../pixels/format.js'
import { type CursorShape, checkCursor, noCursor } from './cursor.js'
import type { Mode } from './mode.js'
import type { Frame } from './sink.js'

/** FB_BLANK_UNBLANK (0) to FB_BLANK_POWERDOWN (4) of linux/fb.h. From 1 on the screen is dark. */
export type BlankLevel = 0 | 1 | 2 | 3 | 4

const black: Palette = new Uint8Array(paletteBytes)

/** What of a surface's look is not in its pixels: colours, blanking, the pointer. */
export class Appearance {
  #palette: Palette = greyPalette()
  #blankLevel: BlankLevel = 0
  #cursor: CursorShape | undefined
  #pointer: { readonly x: number; readonly y: number } | undefined

  get palette(): Palette {
    return this.#palette
  }

  get blankLevel(): BlankLevel {
    return this.#blankLevel
  }

  get isBlank(): boolean {
    return this.#blankLevel > 0
  }

  /** undefined: the guest has not said. */
  get cursor(): CursorShape | undefined {
    return this.#cursor
  }

  /** Where the guest has the pointer; undefined: it has not said. */
  get pointer(): { readonly x: number; readonly y: number } | undefined {
    return this.#pointer
  }

  /**
   * @returns true where colours changed
   * @throws InvalidArgumentError
   */
  setPalette(palette: Palette): boolean {
    if (palette.length !== paletteBytes) {
      throw new InvalidArgumentError(`palette: expected ${paletteBytes} bytes, received ${palette.length}`)
    }
    if (palette.every((value, i) => value === this.#palette[i])) return false
    this.#palette = Uint8Array.from(palette)
    return true
  }

  /**
   * @returns true where the screen went dark or came back
   * @throws InvalidArgumentError
   */
  setBlankLevel(level: number): boolean {
    if (!Number.isInteger(level) || level < 0 || level > 4) {
      throw new InvalidArgumentError(`blank level: expected 0 (shown) to 4, received ${level}`)
    }
    const wasBlank = this.isBlank
    this.#blankLevel = level as BlankLevel
    return wasBlank !== this.isBlank
  }

  /** @throws InvalidArgumentError */
  setCursor(shape: CursorShape | undefined): void {
    this.#cursor = shape ? checkCursor(shape) : noCursor
  }

  /** @throws InvalidArgumentError */
  movePointer(x: number, y: number): void {
    if (!Number.isInteger(x) || !Number.isInteger(y)) {
      throw new InvalidArgumentError(`pointer: expected whole numbers, received ${x}, ${y}`)
    }
    this.#pointer = { x, y }
  }

  /** What sinks are handed: of a dark screen one black row, shown again and again, in the mode's format. */
  frame(mode: Mode, pixels: Uint8Array, sequence: number): Omit<Frame, 'damage' | 'ops'> {
    if (!this.isBlank) return { mode, pixels, palette: this.#palette, sequence }
    const row = new Uint8Array(mode.width * mode.format.bytesPerPixel)
    return { mode: { ...mode, strideBytes: 0, offsetBytes: 0 }, pixels: row, palette: black, sequence }
  }
}
