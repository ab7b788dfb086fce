import { BandBuilder, combine, type Operation, operations, sweep } from './bands.js'
import { type Rect, rect } from './rect.js'

const builder = new BandBuilder()
const single = new Int32Array(4)
let list = new Int32Array(4 * 64)
let active = new Int32Array(64)

/** Coordinates beyond this are cut off: room for sums and translations within int32. */
const farthest = 2 ** 29

/** A grid as coarse as this is not tried: all becomes one rect. */
const largestCell = 2 ** 16

function clampCoordinate(value: number): number {
  return Math.max(-farthest, Math.min(farthest, value))
}

/** A region of its own for one rect, rounded outward to whole pixels. */
function setSingle(r: Rect): number {
  single[0] = clampCoordinate(Math.floor(r.x1))
  single[1] = clampCoordinate(Math.floor(r.y1))
  single[2] = clampCoordinate(Math.ceil(r.x2))
  single[3] = clampCoordinate(Math.ceil(r.y2))
  return single[0] < single[2] && single[1] < single[3] ? 1 : 0
}

function reserveList(count: number): void {
  if (count > active.length) {
    active = new Int32Array(2 * count)
    const grown = new Int32Array(8 * count)
    grown.set(list)
    list = grown
  }
}

/** Shell sort by y1 of `list`: in place, and a plain pass over what is sorted already. */
function sortListByTop(count: number): void {
  for (let gap = isListSorted(count) ? 0 : count >> 1; gap > 0; gap >>= 1) {
    for (let i = gap; i < count; i++) {
      const [x1, y1, x2, y2] = [list[4 * i]!, list[4 * i + 1]!, list[4 * i + 2]!, list[4 * i + 3]!]
      let at = i
      for (; at >= gap && list[4 * (at - gap) + 1]! > y1; at -= gap) {
        list.copyWithin(4 * at, 4 * (at - gap), 4 * (at - gap) + 4)
      }
      list[4 * at] = x1
      list[4 * at + 1] = y1
      list[4 * at + 2] = x2
      list[4 * at + 3] = y2
    }
  }
}

function isListSorted(count: number): boolean {
  for (let i = 1; i < count; i++) if (list[4 * i - 3]! > list[4 * i + 1]!) return false
  return true
}

/** Rounds the rects of `list` outward to a grid of cells, but not beyond the box that they have together. */
function roundListToCells(count: number, cell: number): void {
  let [x1, y1, x2, y2] = [farthest, farthest, -farthest, -farthest]
  for (let i = 0; i < 4 * count; i += 4) {
    if (list[i]! >= list[i + 2]! || list[i + 1]! >= list[i + 3]!) continue
    x1 = Math.min(x1, list[i]!)
    y1 = Math.min(y1, list[i + 1]!)
    x2 = Math.max(x2, list[i + 2]!)
    y2 = Math.max(y2, list[i + 3]!)
  }
  for (let i = 0; i < 4 * count; i += 4) {
    if (list[i]! >= list[i + 2]! || list[i + 1]! >= list[i + 3]!) continue
    const whole = cell >= largestCell
    list[i] = whole ? x1 : Math.max(x1, list[i]! & -cell)
    list[i + 1] = whole ? y1 : Math.max(y1, list[i + 1]! & -cell)
    list[i + 2] = whole ? x2 : Math.min(x2, (list[i + 2]! + cell - 1) & -cell)
    list[i + 3] = whole ? y2 : Math.min(y2, (list[i + 3]! + cell - 1) & -cell)
  }
}

/**
 * A set of pixels, kept as disjoint rects in bands (see bands.ts): equal sets have equal rects. Verbs change the region,
 * queries do not; in steady use neither kind that is called once a frame allocates memory.
 *
 * Coordinates are whole pixels within ±2^29. A rect is rounded outward to whole pixels; an empty one adds nothing.
 *
 * A region with `maxRects` never has more: where the exact result would, the verb gives a superset of it, rounded to a
 * grid coarse enough, that does not reach beyond the box of what the verb was given.
 */
export class Region {
  readonly maxRects: number
  #rects = new Int32Array(4 * 4)
  #count = 0

  /** @param maxRects at least 1 */
  constructor(maxRects = Number.POSITIVE_INFINITY) {
    this.maxRects = maxRects
  }

