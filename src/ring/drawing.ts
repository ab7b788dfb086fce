import { intersection, isEmpty, type Rect, rectOfSize } from '../geometry/rect.js'
import type { ToldOp } from '../surface/told-drawing.js'
import type { BlitEvent, CopyEvent, FillEvent, UpdateEvent } from './events.js'

export type DrawingEvent = UpdateEvent | FillEvent | CopyEvent | BlitEvent

/**
 * What an event says was drawn, as a surface is told. Of a blit and an exclusive-or the place is enough: the pixels are in
 * memory, and comparing finds those that changed. So nobody reads the heap for them.
 * @returns undefined where nothing of it lies inside of `bounds`
 */
export function drawnBy(event: DrawingEvent, bounds: Rect): ToldOp | undefined {
  const rect = intersection(event.rect, bounds)
  if (isEmpty(rect)) return undefined
  if (event.type === 'fill' && event.rop === 'copy') {
    return { op: 'fill', rect, colour: event.colour, rop: 'copy' }
  }
  if (event.type === 'copy') {
    const fromX = event.fromX + rect.x1 - event.rect.x1
    const fromY = event.fromY + rect.y1 - event.rect.y1
    const from = rectOfSize(fromX, fromY, rect.x2 - rect.x1, rect.y2 - rect.y1)
    if (!isEmpty(intersection(from, bounds))) return { op: 'copy', rect, fromX, fromY }
  }
  return { op: 'update', rect }
}
