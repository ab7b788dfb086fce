import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PictureOp, PictureOpName } from '../damage/picture-op.js'
import { boundingBox, containsRect, intersection, isEmpty, type Rect, rect } from '../geometry/rect.js'
import type { Mode } from '../surface/mode.js'
import type { Attachment, Frame, Sink } from '../surface/sink.js'
import type { ClientParameters } from './client-parameters.js'
import { CursorNews } from './cursor-news.js'
import type { Display } from './display.js'
import { copyRect } from './encodings/copy-rect.js'
import type { Picture } from './encodings/encoding.js'
import type { Outbox } from './outbox.js'
import { blackPicture, padding } from './padding.js'
import { cutIntoPieces } from './pieces.js'
import { resizeReasons } from './protocol.js'
import { type ResizeStatus, SizeNews } from './size-news.js'
import {
  bell,
  desktopSizeRect,
  extendedDesktopSizeRect,
  extendedKeysRect,
  framebufferUpdate,
  rectHeader,
  setColourMapEntries,
} from './writer.js'

/** An update's count of rects has 16 bits; room is left for the size and for padding. */
const maxPieces = 60_000
/** So long may an update hold up everyone else before the event loop turns. */
const sliceMs = 2
/** A rect's header, and what its own run of an encoder costs, in pixels. */
const rectPixels = 64

interface Piece {
  readonly picture: Picture
  readonly part: Rect
}

export interface UpdateLoopOptions {
  /** Of the sink: 'rfb 127.0.0.1:41234'. */
  readonly name: string
  readonly outbox: Outbox
  readonly parameters: ClientParameters
  /** Knows the pointer's shape and place. */
  readonly display: Pick<Display, 'cursor' | 'pointer' | 'bounds'>
  /** The framebuffer's size as ServerInit said it. */
  readonly size: { readonly width: number; readonly height: number }
  /** An update broke off in the middle: the stream is of no use any more. */
  readonly onFailure: (error: unknown) => void
  readonly onSurfaceClosed: () => void
}

/**
 * One viewer's seat at the surface. Pull: an update is sent when the viewer has asked for one and there is something to
 * show, and shows the newest frame. A present settles when nearly all of it is taken by the viewer's system, so that
 * damage gathers in the seat, and nothing in memory, for who reads slowly.
 */
export class UpdateLoop implements Sink {
  readonly name: string
  readonly cost = { rectPixels }
  readonly #options: UpdateLoopOptions
  #attachment!: Attachment
  /** What the viewer believes that the framebuffer's size is. */
  #size: { readonly width: number; readonly height: number }
  #surfaceSize: { readonly width: number; readonly height: number }
  #updates = 0
  /** The size has changed: what the viewer shows is undefined (RFC 6143, 7.8.2), whatever it asks for. */
  #contentsVoid = false
  #paddingOwed = false
  readonly #sizeNews = new SizeNews()
  readonly #cursorNews: CursorNews
  /** An update is on its way, so that no other message may be. */
  #updating = false
  #bellOwed = false

  constructor(options: UpdateLoopOptions) {
    this.name = options.name
    this.#options = options
    this.#cursorNews = new CursorNews(options.display, options.parameters)
    this.#size = options.size
    this.#surfaceSize = options.size
  }

  /** Updates sent. */
  get updates(): number {
    return this.#updates
  }

  /** Copies, where what the viewer shows is all of the surface. Fills are damage: encoders make little of them. */
  get takesOps(): readonly PictureOpName[] {
    return this.#options.parameters.copyRect && !this.#contentsVoid && this.#sizeIsTold ? ['copy'] : []
  }

