/** One evdev event, as struct input_event without its time (linux/input.h, Documentation/input/event-codes.rst). */
export interface InputEvent {
  readonly type: number
  readonly code: number
  readonly value: number
}
