import type { CopyOp } from '../draw/op.js'
import { area, containsRect, type Rect } from '../geometry/rect.js'
import { Region } from '../geometry/region.js'
import { type CoalesceCost, coalesce } from './coalesce.js'
import { composeCopies, copiesNothing, type PictureOp } from './picture-op.js'

/** Most rects of a sink's pending damage. Beyond it, damage is rounded to a coarser grid (see Region). */
export const maxPendingRects = 4096

/** Most ops that wait for a sink. One more, and what they changed is damage. */
export const maxPendingOps = 16

/** What brings a viewer's picture up to date: the ops, in order, and then the newest pixels of the damage. */
export interface Changes {
  readonly ops: readonly PictureOp[]
  /** Disjoint. */
  readonly damage: readonly Rect[]
}

const scratch = new Region(maxPendingRects)

/**
 * What one sink still owes its viewer: ops that the viewer can do by itself, and damage. Both wait; `take` hands them to
 * one present; the present either showed them, or gives them back to what waits.
 *
 * Why the viewer's picture comes out right. Let V be that picture as it is once the present under way has ended well,
 * S the newest picture. Two things hold after every call:
 *
 * 1. Outside of the damage that waits or is under way, the waiting ops turn V into S.
 * 2. Outside of the damage that waits and the rects of the waiting ops, S is as it was at the last `take`.
 *
 * A store's damage and a fill keep both plainly. A copy brings right pixels only from where V has them: whatever comes
 * from damage is damage where it arrives. Damage under way counts here too, since a slow present may read pixels that
 * are newer than its frame, and so have been copied already. What a copy or fill overwrites with right pixels is no
 * damage any more: the damage is shown after the ops, wherever it came from. That is why one region is enough for damage
 * from before and after an op.
 *
 * By 1, taking ops and damage together gives S. By 2, a present that failed, whatever it did to the picture inside of
 * what it took, is made good by damage: of what it took, and of what changed since.
 */
export class PendingDamage {
  readonly #waiting = new Region(maxPendingRects)
  #ops: PictureOp[] = []
  readonly #taken = new Region(maxPendingRects)
  /** The rects of the ops under way. */
  readonly #takenOps = new Region(maxPendingRects)

  /** True when nothing waits. What was taken does not wait. */
  get isEmpty(): boolean {
    return this.#waiting.isEmpty && this.#ops.length === 0
  }

  /** The ops that wait, in order. */
  get ops(): readonly PictureOp[] {
    return this.#ops
  }

  add(damage: Region): void {
    this.#waiting.add(damage)
  }

  addRect(damage: Rect): void {
    this.#waiting.addRect(damage)
  }

  /** The surface has done this op. */
  addOp(op: PictureOp): void {
    if (op.op === 'copy') {
      this.#addCopy(op)
    } else {
      this.#waiting.subtractRect(op.rect)
      while (this.#ops.length > 0 && containsRect(op.rect, this.#ops.at(-1)!.rect)) this.#ops.pop()
      this.#ops.push(op)
    }
    if (this.#ops.length > maxPendingOps) this.demoteOps()
  }

  /** Damage instead of the ops: for a sink that can do them no longer. */
  demoteOps(): void {
    for (const { rect } of this.#ops) this.#waiting.addRect(rect)
    this.#ops = []
  }

  /** The viewer has lost this part of its picture, so that ops that copy from there, those under way too, copied nothing. */
  lose(part: Rect): void {
    this.demoteOps()
    this.#waiting.add(this.#takenOps)
    this.#waiting.addRect(part)
  }

  /**
   * Moves all that waits to a present. What an earlier present neither showed nor gave back counts as given back: on any
   * doubt it was not shown.
   */
  take(cost: CoalesceCost): Changes {
    this.giveBack()
    // What the damage covers anyway, and no later op copies from, need not be done.
    while (this.#ops.length > 0 && this.#isDamage(this.#ops.at(-1)!.rect)) this.#ops.pop()
    const ops = this.#ops
    this.#ops = []
    for (const { rect } of ops) this.#takenOps.addRect(rect)
    const damage = coalesce(this.#waiting, cost)
    // The rects rather than the region: what lies between is read and shown, too.
    for (const rect of damage) this.#taken.addRect(rect)
    this.#waiting.clear()
    return { ops, damage }
  }

  /** The present that took the changes showed them. */
  shown(): void {
    this.#taken.clear()
    this.#takenOps.clear()
  }

  /** The present failed: all that it took is damage, and all that came since. */
  giveBack(): void {
    if (this.#taken.isEmpty && this.#takenOps.isEmpty) return
    this.demoteOps()
    this.#waiting.add(this.#taken)
    this.#waiting.add(this.#takenOps)
    this.shown()
  }

  /** Forgets all damage outside of a surface that has a new size. */
  clip(surface: Rect): void {
    this.demoteOps()
    for (const region of [this.#waiting, this.#taken, this.#takenOps]) region.intersectRect(surface)
  }

  #addCopy(copy: CopyOp): void {
    const { rect: to, fromX, fromY } = copy
    const from = { x1: fromX, y1: fromY, x2: fromX + to.x2 - to.x1, y2: fromY + to.y2 - to.y1 }
    const wrong = new Region(maxPendingRects)
    for (const region of [this.#waiting, this.#taken]) {
      scratch.copyFrom(region)
      scratch.intersectRect(from)
      wrong.add(scratch)
    }
    wrong.translate(to.x1 - fromX, to.y1 - fromY)
    this.#waiting.subtractRect(to)
    this.#waiting.add(wrong)
    if (wrong.area < area(to)) this.#appendCopy(copy)
  }

  /** Scrolls of the same area add up: the strip in which two differ from one was drawn in between, and is damage. */
  #appendCopy(copy: CopyOp): void {
    const last = this.#ops.at(-1)
    if (last?.op === 'copy') {
      const one = composeCopies(last, copy)
      const differs = Region.of(last.rect, copy.rect)
      differs.subtractRect(one.rect)
      differs.subtract(this.#waiting)
      if (differs.isEmpty) {
        this.#ops.pop()
        if (!copiesNothing(one)) this.#ops.push(one)
        return
      }
    }
    this.#ops.push(copy)
  }

  #isDamage(part: Rect): boolean {
    scratch.copyFrom(this.#waiting)
    scratch.intersectRect(part)
    return scratch.area === area(part)
  }
}
