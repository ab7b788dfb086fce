import { type ClippedBlit, type ClipTarget, clipOp } from '../draw/clip.js'
import { type DrawablePicture, drawBlit, drawCopy, drawFill } from '../draw/draw.js'
import type { ColourImage, GlyphImage } from '../draw/op.js'
import { InvalidArgumentError } from '../errors.js'
import { height, intersection, isEmpty, type Rect, rect, width } from '../geometry/rect.js'
import { createMode, type Mode, type ModeOptions, maxSide, modeBytes } from '../surface/mode.js'
import { Cursor, type CursorImage } from './cursor.js'
import { paletteColours } from './layout.js'
import type { LaidOutMemory } from './memory.js'
import type { OutQueue } from './out-queue.js'
import {
  coloursOf,
  readScanout,
  type ScanoutState,
  writeFramebufferMode,
  writeScanout,
} from './scanout-table.js'

/** A mode, and where the scanout is beside the others. */
export interface ScanoutModeOptions extends ModeOptions {
  /** Default: 0. */
  x?: number
  y?: number
}

/**
 * One screen of a frontend: what its table entry says, and drawing in its pixels. Each drawing method draws at once, and
 * tells the backend afterwards.
 */
export class FrontendScanout {
  readonly number: number
  readonly #memory: LaidOutMemory
  readonly #queue: OutQueue
  readonly #cursor: Cursor
  #state: ScanoutState | undefined
  #picture: DrawablePicture | undefined

  /** What the table says already is kept: a frontend may have been here before. */
  constructor(memory: LaidOutMemory, queue: OutQueue, number: number) {
    this.number = number
    this.#memory = memory
    this.#queue = queue
    this.#cursor = new Cursor(queue, number)
    this.#enter(readScanout(memory, number))
  }

  /** Undefined: it shows nothing. */
  get mode(): Mode | undefined {
    return this.#state?.mode
  }

  /**
   * Shows pixels in this way from now on; what they are stays as it is.
   * @throws InvalidArgumentError where a value is out of range, or the device has not so many pixels
   */
  setMode(options: ScanoutModeOptions): void {
    this.#queue.checkOpen()
    const { x = 0, y = 0, ...rest } = options
    const mode = this.#check(createMode(rest))
    this.#show({ mode, blank: this.#state?.blank ?? 0, x, y })
  }

  /**
   * Moves what is shown: the first visible pixel's place in the pixels.
   * @throws InvalidArgumentError where the mode does not fit there
   */
  pan(offsetBytes: number): void {
    const { mode, ...rest } = this.#shown()
    const { width, height, strideBytes, format } = mode
    const panned = createMode({ width, height, strideBytes, offsetBytes, format: format.name })
    this.#show({ ...rest, mode: this.#check(panned) })
  }

  /** @param level 0: shown; 1 to 4: as FB_BLANK_* (linux/fb.h) */
  blank(level: number): void {
    if (!Number.isInteger(level) || level < 0 || level > 4) {
      throw new InvalidArgumentError(`level: expected 0 to 4 (FB_BLANK_*), received ${level}`)
    }
    this.#enter({ ...this.#shown(), blank: level })
    this.write()
    this.#tellScanout()
  }

  /** The scanout shows nothing any more. @throws InvalidArgumentError for scanout 0, which always shows something */
  end(): void {
    this.#queue.checkOpen()
    if (this.number === 0)
      throw new InvalidArgumentError('scanout 0: expected to be shown. Call blank() instead.')
    this.#enter(undefined)
    this.write()
    this.#tellScanout()
  }