  get #sizeIsTold(): boolean {
    const { width, height } = this.#surfaceSize
    return width === this.#size.width && height === this.#size.height
  }

  start(attachment: Attachment): void {
    this.#attachment = attachment
  }

  /**
   * The viewer asks for an update (RFC 6143, 7.5.3). Its rect matters only where it must be shown again: what else has
   * changed is sent along, wherever it lies.
   */
  request(incremental: boolean, wanted: Rect): void {
    if (incremental && !this.#contentsVoid) {
      this.#attachment.request()
      return
    }
    if (!incremental) this.#sizeNews.ask()
    const all = rect(0, 0, this.#size.width, this.#size.height)
    const part = this.#contentsVoid ? all : intersection(wanted, all)
    const { width, height } = this.#surfaceSize
    const shown = intersection(part, rect(0, 0, width, height))
    this.#contentsVoid = false
    this.#paddingOwed ||= part.x2 > width || part.y2 > height
    // Who asks for nothing, or for what lies outside, is answered all the same: by a pixel.
    this.#attachment.request(isEmpty(shown) ? rect(0, 0, 1, 1) : shown)
  }

  async present(frame: Frame, signal: AbortSignal): Promise<void> {
    this.#updating = true
    await this.#update(frame, signal)
    this.#updating = false
    if (this.#bellOwed) this.bell()
    await this.#options.outbox.room()
  }

  modeChanged(mode: Mode, by: object | undefined): void {
    this.#surfaceSize = mode
    this.#paddingOwed = true
    this.#sizeNews.change(by, this)
  }

  /** The viewer wished for another size, and this came of it. */
  answerResize(status: ResizeStatus): void {
    this.#sizeNews.answer(status)
    if (this.#options.parameters.extendedDesktopSize) this.#attachment.news()
  }

  cursorChanged(): void {
    if (!this.#cursorNews.isEmpty) this.#attachment.news()
  }

  /** The viewer may know of more, or of less. */
  parametersChanged(): void {
    this.cursorChanged()
  }

  /** The viewer moved its pointer. */
  pointerMoved(): void {
    this.#cursorNews.movedByViewer()
  }

  /** Between two updates. One that is rung while the last one waits to be taken is the same. */
  bell(): void {
    this.#bellOwed = this.#updating
    const { outbox } = this.#options
    if (!this.#updating && outbox.unsentBytes === 0) outbox.send(bell())
  }

  presentFailed(error: unknown): void {
    this.#options.onFailure(error)
  }

  surfaceClosed(): void {
    this.#options.onSurfaceClosed()
  }

  async #update(frame: Frame, signal: AbortSignal): Promise<void> {
    const { outbox, parameters } = this.#options
    const { width, height } = frame.mode
    const answered = parameters.extendedDesktopSize && this.#tellExtendedSize(frame)
    const resize = parameters.desktopSize && (this.#size.width !== width || this.#size.height !== height)
    // The first update must show something: a size alone sends some viewers round in circles, or to sleep.
    const pieces = resize && this.#updates > 0 ? [] : this.#cut(frame)
    const cursor = resize ? [] : this.#cursorNews.take()
    if (!resize && pieces.length + frame.ops.length + cursor.length === 0) {
      // All that changed lies beyond what the viewer knows of. It still waits.
      if (!answered) this.#attachment.request()
      return
    }
    // Between two updates, and not at once: a viewer that changes its mind all the time is told once.
    if (parameters.takeColourMapOwed()) outbox.send(setColourMapEntries())
    // Beside pixels, as a size is: some viewers hang at an update of nothing else.
    const extendedKeys = pieces.length > 0 && parameters.takeExtendedKeysOwed()
    const others = cursor.length + (resize ? 1 : 0) + (extendedKeys ? 1 : 0)
    const header = framebufferUpdate(frame.ops.length + pieces.length + others)
    const before = [header, ...copies(frame.ops), ...cursor]
    if (pieces.length === 0) outbox.send(...before)
    else await this.#sendPieces(before, pieces, signal)
    if (extendedKeys) outbox.send(extendedKeysRect())
    if (resize) {
      outbox.send(desktopSizeRect(frame.mode))
      this.#size = { width, height }
      this.#contentsVoid = true
    }
    this.#updates++
  }

  /**
   * In an update of its own, which has no pixels; those of another size follow in the next one. @returns true where there was
   * something to tell
   */
  #tellExtendedSize({ mode, damage }: Frame): boolean {
    const rects = this.#sizeNews.take(mode)
    const { width, height } = mode
    if (this.#size.width !== width || this.#size.height !== height) {
      if (rects.length === 0) rects.push(extendedDesktopSizeRect(mode, resizeReasons.server))
      this.#size = { width, height }
      this.#paddingOwed = false
      // Where it has listed the encoding long after the change, not all that it lacks is damage.
      const all = rect(0, 0, width, height)
      this.#contentsVoid = !damage.some((part) => containsRect(part, all))
    }
    if (rects.length === 0) return false
    this.#options.outbox.send(framebufferUpdate(rects.length), ...rects)
    return true
  }

  /** @param before what is sent with the first one, if it comes so far */
  async #sendPieces(
    before: readonly Uint8Array[],
    pieces: readonly Piece[],
    signal: AbortSignal,
  ): Promise<void> {
    const { outbox, parameters } = this.#options
    // Read once: what the viewer asks for meanwhile is for the next update.
    const { format, encoding } = parameters
    const encoder = parameters.encoder()
    let sliceStartMs = performance.now()
    for (const [i, { picture, part }] of pieces.entries()) {
      await outbox.room()
      const bytes = await encoder.encode(picture, part, format)
      signal.throwIfAborted()
      outbox.send(...(i === 0 ? before : []), rectHeader(part, encoding.id), bytes)
      if (performance.now() - sliceStartMs > sliceMs) {
        await nextTurn()
        sliceStartMs = performance.now()
      }
    }
  }

  #cut(frame: Frame): Piece[] {
    const all = rect(0, 0, this.#size.width, this.#size.height)
    const damage = frame.damage.map((part) => intersection(part, all)).filter((part) => !isEmpty(part))
    let parts = cutIntoPieces(damage)
    if (parts.length > maxPieces) parts = cutIntoPieces([damage.reduce(boundingBox)])
    const pieces: Piece[] = parts.map((part) => ({ picture: frame, part }))
    if (this.#paddingOwed) {
      const picture = blackPicture(this.#size)
      const strips = cutIntoPieces(padding(this.#size, frame.mode))
      pieces.push(...strips.map((part) => ({ picture, part })))
      this.#paddingOwed = false
    }
    return pieces
  }
}

/** The ops as rects without pixels, in order. */
function copies(ops: readonly PictureOp[]): Uint8Array[] {
  return ops.flatMap((op) =>
    op.op === 'copy' ? [rectHeader(op.rect, copyRect.id), copyRect.encode(op)] : [],
  )
}
