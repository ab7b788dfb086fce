/** A half-open rectangle of pixels: x1 ≤ x < x2, y1 ≤ y < y2. A value: never changed once made. */
export interface Rect {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

export function rect(x1: number, y1: number, x2: number, y2: number): Rect {
  return { x1, y1, x2, y2 }
}

/** From a corner and a size, as wires and command lines give it. */
export function rectOfSize(x: number, y: number, width: number, height: number): Rect {
  return { x1: x, y1: y, x2: x + width, y2: y + height }
}

export function width(r: Rect): number {
  return r.x2 - r.x1
}

export function height(r: Rect): number {
  return r.y2 - r.y1
}

export function area(r: Rect): number {
  return (r.x2 - r.x1) * (r.y2 - r.y1)
}

export function isEmpty(r: Rect): boolean {
  return r.x1 >= r.x2 || r.y1 >= r.y2
}

/** The part that both cover; empty (see isEmpty) where they do not meet. */
export function intersection(a: Rect, b: Rect): Rect {
  return {
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
    x2: Math.min(a.x2, b.x2),
    y2: Math.min(a.y2, b.y2),
  }
}

/** The smallest rect that covers both. */
export function boundingBox(a: Rect, b: Rect): Rect {
  return {
    x1: Math.min(a.x1, b.x1),
    y1: Math.min(a.y1, b.y1),
    x2: Math.max(a.x2, b.x2),
    y2: Math.max(a.y2, b.y2),
  }
}

export function containsRect(outer: Rect, inner: Rect): boolean {
  return inner.x1 >= outer.x1 && inner.y1 >= outer.y1 && inner.x2 <= outer.x2 && inner.y2 <= outer.y2
}

export function overlaps(a: Rect, b: Rect): boolean {
  return a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2
}
