/** A figure of several trials. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** @param share 0 to 1 @returns 0 of nothing */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

/** Of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: quantile(values, 0), max: quantile(values, 1) }
}

/** Least squares: y = at0 + slope × x. */
export function regression(points: readonly (readonly [x: number, y: number])[]): {
  at0: number
  slope: number
} {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)]
  const variance = mean(([x]) => (x - meanX) ** 2)
  const slope = variance === 0 ? 0 : mean(([x, y]) => (x - meanX) * (y - meanY)) / variance
  return { at0: meanY - slope * meanX, slope }
}

/** Groups in the order of their first item. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return [...groups.values()]
}
