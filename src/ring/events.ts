/**
 * Events of the framebuffer page as plain objects. What is decoded is of a known type and in range, or undefined: a
 * place may lie outside of the scanout, an image outside of the heap.
 */

import { type Rect, rectOfSize } from '../geometry/rect.js'
import { maxSide } from '../surface/mode.js'
import { eventFields } from './event-fields.js'
import * as layout from './layout.js'

export interface UpdateEvent {
  readonly type: 'update'
  readonly scanout: number
  readonly rect: Rect
}

export interface ResizeEvent {
  readonly type: 'resize'
  readonly scanout: number
  readonly width: number
  readonly height: number
  readonly strideBytes: number
  /** Bits a pixel, as xenfb's. */
  readonly depth: number
  readonly offsetBytes: number
}

export interface FillEvent {
  readonly type: 'fill'
  readonly scanout: number
  readonly rect: Rect
  readonly rop: 'copy' | 'xor'
  readonly colour: number
}

export interface CopyEvent {
  readonly type: 'copy'
  readonly scanout: number
  readonly rect: Rect
  readonly fromX: number
  readonly fromY: number
}

/** `pixels` are of the scanout's format; a glyph has a bit a pixel. */
export type BlitKind = 'pixels' | 'glyph' | 'transparentGlyph'

export interface BlitEvent {
  readonly type: 'blit'
  readonly scanout: number
  /** At most 16384 pixels wide and high. */
  readonly rect: Rect
  readonly kind: BlitKind
  /** Not checked: what the heap has room for, its layout knows. */
  readonly heapOffset: number
  readonly strideBytes: number
  readonly foreground: number
  readonly background: number
}

export interface CursorEvent {
  readonly type: 'cursor'
  readonly scanout: number
  readonly kind: 'hidden' | 'moved' | 'shape'
  readonly x: number
  readonly y: number
  /** Of kind 'shape'; else 0. */
  readonly hotX: number
  readonly hotY: number
  readonly width: number
  readonly height: number
  readonly heapOffset: number
}

export interface DirtyEvent {
  readonly type: 'dirty'
  readonly serial: number
}

/** What the type says is all. */
export interface PlainEvent {
  readonly type: 'bell' | 'scanout' | 'colours'
  readonly scanout: number
}

/** From the frontend. */
export type OutEvent =
  | UpdateEvent
  | ResizeEvent
  | FillEvent
  | CopyEvent
  | BlitEvent
  | CursorEvent
  | DirtyEvent
  | PlainEvent

/** To the frontend. */
export type InEvent =
  | { readonly type: 'refreshPeriod'; readonly ms: number }
  | DirtyEvent
  | { readonly type: 'mode'; readonly width: number; readonly height: number }

const update = eventFields(layout.events.update)
const resize = eventFields(layout.events.resize)
const fill = eventFields(layout.events.fill)
const copy = eventFields(layout.events.copy)
const blit = eventFields(layout.events.blit)
const cursor = eventFields(layout.events.cursor)
const dirty = eventFields(layout.events.dirty)
const plain = eventFields(layout.events.plain)
const refreshPeriod = eventFields(layout.events.refreshPeriod)
const mode = eventFields(layout.events.mode)

const rops = ['copy', 'xor'] as const satisfies { [rop: number]: string }
const blitKinds = ['pixels', 'glyph', 'transparentGlyph'] as const satisfies { [kind: number]: string }
const cursorKinds = ['hidden', 'moved', 'shape'] as const satisfies { [kind: number]: string }

/** Coordinates reach as far as a region's: sums of them are exact. */
const farthest = 2 ** 29

/** Writes one slot. Without spread syntax, which takes longer than all the rest: this is done for every glyph. */
export function encodeOut(view: DataView, offset: number, event: OutEvent): void {
  const type = layout.outTypes[event.type]
  if (event.type === 'dirty') {
    dirty.write(view, offset, { type, scanout: 0, serial: event.serial })
    return
  }
  const { scanout } = event
  switch (event.type) {
    case 'update': {
      const { x1: x, y1: y, x2, y2 } = event.rect
      update.write(view, offset, { type, scanout, x, y, width: x2 - x, height: y2 - y })
      break
    }
    case 'resize': {
      const { width, height, strideBytes, depth, offsetBytes } = event
      resize.write(view, offset, { type, scanout, width, height, strideBytes, depth, offsetBytes })
      break
    }
    case 'fill': {
      const { x1: x, y1: y, x2, y2 } = event.rect
      const rop = rops.indexOf(event.rop)
      const { colour } = event
      fill.write(view, offset, { type, scanout, rop, x, y, width: x2 - x, height: y2 - y, colour })
      break
    }
    case 'copy': {
      const { x1: x, y1: y, x2, y2 } = event.rect
      const { fromX, fromY } = event
      copy.write(view, offset, { type, scanout, x, y, width: x2 - x, height: y2 - y, fromX, fromY })
      break
    }
    case 'blit': {
      const { x1: x, y1: y, x2, y2 } = event.rect
      const kind = blitKinds.indexOf(event.kind)
      const { heapOffset, strideBytes, foreground, background } = event
      blit.write(view, offset, {
        type,
        scanout,
        kind,
        x,
        y,
        width: x2 - x,
        height: y2 - y,
        heapOffset,
        strideBytes,
        foreground,
        background,
      })
      break
    }
    case 'cursor': {
      const kind = cursorKinds.indexOf(event.kind)
      cursor.write(view, offset, { ...event, type, kind })
      break
    }
    default:
      plain.write(view, offset, { type, scanout })
  }
}

