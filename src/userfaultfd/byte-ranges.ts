/** Half-open: the byte at `end` is not part of it. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** The same bytes as ranges that are ascending, disjoint and not adjacent. */
export function merged(ranges: readonly ByteRange[]): ByteRange[] {
  const result: { start: number; end: number }[] = []
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else result.push({ start, end })
  }
  return result
}

/** What is left of a range without others, ascending. */
export function without(range: ByteRange, others: readonly ByteRange[]): ByteRange[] {
  const left: ByteRange[] = []
  let { start } = range
  for (const other of merged(others)) {
    if (other.start > start) left.push({ start, end: Math.min(other.start, range.end) })
    start = Math.max(start, other.end)
    if (start >= range.end) return left
  }
  return [...left, { start, end: range.end }]
}
