/** Rows of text that have moved: `count` rows from `from` on are now at `to`. */
export interface Scroll {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** A single row is as well drawn anew. */
const minRows = 2

/** Most copies of one frame: more movement than that is a new screen. */
const maxScrolls = 4

const none = -1
const several = -2

/** Where each hash is; `several` where it is more than once. */
function placesOf(hashes: Uint32Array): Map<number, number> {
  const places = new Map<number, number>()
  for (let row = 0; row < hashes.length; row++) {
    places.set(hashes[row]!, places.has(hashes[row]!) ? several : row)
  }
  return places
}

/** For each row the one that it was before, or `none`: from rows that are there once, before and after, to their neighbours. */
function sourcesOf(before: Uint32Array, after: Uint32Array): Int32Array {
  const [old, now] = [placesOf(before), placesOf(after)]
  const sources = new Int32Array(after.length).fill(none)
  for (let row = 0; row < after.length; row++) {
    const from = old.get(after[row]!) ?? none
    if (from >= 0 && from !== row && now.get(after[row]!) === row) sources[row] = from
  }
  const grow = (row: number, step: number) => {
    const from = sources[row - step]! + step
    const moved = sources[row] === none && sources[row - step] !== none
    if (moved && from >= 0 && from < before.length && before[from] === after[row]) sources[row] = from
  }
  for (let row = 1; row < after.length; row++) grow(row, 1)
  for (let row = after.length - 2; row >= 0; row--) grow(row, -1)
  return sources
}

/** Rows that are right where they are need no copy: not at the ends of one. */
function trim({ from, to, count }: Scroll, before: Uint32Array, after: Uint32Array): Scroll {
  const isRight = (i: number) => before[to + i] === after[to + i]
  let [first, end] = [0, count]
  while (first < end && isRight(first)) first++
  while (end > first && isRight(end - 1)) end--
  return { from: from + first, to: to + first, count: end - first }
}

/**
 * What of a screen of text has only moved. To be done in this order; who does so checks that the rows are still there,
 * for a copy may lie on what the next one was to take.
 *
 * As ncurses finds them (hashmap.c): a row that is there once before and once after is the same row, and so are its
 * neighbours where they agree.
 *
 * @param before a number for each row, equal for equal rows
 * @param after of as many rows
 */
export function findScrolls(before: Uint32Array, after: Uint32Array): Scroll[] {
  const sources = sourcesOf(before, after)
  const found: Scroll[] = []
  for (let row = 0; row < after.length; ) {
    let end = row + 1
    if (sources[row] !== none) {
      while (end < after.length && sources[end] === sources[row]! + end - row) end++
      const scroll = trim({ from: sources[row]!, to: row, count: end - row }, before, after)
      if (scroll.count >= minRows) found.push(scroll)
    }
    row = end
  }
  const largest = found.sort((a, b) => b.count - a.count).slice(0, maxScrolls)
  const up = largest.filter(({ from, to }) => from > to).sort((a, b) => a.to - b.to)
  const down = largest.filter(({ from, to }) => from < to).sort((a, b) => b.to - a.to)
  return [...up, ...down]
}
