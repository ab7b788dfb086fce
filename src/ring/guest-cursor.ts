import type { CursorShape } from '../surface/cursor.js'
import type { Surface } from '../surface/surface.js'
import type { CursorEvent } from './events.js'
import type { LaidOutMemory } from './memory.js'

const bytesPerPixel = 4

/**
 * Shows a surface's pointer as the frontend says. Its image is copied out of the heap, which is the frontend's again after
 * that; one that does not lie in the heap is skipped.
 */
export function showCursor(event: CursorEvent, surface: Surface, device: LaidOutMemory): void {
  const { kind, x, y } = event
  if (kind === 'hidden') {
    surface.setCursor(undefined)
    return
  }
  if (kind === 'shape') {
    const shape = readShape(event, device)
    if (!shape) return
    surface.setCursor(shape)
  }
  surface.moveCursor(x, y)
}

function readShape(
  { width, height, hotX, hotY, heapOffset }: CursorEvent,
  { memory, layout }: LaidOutMemory,
): CursorShape | undefined {
  const bytes = width * height * bytesPerPixel
  if (heapOffset + bytes > layout.heapBytes) return undefined
  const pixels = new Uint8Array(memory.view, layout.heapOffset + heapOffset, bytes).slice()
  // 0xAARRGGBB, the lowest byte first, becomes red, green, blue, alpha.
  for (let i = 0; i < bytes; i += bytesPerPixel) {
    ;[pixels[i], pixels[i + 2]] = [pixels[i + 2]!, pixels[i]!]
  }
  return { width, height, hotX, hotY, pixels }
}