  /** @param colour a pixel's value @throws InvalidArgumentError as surface.draw() */
  fill(r: Rect, colour: number, rop: 'copy' | 'xor' = 'copy'): void {
    const picture = this.#target()
    const op = clipOp({ op: 'fill', rect: r, colour, rop }, this.#clipTarget())
    if (op?.op !== 'fill') return
    drawFill(picture, op)
    this.#queue.drawn({ type: 'fill', scanout: this.number, rect: op.rect, rop: op.rop, colour })
  }

  /** Moves pixels; source and target may overlap. @throws InvalidArgumentError as surface.draw() */
  copy(r: Rect, fromX: number, fromY: number): void {
    const picture = this.#target()
    const op = clipOp({ op: 'copy', rect: r, fromX, fromY }, this.#clipTarget())
    if (op?.op !== 'copy') return
    drawCopy(picture, op)
    this.#queue.drawn({ type: 'copy', scanout: this.number, rect: op.rect, fromX: op.fromX, fromY: op.fromY })
  }

  /**
   * Draws an image, or a part of one.
   * @param fromX the pixel of the image that lands in the rect's top left corner
   * @throws InvalidArgumentError as surface.draw()
   */
  blit(r: Rect, image: GlyphImage | ColourImage, fromX = 0, fromY = 0): void {
    const picture = this.#target()
    const op = clipOp({ op: 'blit', rect: r, image, fromX, fromY }, this.#clipTarget())
    if (op?.op !== 'blit') return
    drawBlit(picture, op)
    if (!this.#queue.tells) return
    if (!this.#queue.wants('blit') || !this.#tellBlit(op, picture.bytesPerPixel)) {
      this.#queue.drawn({ type: 'update', scanout: this.number, rect: op.rect })
    }
  }

  /** Says that pixels in the rect were stored to. */
  update(r: Rect): void {
    const { mode } = this.#shown()
    const part = intersection(r, rect(0, 0, mode.width, mode.height))
    if (!isEmpty(part)) this.#queue.drawn({ type: 'update', scanout: this.number, rect: part })
  }

  /**
   * Colours of format c8.
   * @param first the number of the first one
   * @param colours 0x00RRGGBB each
   * @throws InvalidArgumentError where they are more than 256
   */
  setColours(first: number, colours: ArrayLike<number>): void {
    this.#queue.checkOpen()
    if (!Number.isInteger(first) || first < 0 || first + colours.length > paletteColours) {
      throw new InvalidArgumentError(
        `colours: expected at most ${paletteColours} from 0 on, received ${colours.length} from ${first} on`,
      )
    }
    const table = coloursOf(this.#memory, this.number)
    for (let i = 0; i < colours.length; i++) table[first + i] = colours[i]! & 0xffffff
    if (!this.#queue.say({ type: 'colours', scanout: this.number })) this.#queue.allDirty()
  }

  /**
   * Gives the cursor a shape, and shows it. It is drawn by whoever shows the picture, not into it.
   * @throws InvalidArgumentError for an image of more than 256 pixels in width or height, or with too few bytes
   */
  setCursor(image: CursorImage | undefined, x = 0, y = 0): void {
    this.#cursor.set(image, x, y)
  }

  moveCursor(x: number, y: number): void {
    this.#cursor.move(x, y)
  }

  /** Whatever no table has is said once more, to a backend that has not heard it. */
  repeat(): void {
    this.#cursor.repeat()
  }

  /** Writes what a backend reads at its start. */
  write(): void {
    writeScanout(this.#memory.memory, this.number, this.#state)
    if (this.number === 0 && this.#state) writeFramebufferMode(this.#memory, this.#state.mode)
  }

  #show(state: ScanoutState): void {
    this.#enter(state)
    const { width, height, strideBytes, offsetBytes, format } = state.mode
    writeScanout(this.#memory.memory, this.number, state)
    const depth = format.bytesPerPixel * 8
    const told =
      this.number === 0 &&
      this.#queue.say({ type: 'resize', scanout: 0, width, height, strideBytes, depth, offsetBytes })
    if (!told) this.#tellScanout()
  }

  #enter(state: ScanoutState | undefined): void {
    this.#state = state
    this.#picture = undefined
  }

  #tellScanout(): void {
    if (!this.#queue.say({ type: 'scanout', scanout: this.number })) this.#queue.allDirty()
  }

  #shown(): ScanoutState {
    this.#queue.checkOpen()
    if (this.#state) return this.#state
    throw new InvalidArgumentError(`scanout ${this.number}: expected one with a mode. Call setMode() first.`)
  }

  #check(mode: Mode): Mode {
    const needed = mode.offsetBytes + modeBytes(mode)
    const { pixelsBytes } = this.#memory.layout
    if (needed <= pixelsBytes) return mode
    throw new InvalidArgumentError(
      `mode: ${mode.width}x${mode.height} ${mode.format.name} needs ${needed} bytes, the device has ${pixelsBytes}. ` +
        'Choose a smaller mode, or make the device with a larger pixelsBytes.',
    )
  }

  #target(): DrawablePicture {
    const { mode } = this.#shown()
    if (this.#picture) return this.#picture
    const { memory, layout } = this.#memory
    this.#picture = {
      pixels: new Uint8Array(memory.untracked, layout.pixelsOffset + mode.offsetBytes, modeBytes(mode)),
      strideBytes: mode.strideBytes,
      bytesPerPixel: mode.format.bytesPerPixel,
    }
    return this.#picture
  }

  #clipTarget(): ClipTarget {
    const { width, height, format } = this.#shown().mode
    return { bounds: rect(0, 0, width, height), bytesPerPixel: format.bytesPerPixel }
  }

  /** @returns false where there is no room for the image, or it cannot be told so */
  #tellBlit(op: ClippedBlit, bytesPerPixel: number): boolean {
    const { image, fromX, fromY } = op
    // Bytes of bits are not shifted: what lies left of the scanout may be told, for it is not drawn.
    const shift = 'bits' in image ? fromX % 8 : 0
    if (shift > 0 && op.rect.x1 > 0) return false
    const target = rect(op.rect.x1 - shift, op.rect.y1, op.rect.x2, op.rect.y2)
    const rowBytes = 'bits' in image ? Math.ceil(width(target) / 8) : width(target) * bytesPerPixel
    const rows = height(target)
    const heapOffset = width(target) <= maxSide ? this.#queue.allocate(rowBytes * rows) : undefined
    if (heapOffset === undefined) return false
    const source = 'bits' in image ? image.bits : image.pixels
    const from = fromY * image.strideBytes + ('bits' in image ? fromX >> 3 : fromX * bytesPerPixel)
    this.#queue.heap.write(heapOffset, source, from, image.strideBytes, rowBytes, rows)
    const { foreground = 0, background } = 'bits' in image ? image : {}
    this.#queue.drawn({
      type: 'blit',
      scanout: this.number,
      kind: !('bits' in image) ? 'pixels' : background === undefined ? 'transparentGlyph' : 'glyph',
      rect: target,
      heapOffset,
      strideBytes: rowBytes,
      foreground,
      background: background ?? 0,
    })
    return true
  }
}
