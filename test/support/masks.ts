import { rect } from '../../src/geometry/rect.js'
import { Bitmap } from './bitmap.js'

/** 0 ≤ n < 1, the same for the same seed (xorshift32). */
export type Random = () => number

export function seeded(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

function below(random: Random, end: number): number {
  return Math.floor(random() * end)
}

/** The kinds of damage that guests make. Each makes another mask at every call. */
export const maskKinds: Record<string, (width: number, height: number, random: Random) => Bitmap> = {
  /** Any pixel, whatever is around it. */
  random(width, height, random) {
    const density = 0.1 + 0.8 * random()
    const mask = new Bitmap(width, height)
    mask.bits.forEach((_, i) => {
      mask.bits[i] = random() < density ? 1 : 0
    })
    return mask
  },

  /** A few round or ragged patches: sprites, a scaled picture. */
  blobs(width, height, random) {
    const mask = new Bitmap(width, height)
    for (let count = 1 + below(random, 3); count > 0; count--) {
      const centre = [random() * width, random() * height] as const
      const radius = 0.7 + random() * Math.min(width, height) * 0.35
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const distance = Math.hypot(x + 0.5 - centre[0], y + 0.5 - centre[1])
          if (distance < radius * (0.85 + 0.3 * random())) mask.set(x, y)
        }
      }
    }
    return mask
  },

  /** Strokes one or two pixels thick, upright, level and slanted: text. */
  glyphs(width, height, random) {
    const mask = new Bitmap(width, height)
    const strokes = 1 + below(random, 2 + (width * height) / 40)
    for (let count = strokes; count > 0; count--) {
      const length = 2 + below(random, 6)
      const [dx, dy] = [
        [1, 0],
        [0, 1],
        [1, 1],
        [1, -1],
      ][below(random, 4)]!
      const thick = 1 + below(random, 2)
      let x = below(random, width)
      let y = below(random, height)
      for (let i = 0; i < length; i++, x += dx!, y += dy!) mask.fill(rect(x, y, x + thick, y + 1))
    }
    return mask
  },

  /** Whole rects that overlap, some of them hollow: windows, buttons, a selection. */
  windows(width, height, random) {
    const mask = new Bitmap(width, height)
    for (let count = 1 + below(random, 4); count > 0; count--) {
      const x = below(random, width)
      const y = below(random, height)
      const window = rect(x, y, x + 1 + below(random, width - x), y + 1 + below(random, height - y))
      mask.fill(window)
      if (random() < 0.3) mask.fill(rect(window.x1 + 1, window.y1 + 1, window.x2 - 1, window.y2 - 1), false)
    }
    return mask
  },
}
