import type { CopyOp } from '../draw/op.js'
import { rect } from '../geometry/rect.js'
import type { Mode } from './mode.js'

/** True where the two differ in nothing but where in memory the picture begins. */
export function isPan(from: Mode, to: Mode): boolean {
  return (
    from.width === to.width &&
    from.height === to.height &&
    from.strideBytes === to.strideBytes &&
    from.format === to.format
  )
}

/**
 * What stays in view when the window moves over memory: a copy of the picture onto itself, as of a scroll.
 * @param fromOffset where the window was; `mode` is where it is now
 * @returns undefined where nothing stays, or pixels would have to be cut in two
 */
export function panAsCopy(mode: Mode, fromOffset: number): CopyOp | undefined {
  const { width, height, strideBytes, offsetBytes, format } = mode
  const moved = offsetBytes - fromOffset
  const dy = Math.round(moved / strideBytes)
  const dx = (moved - dy * strideBytes) / format.bytesPerPixel
  if (!Number.isInteger(dx) || Math.abs(dx) >= width || Math.abs(dy) >= height) return undefined
  // The pixel that is at x, y now was at x + dx, y + dy: it has the same address.
  const shown = rect(
    Math.max(0, -dx),
    Math.max(0, -dy),
    Math.min(width, width - dx),
    Math.min(height, height - dy),
  )
  return { op: 'copy', rect: shown, fromX: shown.x1 + dx, fromY: shown.y1 + dy }
}