  static of(...rects: readonly Rect[]): Region {
    const region = new Region()
    for (const r of rects) region.addRect(r)
    return region
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  get rectCount(): number {
    return this.#count
  }

  /** The rects as quadruples x1, y1, x2, y2; the first `rectCount` count. Read only, until the next verb. */
  get flat(): Int32Array {
    return this.#rects
  }

  /** The smallest rect that holds the region; 0, 0, 0, 0 of an empty one. */
  get bounds(): Rect {
    if (this.#count === 0) return rect(0, 0, 0, 0)
    let x1 = farthest
    let x2 = -farthest
    for (let i = 0; i < 4 * this.#count; i += 4) {
      x1 = Math.min(x1, this.#rects[i]!)
      x2 = Math.max(x2, this.#rects[i + 2]!)
    }
    return rect(x1, this.#rects[1]!, x2, this.#rects[4 * this.#count - 1]!)
  }

  /** Pixels. */
  get area(): number {
    let sum = 0
    for (let i = 0; i < 4 * this.#count; i += 4) {
      sum += (this.#rects[i + 2]! - this.#rects[i]!) * (this.#rects[i + 3]! - this.#rects[i + 1]!)
    }
    return sum
  }

  /** From top to bottom, from left to right. */
  rects(): Rect[] {
    const rects: Rect[] = []
    for (let i = 0; i < 4 * this.#count; i += 4) {
      rects.push(rect(this.#rects[i]!, this.#rects[i + 1]!, this.#rects[i + 2]!, this.#rects[i + 3]!))
    }
    return rects
  }

  /** True when the pixel is in the region. */
  contains(x: number, y: number): boolean {
    for (let i = 0; i < 4 * this.#count && this.#rects[i + 1]! <= y; i += 4) {
      if (y < this.#rects[i + 3]! && this.#rects[i]! <= x && x < this.#rects[i + 2]!) return true
    }
    return false
  }

  equals(other: Region): boolean {
    if (this.#count !== other.#count) return false
    for (let i = 0; i < 4 * this.#count; i++) if (this.#rects[i] !== other.#rects[i]) return false
    return true
  }

  clear(): void {
    this.#count = 0
  }

  copyFrom(other: Region): void {
    if (other !== this) this.setRects(other.#rects, other.#count)
  }

  /** @param rects quadruples x1, y1, x2, y2 in any order; they may overlap and be empty */
  setRects(rects: Int32Array, count: number): void {
    this.#count = 0
    this.addRects(rects, count)
  }

  /** @param rects as of setRects */
  addRects(rects: Int32Array, count: number): void {
    if (count === 0) return
    reserveList(this.#count + count)
    for (let i = 0; i < 4 * this.#count; i++) list[i] = this.#rects[i]!
    let at = 4 * this.#count
    for (let i = 0; i < 4 * count; i += 4) {
      // An empty rect has edges, and would cut the grid that an overfull region is rounded to.
      if (rects[i]! >= rects[i + 2]! || rects[i + 1]! >= rects[i + 3]!) continue
      for (let edge = i; edge < i + 4; edge++) list[at++] = clampCoordinate(rects[edge]!)
    }
    this.#build(at / 4)
  }

  add(other: Region): void {
    if (!this.#combine(other.#rects, other.#count, operations.union))
      this.addRects(other.#rects, other.#count)
  }

  addRect(r: Rect): void {
    const count = setSingle(r)
    if (!this.#combine(single, count, operations.union)) this.addRects(single, count)
  }

  /** With `maxRects` exceeded, nothing is taken away. */
  subtract(other: Region): void {
    this.#combine(other.#rects, other.#count, operations.subtract)
  }

  /** With `maxRects` exceeded, nothing is taken away. */
  subtractRect(r: Rect): void {
    this.#combine(single, setSingle(r), operations.subtract)
  }

  /** With `maxRects` exceeded, the region is cut to the bounds of the other. */
  intersect(other: Region): void {
    if (!this.#combine(other.#rects, other.#count, operations.intersect)) this.intersectRect(other.bounds)
  }

  intersectRect(r: Rect): void {
    this.#combine(single, setSingle(r), operations.intersect)
  }

  /** Moves the region by whole pixels. */
  translate(dx: number, dy: number): void {
    for (let i = 0; i < 4 * this.#count; i += 2) {
      this.#rects[i] = this.#rects[i]! + dx
      this.#rects[i + 1] = this.#rects[i + 1]! + dy
    }
  }

  /** @returns false, with nothing changed, when the result has more than `maxRects` rects */
  #combine(rects: Int32Array, count: number, operation: Operation): boolean {
    if (!combine(this.#rects, this.#count, rects, count, operation, this.maxRects, builder)) return false
    this.#takeBuilt()
    return true
  }

  /** From the first `count` rects of `list`. Cells grow until the rects are few enough. */
  #build(count: number): void {
    sortListByTop(count)
    for (let cell = 2; !sweep(list, count, active, this.maxRects, builder); cell *= 2) {
      roundListToCells(count, cell)
    }
    this.#takeBuilt()
  }

  /** Takes the builder's array and leaves it the old one, so that nothing is copied. */
  #takeBuilt(): void {
    const { rects, count } = builder
    builder.rects = this.#rects
    this.#rects = rects
    this.#count = count
  }
}
