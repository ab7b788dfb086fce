import type { CursorShape } from '../surface/cursor.js'
import type { ClientParameters } from './client-parameters.js'
import type { Display } from './display.js'
import { encodeAlphaCursor, encodeCursor } from './encodings/cursor.js'
import { cursorRect, pointerRect } from './writer.js'

/** A guest follows its viewer's pointer; what it says of that so soon would pull the pointer back. */
const echoMs = 500

/** What a viewer is owed of the pointer: the newest shape and place, where it can show them and does not have them. */
export class CursorNews {
  readonly #display: Pick<Display, 'cursor' | 'pointer' | 'bounds'>
  readonly #parameters: ClientParameters
  #shape: CursorShape | undefined
  #place: Display['pointer']
  #movedAtMs = Number.NEGATIVE_INFINITY

  constructor(display: Pick<Display, 'cursor' | 'pointer' | 'bounds'>, parameters: ClientParameters) {
    this.#display = display
    this.#parameters = parameters
  }

  get isEmpty(): boolean {
    return !this.#owesShape && !this.#owesPlace
  }

  get #owesShape(): boolean {
    return this.#parameters.cursor !== undefined && this.#display.cursor !== this.#shape
  }

  get #owesPlace(): boolean {
    const isMoving = performance.now() - this.#movedAtMs < echoMs
    return this.#parameters.pointerPos && !isMoving && this.#display.pointer !== this.#place
  }

  /** The viewer has moved its pointer by itself. */
  movedByViewer(): void {
    this.#movedAtMs = performance.now()
  }

  /** @returns rects for an update, headers and all */
  take(): Uint8Array[] {
    const rects: Uint8Array[] = []
    const { cursor, pointer, bounds } = this.#display
    if (this.#owesShape && cursor) {
      const hasAlpha = this.#parameters.cursor === 'alpha'
      const bytes = hasAlpha ? encodeAlphaCursor(cursor) : encodeCursor(cursor, this.#parameters.format)
      rects.push(Buffer.concat([cursorRect(cursor, hasAlpha), bytes]))
      this.#shape = cursor
    }
    if (this.#owesPlace && pointer) {
      const inside = (at: number, end: number) => Math.min(Math.max(at, 0), end - 1)
      rects.push(pointerRect(inside(pointer.x, bounds.x2), inside(pointer.y, bounds.y2)))
      this.#place = pointer
    }
    return rects
  }
}
