import { area, boundingBox, overlaps, type Rect } from '../geometry/rect.js'

/** Up to so many rects, pairs far apart are tried with all that lies between them too. */
const maxExhaustive = 32

/** One rect in the place of several. */
interface Merger {
  readonly box: Rect
  /** Pixels; it is worth it when this is more than 0. */
  readonly saving: number
}

/**
 * The smallest box that holds two rects of a disjoint list and cuts through none of it: what it would cut, it swallows.
 */
function mergerOf(a: Rect, b: Rect, list: readonly (Rect | undefined)[], rectPixels: number): Merger {
  let box = boundingBox(a, b)
  for (;;) {
    let grown = box
    let saving = -rectPixels - area(box)
    for (const r of list) {
      if (r === undefined || !overlaps(r, box)) continue
      saving += rectPixels + area(r)
      grown = boundingBox(grown, r)
    }
    if (area(grown) === area(box)) return { box, saving }
    box = grown
  }
}

/** What merging two rects saves if nothing else lies in their box. */
function pairSaving(a: Rect, b: Rect, rectPixels: number): number {
  const width = Math.max(a.x2, b.x2) - Math.min(a.x1, b.x1)
  const height = Math.max(a.y2, b.y2) - Math.min(a.y1, b.y1)
  return area(a) + area(b) + rectPixels - width * height
}

/**
 * The list while pairs of it are merged, in the order of y1. Each rect knows its best partner among those after it, so
 * that a merger changes what few rects know.
 */
class BestPairs {
  readonly rects: (Rect | undefined)[]
  /** Rects that are left. */
  count: number
  readonly #rectPixels: number
  readonly #partner: Int32Array
  readonly #saving: Float64Array

  constructor(list: readonly Rect[], rectPixels: number) {
    this.rects = [...list].sort(byTop)
    this.count = list.length
    this.#rectPixels = rectPixels
    this.#partner = new Int32Array(list.length)
    this.#saving = new Float64Array(list.length)
    for (let i = 0; i < list.length; i++) this.#choosePartner(i)
  }

  /** Merges the pair that saves most. @returns false when none is left that saves anything */
  mergeBest(): boolean {
    let best = 0
    for (let i = 1; i < this.rects.length; i++) if (this.#saving[i]! > this.#saving[best]!) best = i
    if (!(this.#saving[best]! > 0)) return false
    const pair = [this.rects[best]!, this.rects[this.#partner[best]!]!] as const
    const { box, saving } = mergerOf(...pair, this.rects, this.#rectPixels)
    if (saving > 0) this.#replace(box)
    else this.#saving[best] = 0
    return true
  }

  /** Puts `box` in the place of all that it covers: of the first of them, whose y1 it has. */
  #replace(box: Rect): void {
    let at = -1
    for (let i = 0; i < this.rects.length; i++) {
      const r = this.rects[i]
      if (r === undefined || !overlaps(r, box)) continue
      if (at < 0) at = i
      this.rects[i] = undefined
      this.#saving[i] = 0
      this.count--
    }
    this.rects[at] = box
    this.count++
    this.#choosePartner(at)
    for (let i = 0; i < this.rects.length; i++) {
      if (this.rects[i] === undefined || i === at) continue
      const partner = this.#partner[i]!
      const isPartnerGone = this.#saving[i]! > 0 && (partner === at || this.rects[partner] === undefined)
      if (isPartnerGone) this.#choosePartner(i)
      else if (i < at) this.#offer(i, at)
    }
  }

  /** Ends where the gap alone, as wide as the rect, costs more than a rect. */
  #choosePartner(i: number): void {
    this.#saving[i] = 0
    const r = this.rects[i]!
    const farthest = r.y2 + this.#rectPixels / (r.x2 - r.x1)
    for (let j = i + 1; j < this.rects.length; j++) {
      const other = this.rects[j]
      if (other === undefined) continue
      if (other.y1 >= farthest) return
      this.#offer(i, j)
    }
  }

  #offer(i: number, j: number): void {
    const saving = pairSaving(this.rects[i]!, this.rects[j]!, this.#rectPixels)
    if (saving <= this.#saving[i]!) return
    this.#saving[i] = saving
    this.#partner[i] = j
  }
}

/** Merges pairs with all that lies between them, while one saves anything: fills holes and notches. */
function fillBetween(list: readonly Rect[], rectPixels: number): Rect[] {
  let rects = [...list]
  for (let before = Number.POSITIVE_INFINITY; rects.length < before; ) {
    before = rects.length
    rects.sort(byTop)
    for (let i = 0; i < rects.length; i++) {
      for (let j = i + 1; j < rects.length; j++) {
        if (rects.length > maxExhaustive) {
          // The boxes of this pass are at the end, out of order: the next pass has them in their places.
          if (rects[j]!.y1 > rects[i]!.y2) break
          if (!touch(rects[i]!, rects[j]!)) continue
        }
        const { box, saving } = mergerOf(rects[i]!, rects[j]!, rects, rectPixels)
        if (saving <= 0) continue
        rects = rects.filter((r) => !overlaps(r, box))
        rects.push(box)
        j = i
      }
    }
  }
  return rects
}

function byTop(a: Rect, b: Rect): number {
  return a.y1 - b.y1
}

function touch(a: Rect, b: Rect): boolean {
  return a.x1 <= b.x2 && b.x1 <= a.x2 && a.y1 <= b.y2 && b.y1 <= a.y2
}

/**
 * Merges rects of a disjoint list while that lowers its cost: rects × rectPixels + pixels. First pair by pair, the best
 * pair first, then pairs with all that lies between them. Takes time with the square of the list's length.
 */
export function merge(list: readonly Rect[], rectPixels: number): Rect[] {
  let rects = list
  for (let before = Number.POSITIVE_INFINITY; rects.length < before; ) {
    before = rects.length
    rects = mergeBestPairs(rects, rectPixels)
  }
  return fillBetween(rects, rectPixels)
}

/** Ends early when half of the list is gone: what is left is handled faster in a list of its own. */
function mergeBestPairs(list: readonly Rect[], rectPixels: number): Rect[] {
  const pairs = new BestPairs(list, rectPixels)
  while (pairs.count > list.length / 2 && pairs.mergeBest());
  return pairs.rects.filter((r) => r !== undefined)
}
