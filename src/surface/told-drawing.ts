import { maxPendingRects } from '../damage/pending.js'
import { composeCopies, copiesNothing, type PictureOp } from '../damage/picture-op.js'
import { type ClipTarget, clipOp, clipRect } from '../draw/clip.js'
import type { CopyOp } from '../draw/op.js'
import { area, type Rect } from '../geometry/rect.js'
import { Region } from '../geometry/region.js'

/** What a writer has drawn in memory already: by an op, or in a way that only the rect is known of. */
export type ToldOp = PictureOp | { readonly op: 'update'; readonly rect: Rect }

/** Knows what writers have drawn: the other end of a ring. */
export interface Teller {
  /**
   * A frame is about to be made: takes what was told until now, and hands it to tell(), markDirty() and markPagesDirty().
   * Pixels are read after that.
   */
  tell(): void
}

/** Who does the ops: on the shadow, and by telling the seats. */
export interface ToldDrawingHost {
  /** False: no sink would be handed it. */
  takes(op: PictureOp['op']): boolean
  repeat(op: PictureOp): void
}

/** Pixels that ops change on the shadow between two frames, in pictures. What is beyond is only compared. */
const maxRepeatedPictures = 8
const maxGatheredRects = 256

/**
 * Drawing that somebody has done in memory, and tells of: which ops to repeat on the shadow, and where to compare.
 *
 * Why the picture comes out right whatever is told. Every rect that was told is compared with memory before the next
 * frame is shown, so that the shadow equals memory there: what the writer really did wins. An op that is repeated is done
 * on the shadow and handed to the seats at once, which is all that PendingDamage's argument asks for; it speaks of shadow
 * and viewers, not of memory. What comparing finds after that is damage like any other.
 *
 * So an op is a guess at what the comparison will find. It may be wrong (the writer lied, or drew on before it was
 * compared, so that the shadow had a later op's pixels already), be left out, or be joined with another: that costs
 * damage, and never a pixel. Therefore
 *
 * - blits and exclusive-ors are not repeated: they are damage in any case, and comparing finds it more exactly;
 * - nor are ops that no sink takes;
 * - copies of the same area, a console's scrolling, are done as one.
 */
export class ToldDrawing {
  readonly #host: ToldDrawingHost
  readonly #toCompare = new Region(maxPendingRects)
  /** Rects that are not in the region yet: many at once cost it little more than one. */
  readonly #gathered = new Int32Array(4 * maxGatheredRects)
  #gatheredCount = 0
  /** Copies to the same area that follow each other, as one. */
  #scroll: { readonly area: Rect; readonly copy: CopyOp } | undefined
  #repeatedPixels = 0
  #mostRepeatedPixels = 0

  constructor(host: ToldDrawingHost) {
    this.#host = host
  }

  /** Nothing was told since the last frame. */
  get isEmpty(): boolean {
    return this.#gatheredCount === 0 && this.#toCompare.isEmpty
  }

  /** @throws InvalidArgumentError as of Surface.draw() */
  add(op: ToldOp, target: ClipTarget): void {
    const clipped = op.op === 'update' ? undefined : (clipOp(op, target) as PictureOp | undefined)
    // All of a copy's rect, also where its source lies outside: nobody knows what was drawn there.
    const drawn = clipRect(op.rect, target.bounds)
    if (!drawn) return
    this.#compare(drawn)
    this.#mostRepeatedPixels = maxRepeatedPictures * area(target.bounds)
    if (clipped && this.#host.takes(clipped.op)) this.#guess(clipped)
  }

  /** All that belongs to the frame was told: repeats what is left. @returns where to compare now */
  finish(): Region {
    this.#repeatScroll()
    this.#repeatedPixels = 0
    this.#addGathered()
    return this.#toCompare
  }

  /** Nothing is left to compare: finish()'s region was, or all will be. */
  clear(): void {
    this.#scroll = undefined
    this.#gatheredCount = 0
    this.#toCompare.clear()
  }

  #compare({ x1, y1, x2, y2 }: Rect): void {
    if (this.#gatheredCount === maxGatheredRects) this.#addGathered()
    const at = 4 * this.#gatheredCount++
    this.#gathered[at] = x1
    this.#gathered[at + 1] = y1
    this.#gathered[at + 2] = x2
    this.#gathered[at + 3] = y2
  }

  #addGathered(): void {
    this.#toCompare.addRects(this.#gathered, this.#gatheredCount)
    this.#gatheredCount = 0
  }

  #guess(op: PictureOp): void {
    if (op.op === 'copy') {
      const scroll = this.#scroll
      if (scroll && sameRect(scroll.area, op.rect)) {
        this.#scroll = { area: op.rect, copy: composeCopies(scroll.copy, op) }
      } else {
        this.#repeatScroll()
        this.#scroll = { area: op.rect, copy: op }
      }
    } else {
      this.#repeatScroll()
      this.#repeat(op)
    }
  }

  #repeatScroll(): void {
    const copy = this.#scroll?.copy
    this.#scroll = undefined
    if (copy && !copiesNothing(copy)) this.#repeat(copy)
  }

  #repeat(op: PictureOp): void {
    this.#repeatedPixels += area(op.rect)
    if (this.#repeatedPixels <= this.#mostRepeatedPixels) this.#host.repeat(op)
  }
}

function sameRect(a: Rect, b: Rect): boolean {
  return a.x1 === b.x1 && a.y1 === b.y1 && a.x2 === b.x2 && a.y2 === b.y2
}
