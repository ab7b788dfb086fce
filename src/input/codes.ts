/**
 * evdev's event types and codes (linux/input-event-codes.h): what of them a viewer's input can become. A key code names
 * a place on a US keyboard, not what is printed there.
 */
import { highestKeyCode, KEY } from './key-codes.js'

export { highestKeyCode, KEY }

/** Event types. */
export const EV = { SYN: 0, KEY: 1, REL: 2, ABS: 3, LED: 0x11, REP: 0x14 } as const
export const SYN = { REPORT: 0, DROPPED: 3 } as const

export const REL = { X: 0, Y: 1, HWHEEL: 6, WHEEL: 8 } as const

/** Of a pointer, and from MT_SLOT on of a touch screen (Documentation/input/multi-touch-protocol.rst, type B). */
export const ABS = {
  X: 0,
  Y: 1,
  MT_SLOT: 0x2f,
  MT_POSITION_X: 0x35,
  MT_POSITION_Y: 0x36,
  MT_TRACKING_ID: 0x39,
} as const

/** Codes of EV_KEY that are a pointer's, and TOUCH, a touch screen's. */
export const BTN = {
  LEFT: 0x110,
  RIGHT: 0x111,
  MIDDLE: 0x112,
  SIDE: 0x113,
  EXTRA: 0x114,
  FORWARD: 0x115,
  BACK: 0x116,
  TASK: 0x117,
  TOUCH: 0x14a,
} as const

/** Codes of EV_KEY from here on are buttons, which do not repeat. */
export const firstButton = 0x100
/** linux/input-event-codes.h: KEY_MAX. */
export const maxKeyCode = 0x2ff

export const LED = { NUML: 0, CAPSL: 1, SCROLLL: 2 } as const
