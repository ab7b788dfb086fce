import { EV, SYN } from './codes.js'

/** One evdev event, as struct input_event without its time (linux/input.h, Documentation/input/event-codes.rst). */
export interface InputEvent {
  readonly type: number
  readonly code: number
  readonly value: number
}

/** Ends what happened at one time. */
export const synReport: InputEvent = { type: EV.SYN, code: SYN.REPORT, value: 0 }

/** Values of EV_KEY. */
export const keyValues = { released: 0, pressed: 1, repeated: 2 } as const

export function keyEvent(code: number, down: boolean): InputEvent {
  return { type: EV.KEY, code, value: down ? keyValues.pressed : keyValues.released }
}
