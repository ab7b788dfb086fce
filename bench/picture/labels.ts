/** Places labels at least `gap` apart, each as near to its wish as the others allow. @returns places, in the order of `wishes` */
export function spreadLabels(wishes: readonly number[], gap: number, least: number, most: number): number[] {
  const order = wishes.map((_, i) => i).sort((a, b) => wishes[a]! - wishes[b]!)
  const places = order.map((i) => wishes[i]!)
  // Down, so that none lies on the one before; then up again from the lower edge.
  for (let i = 0; i < places.length; i++)
    places[i] = Math.max(places[i]!, i === 0 ? least : places[i - 1]! + gap)
  for (let i = places.length - 1; i >= 0; i--) {
    places[i] = Math.min(places[i]!, i === places.length - 1 ? most : places[i + 1]! - gap)
  }
  const result: number[] = []
  order.forEach((index, i) => {
    result[index] = places[i]!
  })
  return result
}
