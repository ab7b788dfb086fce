import { ABS, BTN, EV, maxKeyCode } from './codes.js'
import type { InputEvent } from './event.js'

/** Fingers that a touch screen tells apart. */
export const touchSlots = 10
/** In a slot without a finger (Documentation/input/multi-touch-protocol.rst). */
export const noTouch = -1

/** A finger's place. */
export interface TouchSlot {
  /** `noTouch` where the slot is free; never the same for two touches in a row. */
  readonly trackingId: number
  readonly x: number
  readonly y: number
}

const freeSlot: TouchSlot = { trackingId: noTouch, x: 0, y: 0 }

/** What a guest's input devices stand at: what the events so far come to. A guest that lost some asks for it. */
export class InputState {
  /** One bit a code of EV_KEY, the lowest first, as the ioctl EVIOCGKEY has it. */
  readonly keys = new Uint8Array((maxKeyCode + 1) / 8)
  /** Of the pointer. */
  x = 0
  y = 0
  /** The slot that ABS_MT events are about. */
  slot = 0
  readonly slots: TouchSlot[] = Array.from({ length: touchSlots }, () => freeSlot)

  isDown(code: number): boolean {
    return (this.keys[code >> 3]! & (1 << (code & 7))) !== 0
  }

  /** Events of other types, and codes that are out of range, change nothing. */
  apply({ type, code, value }: InputEvent): void {
    if (type === EV.KEY && code <= maxKeyCode) this.#setKey(code, value !== 0)
    if (type !== EV.ABS) return
    if (code === ABS.X) this.x = value
    else if (code === ABS.Y) this.y = value
    else if (code === ABS.MT_SLOT && value >= 0 && value < touchSlots) this.slot = value
    else if (code === ABS.MT_TRACKING_ID) this.#setSlot({ trackingId: value })
    else if (code === ABS.MT_POSITION_X) this.#setSlot({ x: value })
    else if (code === ABS.MT_POSITION_Y) this.#setSlot({ y: value })
  }

  /** The finger that has been down for the longest time; undefined where none is. */
  get firstTouch(): TouchSlot | undefined {
    return this.slots
      .filter(({ trackingId }) => trackingId !== noTouch)
      .sort((a, b) => a.trackingId - b.trackingId)[0]
  }

  get touched(): boolean {
    return this.isDown(BTN.TOUCH)
  }

  #setKey(code: number, down: boolean): void {
    const bit = 1 << (code & 7)
    if (down) this.keys[code >> 3]! |= bit
    else this.keys[code >> 3]! &= ~bit
  }

  #setSlot(change: Partial<TouchSlot>): void {
    this.slots[this.slot] = { ...this.slots[this.slot]!, ...change }
  }
}
