import type { CopyOp, FillOp } from '../draw/op.js'
import { intersection, isEmpty, rect } from '../geometry/rect.js'

/**
 * What a sink may do to the picture that its viewer has, instead of being sent pixels. Rects lie inside of the surface, a
 * copy's source too, and are not empty; a fill replaces what was there.
 */
export type PictureOp = CopyOp | (FillOp & { readonly rop: 'copy' })

export type PictureOpName = PictureOp['op']

/**
 * The copy that does in one what two do one after the other. Both agree on its rect; what else the two change, it does
 * not. Its rect may be empty, and it may copy each pixel to itself.
 */
export function composeCopies(first: CopyOp, second: CopyOp): CopyOp {
  const dx = second.rect.x1 - second.fromX
  const dy = second.rect.y1 - second.fromY
  const moved = rect(first.rect.x1 + dx, first.rect.y1 + dy, first.rect.x2 + dx, first.rect.y2 + dy)
  const both = intersection(second.rect, moved)
  return {
    op: 'copy',
    rect: both,
    fromX: both.x1 - dx - (first.rect.x1 - first.fromX),
    fromY: both.y1 - dy - (first.rect.y1 - first.fromY),
  }
}

/** True where nothing is copied, or each pixel to itself. */
export function copiesNothing({ rect: to, fromX, fromY }: CopyOp): boolean {
  return isEmpty(to) || (to.x1 === fromX && to.y1 === fromY)
}
