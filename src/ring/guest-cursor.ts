import type { CursorShape } from '../surface/cursor.js'
import type { CursorEvent } from './events.js'
import type { LaidOutMemory } from './memory.js'

/** A guest's pointer, which it does not draw itself. */
export interface GuestCursor {
  readonly x: number
  readonly y: number
  /** undefined: as it was. */
  readonly shape: CursorShape | undefined
}

const bytesPerPixel = 4

/**
 * Copies the image out of the heap, which is the frontend's again after that.
 * @returns undefined: no cursor is shown; 'invalid': the image does not lie in the heap
 */
export function readCursor(
  event: CursorEvent,
  { memory, layout }: LaidOutMemory,
): GuestCursor | undefined | 'invalid' {
  const { kind, x, y, width, height, hotX, hotY, heapOffset } = event
  if (kind === 'hidden') return undefined
  if (kind === 'moved') return { x, y, shape: undefined }
  const bytes = width * height * bytesPerPixel
  if (heapOffset + bytes > layout.heapBytes) return 'invalid'
  const pixels = new Uint8Array(memory.view, layout.heapOffset + heapOffset, bytes).slice()
  return { x, y, shape: { width, height, hotX, hotY, pixels } }
}
