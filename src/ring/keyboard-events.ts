/** Events of the keyboard page as plain objects; of an unknown type or out of range: undefined. */
import { eventFields } from './event-fields.js'
import * as layout from './layout.js'

export interface MotionEvent {
  readonly type: 'motion'
  readonly relX: number
  readonly relY: number
  /** The wheel: negative is up. */
  readonly relZ: number
}

export interface KeyEvent {
  readonly type: 'key'
  readonly pressed: boolean
  /** KEY_* and BTN_* of linux/input-event-codes.h. */
  readonly keycode: number
}

export interface PositionEvent {
  readonly type: 'pos'
  readonly absX: number
  readonly absY: number
  /** The wheel: negative is up. */
  readonly relZ: number
}

export type TouchEvent =
  | {
      readonly type: 'mtouch'
      readonly event: 'down' | 'motion'
      readonly contact: number
      readonly x: number
      readonly y: number
    }
  | { readonly type: 'mtouch'; readonly event: 'up' | 'syn'; readonly contact: number }
  | {
      readonly type: 'mtouch'
      readonly event: 'shape'
      readonly contact: number
      readonly major: number
      readonly minor: number
    }
  | {
      readonly type: 'mtouch'
      readonly event: 'orientation'
      readonly contact: number
      /** -32768 to 32767. */
      readonly angle: number
    }

/** To the frontend. */
export type KeyboardEvent = MotionEvent | KeyEvent | PositionEvent | TouchEvent

const motion = eventFields(layout.events.motion)
const key = eventFields(layout.events.key)
const pos = eventFields(layout.events.pos)
const mtouch = eventFields(layout.events.mtouch)

/** KEY_MAX of linux/input-event-codes.h. */
const largestKeycode = 0x2ff

/** Writes one slot. */
export function encodeKeyboard(view: DataView, offset: number, event: KeyboardEvent): void {
  const type = layout.keyboardTypes[event.type]
  switch (event.type) {
    case 'motion':
      motion.write(view, offset, { ...event, type, scanout: 0 })
      break
    case 'key':
      key.write(view, offset, { ...event, type, pressed: Number(event.pressed) })
      break
    case 'pos':
      pos.write(view, offset, { ...event, type, scanout: 0 })
      break
    case 'mtouch': {
      const [x, y] = touchPlace(event)
      const eventType = layout.touchTypes[event.event]
      mtouch.write(view, offset, { type, eventType, contactId: event.contact, x, y })
    }
  }
}

/** What is at 8 and 12 of MTOUCH. */
function touchPlace(event: TouchEvent): readonly [number, number] {
  switch (event.event) {
    case 'down':
    case 'motion':
      return [event.x, event.y]
    case 'shape':
      return [event.major, event.minor]
    case 'orientation':
      return [event.angle & 0xffff, 0]
    default:
      return [0, 0]
  }
}

/** @param view of a copy that nobody else writes to */
export function decodeKeyboard(view: DataView, offset: number): KeyboardEvent | undefined {
  switch (view.getUint8(offset)) {
    case layout.keyboardTypes.motion: {
      const { relX, relY, relZ } = motion.read(view, offset)
      return { type: 'motion', relX, relY, relZ }
    }
    case layout.keyboardTypes.key: {
      const { pressed, keycode } = key.read(view, offset)
      return keycode <= largestKeycode ? { type: 'key', pressed: pressed !== 0, keycode } : undefined
    }
    case layout.keyboardTypes.pos: {
      const { absX, absY, relZ } = pos.read(view, offset)
      return { type: 'pos', absX, absY, relZ }
    }
    case layout.keyboardTypes.mtouch:
      return decodeTouch(view, offset)
    default:
      return undefined
  }
}

function decodeTouch(view: DataView, offset: number): TouchEvent | undefined {
  const { eventType, contactId: contact, x, y } = mtouch.read(view, offset)
  switch (eventType) {
    case layout.touchTypes.down:
      return { type: 'mtouch', event: 'down', contact, x, y }
    case layout.touchTypes.motion:
      return { type: 'mtouch', event: 'motion', contact, x, y }
    case layout.touchTypes.up:
      return { type: 'mtouch', event: 'up', contact }
    case layout.touchTypes.syn:
      return { type: 'mtouch', event: 'syn', contact }
    case layout.touchTypes.shape:
      return { type: 'mtouch', event: 'shape', contact, major: x >>> 0, minor: y >>> 0 }
    case layout.touchTypes.orientation:
      return { type: 'mtouch', event: 'orientation', contact, angle: (x << 16) >> 16 }
    default:
      return undefined
  }
}
