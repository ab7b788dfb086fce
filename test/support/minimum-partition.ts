import type { Bitmap } from './bitmap.js'

/** Between two concave corners, on a grid line, inside the mask. `along` runs from..to, `across` is the line's place. */
interface Chord {
  across: number
  from: number
  to: number
}

/**
 * The least number of disjoint rects that make up a mask exactly: concave corners − the most chords that do not meet −
 * holes + components (Ferrari, Sankar, Sklansky, "Minimal rectangular partitions of digitized blobs", 1984; Imai, Asano,
 * "Efficient algorithms for geometric graph search problems", 1986).
 *
 * Pixels that meet at a corner only are not connected, so the background that meets there is.
 */
export function minimumPartition(mask: Bitmap): number {
  const concave = concaveCorners(mask)
  const isConcave = new Set(concave.map(([x, y]) => `${x} ${y}`))
  const horizontal = chords(
    concave.map(([x, y]) => [y, x]),
    (y, x) => mask.get(x, y - 1) && mask.get(x, y),
    (y, x) => isConcave.has(`${x} ${y}`),
  )
  const vertical = chords(
    concave,
    (x, y) => mask.get(x - 1, y) && mask.get(x, y),
    (x, y) => isConcave.has(`${x} ${y}`),
  )
  const meet = horizontal.map((h) =>
    vertical.flatMap((v, i) => (crosses(h.across, v) && crosses(v.across, h) ? [i] : [])),
  )
  const independent = horizontal.length + vertical.length - maximumMatching(meet, vertical.length)
  return concave.length - independent - holes(mask) + components(mask)
}

function crosses(place: number, chord: Chord): boolean {
  return chord.from <= place && place <= chord.to
}

/** Corners of pixels where three of the four pixels around are in the mask. */
function concaveCorners(mask: Bitmap): [number, number][] {
  const corners: [number, number][] = []
  for (let y = 1; y < mask.height; y++) {
    for (let x = 1; x < mask.width; x++) {
      const around = [mask.get(x - 1, y - 1), mask.get(x, y - 1), mask.get(x - 1, y), mask.get(x, y)]
      if (around.filter(Boolean).length === 3) corners.push([x, y])
    }
  }
  return corners
}

/** From each corner along its line, while both sides are in the mask, to the next concave corner. */
function chords(
  corners: [number, number][],
  isInside: (across: number, along: number) => boolean,
  isConcave: (across: number, along: number) => boolean,
): Chord[] {
  return corners.flatMap(([across, from]) => {
    let to = from
    while (isInside(across, to)) {
      to++
      if (isConcave(across, to)) return [{ across, from, to }]
    }
    return []
  })
}

/** Kuhn's algorithm: an augmenting path from each left vertex. */
function maximumMatching(neighbours: number[][], rightCount: number): number {
  const matchOf = new Array<number>(rightCount).fill(-1)
  const augment = (left: number, seen: Set<number>): boolean =>
    neighbours[left]!.some((right) => {
      if (seen.has(right)) return false
      seen.add(right)
      if (matchOf[right] !== -1 && !augment(matchOf[right]!, seen)) return false
      matchOf[right] = left
      return true
    })
  return neighbours.filter((_, left) => augment(left, new Set())).length
}

function components(mask: Bitmap): number {
  return countAreas(mask.width, mask.height, (x, y) => mask.get(x, y), false)
}

/** Areas of background, but for the one around the mask. */
function holes(mask: Bitmap): number {
  return countAreas(mask.width + 2, mask.height + 2, (x, y) => !mask.get(x - 1, y - 1), true) - 1
}

/** How many connected areas `inside` has; `diagonally`: pixels that meet at a corner are connected. */
function countAreas(
  width: number,
  height: number,
  inside: (x: number, y: number) => boolean,
  diagonally: boolean,
): number {
  const seen = new Uint8Array(width * height)
  let areas = 0
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || !inside(start % width, Math.floor(start / width))) continue
    areas++
    const toVisit = [start]
    seen[start] = 1
    while (toVisit.length > 0) {
      const at = toVisit.pop()!
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (dx !== 0 && dy !== 0 && !diagonally) continue
          const x = (at % width) + dx
          const y = Math.floor(at / width) + dy
          if (x < 0 || y < 0 || x >= width || y >= height || seen[y * width + x] || !inside(x, y)) continue
          seen[y * width + x] = 1
          toVisit.push(y * width + x)
        }
      }
    }
  }
  return areas
}
