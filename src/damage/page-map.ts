import type { Rect } from '../geometry/rect.js'

/** How pixels lie in the pages of device memory. */
export interface PageLayout {
  readonly width: number
  readonly height: number
  /** From one row to the next; at least width × bytesPerPixel. What is more is padding. */
  readonly strideBytes: number
  /** Of the first visible pixel, from the first byte of page 0. */
  readonly offsetBytes: number
  readonly bytesPerPixel: number
  /** At least a pixel. */
  readonly pageSize: number
}

/** A run is at most the end of a row, full rows, and the beginning of a row. */
export const maxRectsPerRun = 3

/**
 * The pixels before a byte, counted row by row without padding; a pixel that the byte lies within counts when
 * `roundUp` is 1. A byte in the padding counts as the end of its row.
 */
function pixelsBefore(byte: number, layout: PageLayout, roundUp: 0 | 1): number {
  const { width, height, strideBytes, bytesPerPixel } = layout
  const fromFirst = byte - layout.offsetBytes
  if (fromFirst <= 0) return 0
  const row = Math.floor(fromFirst / strideBytes)
  if (row >= height) return width * height
  const inRow = fromFirst - row * strideBytes
  const column = Math.floor((inRow + roundUp * (bytesPerPixel - 1)) / bytesPerPixel)
  return row * width + Math.min(column, width)
}

/**
 * Turns page runs into the rects of the pixels that have a byte in them. A pixel that straddles two pages belongs to
 * both; padding, and what lies before the first and after the last visible pixel, gives nothing.
 *
 * @param runs pairs of first page and page count, ascending and disjoint
 * @param out receives disjoint rects x1, y1, x2, y2 whose y1 never decreases; room for maxRectsPerRun × runCount
 * @returns rects written
 */
export function runsToRects(
  runs: Uint32Array,
  runCount: number,
  layout: PageLayout,
  out: Int32Array,
): number {
  const { width, pageSize } = layout
  let rectCount = 0
  let from = 0
  let to = 0
  for (let i = 0; i < runCount; i++) {
    const firstByte = runs[2 * i]! * pageSize
    const first = pixelsBefore(firstByte, layout, 0)
    const end = pixelsBefore(firstByte + runs[2 * i + 1]! * pageSize, layout, 1)
    if (first > to) {
      rectCount = putPixels(from, to, width, out, rectCount)
      from = first
    }
    to = Math.max(to, end)
  }
  return putPixels(from, to, width, out, rectCount)
}

/** Writes pixels `from` to `to`, counted row by row, as rects; @returns the new number of rects. */
function putPixels(from: number, to: number, width: number, out: Int32Array, rectCount: number): number {
  if (from >= to) return rectCount
  let row = Math.floor(from / width)
  const lastRow = Math.floor((to - 1) / width)
  const x1 = from - row * width
  const x2 = to - lastRow * width
  if (row === lastRow) return putRect(x1, row, x2, row + 1, out, rectCount)
  let count = rectCount
  if (x1 > 0) {
    count = putRect(x1, row, width, row + 1, out, count)
    row++
  }
  const fullEnd = x2 === width ? lastRow + 1 : lastRow
  if (row < fullEnd) count = putRect(0, row, width, fullEnd, out, count)
  return fullEnd === lastRow ? putRect(0, lastRow, x2, lastRow + 1, out, count) : count
}

/** Appends a rect, or makes the last one taller where that says the same. */
function putRect(x1: number, y1: number, x2: number, y2: number, out: Int32Array, rectCount: number): number {
  const at = 4 * rectCount
  if (rectCount > 0 && out[at - 4] === x1 && out[at - 2] === x2 && out[at - 1] === y1) {
    out[at - 1] = y2
    return rectCount
  }
  out[at] = x1
  out[at + 1] = y1
  out[at + 2] = x2
  out[at + 3] = y2
  return rectCount + 1
}

/**
 * The pages that hold a pixel of the rect, for marking them dirty.
 *
 * @param r inside the surface
 * @param out receives pairs of first page and page count, ascending, disjoint and not adjacent. When it is full, its
 *   last run grows over the gap: too many pages, never too few
 * @returns runs written
 */
export function rectToRuns(r: Rect, layout: PageLayout, out: Uint32Array): number {
  const { strideBytes, offsetBytes, bytesPerPixel, pageSize } = layout
  if (r.x1 >= r.x2) return 0
  let runCount = 0
  let last = -1
  for (let y = r.y1; y < r.y2; y++) {
    const rowByte = offsetBytes + y * strideBytes
    const first = Math.floor((rowByte + r.x1 * bytesPerPixel) / pageSize)
    const end = Math.ceil((rowByte + r.x2 * bytesPerPixel) / pageSize)
    if (runCount > 0 && (first <= last || 2 * runCount + 2 > out.length)) {
      out[2 * runCount - 1] = end - out[2 * runCount - 2]!
    } else {
      out[2 * runCount] = first
      out[2 * runCount + 1] = end - first
      runCount++
    }
    last = end
  }
  return runCount
}