/** @param view of a copy that nobody else writes to */
export function decodeOut(view: DataView, offset: number): OutEvent | undefined {
  const { type: code, scanout } = plain.read(view, offset)
  if (scanout >= layout.maxScanouts) return undefined
  switch (code) {
    case layout.outTypes.update: {
      const rect = rectOf(update.read(view, offset))
      return rect && { type: 'update', scanout, rect }
    }
    case layout.outTypes.resize:
      return { ...resize.read(view, offset), type: 'resize' }
    case layout.outTypes.fill: {
      const { rop: number, colour, ...place } = fill.read(view, offset)
      const rect = rectOf(place)
      const rop = rops[number]
      return rect && rop && { type: 'fill', scanout, rect, rop, colour }
    }
    case layout.outTypes.copy: {
      const { fromX, fromY, ...place } = copy.read(view, offset)
      const rect = rectOf(place)
      return rect && isNear(fromX) && isNear(fromY)
        ? { type: 'copy', scanout, rect, fromX, fromY }
        : undefined
    }
    case layout.outTypes.blit:
      return decodeBlit(view, offset)
    case layout.outTypes.cursor:
      return decodeCursor(view, offset)
    case layout.outTypes.dirty:
      return { type: 'dirty', serial: dirty.read(view, offset).serial }
    case layout.outTypes.bell:
      return { type: 'bell', scanout }
    case layout.outTypes.scanout:
      return { type: 'scanout', scanout }
    case layout.outTypes.colours:
      return { type: 'colours', scanout }
    default:
      return undefined
  }
}

function decodeBlit(view: DataView, offset: number): BlitEvent | undefined {
  const {
    scanout,
    kind: number,
    heapOffset,
    strideBytes,
    foreground,
    background,
    ...place
  } = blit.read(view, offset)
  const rect = rectOf(place, maxSide)
  const kind = blitKinds[number]
  return (
    rect && kind && { type: 'blit', scanout, rect, kind, heapOffset, strideBytes, foreground, background }
  )
}

function decodeCursor(view: DataView, offset: number): CursorEvent | undefined {
  const values = cursor.read(view, offset)
  const { scanout, x, y, width, height } = values
  const kind = cursorKinds[values.kind]
  if (!kind || !isNear(x) || !isNear(y)) return undefined
  if (kind !== 'shape') {
    return { type: 'cursor', scanout, kind, x, y, hotX: 0, hotY: 0, width: 0, height: 0, heapOffset: 0 }
  }
  const fits = (side: number) => side >= 1 && side <= layout.maxCursorSide
  const inside = fits(width) && fits(height) && values.hotX < width && values.hotY < height
  return inside ? { ...values, type: 'cursor', kind } : undefined
}

/** Writes one slot. */
export function encodeIn(view: DataView, offset: number, event: InEvent): void {
  const type = layout.inTypes[event.type]
  switch (event.type) {
    case 'refreshPeriod':
      refreshPeriod.write(view, offset, { ...event, type, scanout: 0 })
      break
    case 'dirty':
      dirty.write(view, offset, { ...event, type, scanout: 0 })
      break
    case 'mode':
      mode.write(view, offset, { ...event, type, scanout: 0 })
  }
}

/** @param view of a copy that nobody else writes to */
export function decodeIn(view: DataView, offset: number): InEvent | undefined {
  switch (view.getUint8(offset)) {
    case layout.inTypes.refreshPeriod:
      return { type: 'refreshPeriod', ms: refreshPeriod.read(view, offset).ms }
    case layout.inTypes.dirty:
      return { type: 'dirty', serial: dirty.read(view, offset).serial }
    case layout.inTypes.mode: {
      const { width, height } = mode.read(view, offset)
      const fits = (side: number) => side >= 1 && side <= maxSide
      return fits(width) && fits(height) ? { type: 'mode', width, height } : undefined
    }
    default:
      return undefined
  }
}

interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** undefined where it is empty, too large or too far away. */
function rectOf({ x, y, width, height }: Place, largest = farthest): Rect | undefined {
  const fits = width > 0 && height > 0 && width <= largest && height <= largest
  if (!fits || !isNear(x) || !isNear(y) || !isNear(x + width) || !isNear(y + height)) return undefined
  return rectOfSize(x, y, width, height)
}

function isNear(coordinate: number): boolean {
  return coordinate >= -farthest && coordinate <= farthest
}
