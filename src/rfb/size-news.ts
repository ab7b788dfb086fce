import { resizeReasons, resizeStatuses } from './protocol.js'
import { extendedDesktopSizeRect } from './writer.js'

export type ResizeStatus = (typeof resizeStatuses)[keyof typeof resizeStatuses]

/**
 * What a viewer that knows ExtendedDesktopSize is owed of the framebuffer's size (the RFB protocol's community
 * specification). At most three rects: a change, the answer to its own wish, and what it asked for. Of several of a kind the
 * newest says all.
 */
export class SizeNews {
  #change: number | undefined
  #answer: ResizeStatus | undefined
  #asked = false

  /** The viewer asks for the picture anew: it is told its size too. */
  ask(): void {
    this.#asked = true
  }

  /** @param by who wished for the mode; `viewer`: this one */
  change(by: object | undefined, viewer: object): void {
    this.#change =
      by === undefined
        ? resizeReasons.server
        : by === viewer
          ? resizeReasons.viewer
          : resizeReasons.otherViewer
  }

  answer(status: ResizeStatus): void {
    // That all went well is said by the change itself, where there is one.
    if (status === resizeStatuses.ok && this.#change === resizeReasons.viewer) return
    this.#answer = status
  }

  /** @returns rects for an update of their own */
  take(size: { readonly width: number; readonly height: number }): Uint8Array[] {
    const rects: Uint8Array[] = []
    if (this.#change !== undefined) rects.push(extendedDesktopSizeRect(size, this.#change))
    if (this.#answer !== undefined)
      rects.push(extendedDesktopSizeRect(size, resizeReasons.viewer, this.#answer))
    if (this.#asked && rects.length === 0) rects.push(extendedDesktopSizeRect(size, resizeReasons.server))
    this.#change = undefined
    this.#answer = undefined
    this.#asked = false
    return rects
  }
}
