import type { Rect } from '../geometry/rect.js'
import { Region } from '../geometry/region.js'

/** Most rects of a sink's pending damage. Beyond it, damage is rounded to a coarser grid (see Region). */
export const maxPendingRects = 4096

/**
 * What one sink still owes its viewer. Damage waits; `take` hands it over to one present; the present either showed it,
 * or gives it back to what waits.
 */
export class PendingDamage {
  readonly #waiting = new Region(maxPendingRects)
  readonly #taken = new Region(maxPendingRects)

  /** True when nothing waits. What was taken does not wait. */
  get isEmpty(): boolean {
    return this.#waiting.isEmpty
  }

  add(damage: Region): void {
    this.#waiting.add(damage)
  }

  addRect(damage: Rect): void {
    this.#waiting.addRect(damage)
  }

  /**
   * Moves all that waits to a present. What an earlier present neither showed nor gave back is part of it: on any
   * doubt it was not shown.
   * @returns a region that is valid until the next call of `take`, `shown` or `giveBack`
   */
  take(): Region {
    this.#taken.add(this.#waiting)
    this.#waiting.clear()
    return this.#taken
  }

  /** The present that took the damage showed it. */
  shown(): void {
    this.#taken.clear()
  }

  /** The present failed: its damage waits again. */
  giveBack(): void {
    this.#waiting.add(this.#taken)
    this.#taken.clear()
  }

  /** Forgets all damage outside of a surface that has a new size. */
  clip(surface: Rect): void {
    this.#waiting.intersectRect(surface)
    this.#taken.intersectRect(surface)
  }
}
