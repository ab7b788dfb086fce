import assert from 'node:assert/strict'
import type { Picture } from './pictures.js'

export function isSamePicture(a: Picture, b: Picture): boolean {
  return a.width === b.width && a.height === b.height && Buffer.compare(a.rgb, b.rgb) === 0
}

/** What is different, for people: how many pixels, where, and the first one's colours. Undefined where nothing is. */
export function describeDifference(actual: Picture, expected: Picture): string | undefined {
  if (actual.width !== expected.width || actual.height !== expected.height) {
    return `expected ${expected.width}x${expected.height} pixels, received ${actual.width}x${actual.height}`
  }
  const { width } = expected
  let count = 0
  let first = -1
  let [x1, y1, x2, y2] = [width, expected.height, 0, 0]
  for (let pixel = 0; pixel < width * expected.height; pixel++) {
    if (colourAt(actual, pixel) === colourAt(expected, pixel)) continue
    if (count++ === 0) first = pixel
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    ;[x1, y1, x2, y2] = [Math.min(x1, x), Math.min(y1, y), Math.max(x2, x + 1), Math.max(y2, y + 1)]
  }
  if (count === 0) return undefined
  return (
    `${count} of ${width * expected.height} pixels differ, all in ${x2 - x1}x${y2 - y1}+${x1}+${y1}; the first at ` +
    `${first % width},${Math.floor(first / width)}: expected ${hex(expected, first)}, received ${hex(actual, first)}`
  )
}

/** Pixel for pixel. @param what said in front of the difference */
export function assertSamePicture(actual: Picture, expected: Picture, what: string): void {
  if (isSamePicture(actual, expected)) return
  assert.fail(`${what}: ${describeDifference(actual, expected)}`)
}

/** As near as a lossy encoding comes: a component's mean and largest errors are at most these. */
export function assertSimilarPicture(
  actual: Picture,
  expected: Picture,
  bounds: { mean: number; max: number },
  what: string,
): void {
  assert.deepEqual([actual.width, actual.height], [expected.width, expected.height], what)
  let [sum, max] = [0, 0]
  for (let i = 0; i < expected.rgb.length; i++) {
    const error = Math.abs(actual.rgb[i]! - expected.rgb[i]!)
    sum += error
    if (error > max) max = error
  }
  const mean = sum / expected.rgb.length
  assert.ok(
    mean <= bounds.mean && max <= bounds.max,
    `${what}: expected errors of at most ${bounds.mean} on average and ${bounds.max} anywhere, ` +
      `received ${mean.toFixed(2)} and ${max}`,
  )
}

function colourAt({ rgb }: Picture, pixel: number): number {
  return (rgb[3 * pixel]! << 16) | (rgb[3 * pixel + 1]! << 8) | rgb[3 * pixel + 2]!
}

function hex(picture: Picture, pixel: number): string {
  return `#${colourAt(picture, pixel).toString(16).padStart(6, '0')}`
}
