/**
 * The banded form of a region, as X11 and pixman keep it (pixman-region.c): rects as int32 quadruples x1, y1, x2, y2 in
 * one flat array. Rects of a band share y1 and y2, go from left to right and do not touch; bands go from top to bottom;
 * two adjacent bands never have the same intervals. So equal sets of pixels are equal arrays.
 */

const stop = Number.MAX_SAFE_INTEGER

/** Writes a banded region from top to bottom. Its array only grows, so that a builder in use allocates nothing. */
export class BandBuilder {
  rects = new Int32Array(4 * 64)
  count = 0
  #maxRects = 0
  #previousBand = 0
  #band = 0
  #y1 = 0
  #y2 = 0

  begin(maxRects: number): void {
    this.count = 0
    this.#maxRects = maxRects
    this.#previousBand = 0
  }

  beginBand(y1: number, y2: number): void {
    this.#band = this.count
    this.#y1 = y1
    this.#y2 = y2
  }

  /** Appends x1 ≤ x < x2 to the band; `x1` never decreases, and intervals that touch or overlap become one. */
  addInterval(x1: number, x2: number): void {
    const last = 4 * (this.count - 1)
    if (this.count > this.#band && x1 <= this.rects[last + 2]!) {
      if (x2 > this.rects[last + 2]!) this.rects[last + 2] = x2
      return
    }
    const end = 4 * this.count
    if (end === this.rects.length) this.#grow()
    this.rects[end] = x1
    this.rects[end + 1] = this.#y1
    this.rects[end + 2] = x2
    this.rects[end + 3] = this.#y2
    this.count++
  }

  /** @returns false when the region has more rects than it may have: it is of no use then. */
  endBand(): boolean {
    if (this.#repeatsPreviousBand()) {
      for (let i = this.#previousBand; i < this.#band; i++) this.rects[4 * i + 3] = this.#y2
      this.count = this.#band
    } else if (this.count > this.#band) {
      this.#previousBand = this.#band
    }
    return this.count <= this.#maxRects
  }

  #repeatsPreviousBand(): boolean {
    const { rects } = this
    const size = this.count - this.#band
    if (size === 0 || size !== this.#band - this.#previousBand) return false
    if (rects[4 * this.#previousBand + 3] !== this.#y1) return false
    for (let i = 4 * this.#previousBand, j = 4 * this.#band; j < 4 * this.count; i += 4, j += 4) {
      if (rects[i] !== rects[j] || rects[i + 2] !== rects[j + 2]) return false
    }
    return true
  }

  #grow(): void {
    const grown = new Int32Array(2 * this.rects.length)
    grown.set(this.rects)
    this.rects = grown
  }
}

/** Which pixels an operation keeps: bit `inA + 2 · inB` of the number. */
export const operations = { union: 0b1110, intersect: 0b1000, subtract: 0b0010 } as const

export type Operation = (typeof operations)[keyof typeof operations]

function bandEnd(rects: Int32Array, count: number, from: number): number {
  const y1 = rects[4 * from + 1]
  let end = from + 1
  while (end < count && rects[4 * end + 1] === y1) end++
  return end
}

/**
 * Combines two banded regions.
 * @returns false when the result has more than `maxRects` rects
 */
export function combine(
  a: Int32Array,
  aCount: number,
  b: Int32Array,
  bCount: number,
  operation: Operation,
  maxRects: number,
  into: BandBuilder,
): boolean {
  into.begin(maxRects)
  let y = -stop
  for (let i = 0, j = 0; i < aCount || j < bCount; ) {
    const aTop = i < aCount ? a[4 * i + 1]! : stop
    const bTop = j < bCount ? b[4 * j + 1]! : stop
    y = Math.max(y, Math.min(aTop, bTop))
    const inA = aTop <= y
    const inB = bTop <= y
    const bottom = Math.min(inA ? a[4 * i + 3]! : aTop, inB ? b[4 * j + 3]! : bTop)
    const aEnd = inA ? bandEnd(a, aCount, i) : i
    const bEnd = inB ? bandEnd(b, bCount, j) : j
    into.beginBand(y, bottom)
    combineBand(a, i, aEnd, b, j, bEnd, operation, into)
    if (!into.endBand()) return false
    if (inA && a[4 * i + 3] === bottom) i = aEnd
    if (inB && b[4 * j + 3] === bottom) j = bEnd
    y = bottom
  }
  return true
}

/** Walks the edges of both bands from left to right. */
function combineBand(
  a: Int32Array,
  aFrom: number,
  aTo: number,
  b: Int32Array,
  bFrom: number,
  bTo: number,
  operation: Operation,
  into: BandBuilder,
): void {
  let inA = 0
  let inB = 0
  let inside = 0
  let x1 = 0
  for (let i = aFrom, j = bFrom; i < aTo || j < bTo; ) {
    const aEdge = i < aTo ? a[4 * i + 2 * inA]! : stop
    const bEdge = j < bTo ? b[4 * j + 2 * inB]! : stop
    const x = Math.min(aEdge, bEdge)
    if (aEdge === x) {
      i += inA
      inA ^= 1
    }
    if (bEdge === x) {
      j += inB
      inB ^= 1
    }
    const keep = (operation >> (inA + 2 * inB)) & 1
    if (keep === inside) continue
    if (keep) x1 = x
    else into.addInterval(x1, x)
    inside = keep
  }
}

/**
 * Makes a banded region of rects that may overlap and be empty, given in the order of their y1.
 * @param active scratch for the numbers of the rects that a sweep line crosses, at least `count` long
 * @returns false when the result has more than `maxRects` rects
 */
export function sweep(
  rects: Int32Array,
  count: number,
  active: Int32Array,
  maxRects: number,
  into: BandBuilder,
): boolean {
  into.begin(maxRects)
  let activeCount = 0
  let y = 0
  for (let next = 0; next < count || activeCount > 0; ) {
    if (activeCount === 0) y = rects[4 * next + 1]!
    for (; next < count && rects[4 * next + 1] === y; next++) {
      const x1 = rects[4 * next]!
      if (x1 >= rects[4 * next + 2]! || y >= rects[4 * next + 3]!) continue
      let at = activeCount++
      for (; at > 0 && rects[4 * active[at - 1]!]! > x1; at--) active[at] = active[at - 1]!
      active[at] = next
    }
    let bottom = next < count ? rects[4 * next + 1]! : stop
    for (let i = 0; i < activeCount; i++) bottom = Math.min(bottom, rects[4 * active[i]! + 3]!)
    if (activeCount === 0) continue
    into.beginBand(y, bottom)
    let kept = 0
    for (let i = 0; i < activeCount; i++) {
      const r = active[i]!
      into.addInterval(rects[4 * r]!, rects[4 * r + 2]!)
      if (rects[4 * r + 3]! > bottom) active[kept++] = r
    }
    activeCount = kept
    if (!into.endBand()) return false
    y = bottom
  }
  return true
}
