import { InvalidArgumentError } from '../errors.js'
import { ABS, BTN, EV, firstButton, maxKeyCode } from './codes.js'
import { type InputEvent, keyEvent, keyValues } from './event.js'
import type { GuestInput } from './guest-input.js'
import { noTouch } from './input-state.js'

/** A finger on the surface: `id` is the viewer's own name for it, for as long as it is down. */
export interface Touch {
  readonly id: number
  /** In surface pixels; clamped to the surface, as `y`. */
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** @returns the coordinate inside of the surface, a whole number */
export function clampTo(value: number, length: number): number {
  return Math.max(0, Math.min(Math.trunc(value) || 0, length - 1))
}

/** The hands of one viewer on the guest's keyboard, pointer and touch screen. */
export class InputSource {
  readonly #guest: GuestInput
  readonly #held = new Set<number>()
  /** The slots of its fingers. */
  readonly #slots = new Map<number, number>()

  constructor(guest: GuestInput) {
    this.#guest = guest
  }

  /**
   * What happened at one time. A press of a key that is down becomes its repetition, and of a button nothing; a release of
   * what this source does not hold means nothing.
   * @throws InvalidArgumentError a key that evdev has no room for
   */
  send(events: readonly InputEvent[]): void {
    this.#guest.send(events.flatMap((event) => (event.type === EV.KEY ? this.#key(event) : event)))
  }

  key(code: number, down: boolean): void {
    this.send([keyEvent(code, down)])
  }

  /**
   * All fingers that are on the surface now; one that was there before and is not listed has left. Fingers beyond those
   * that the touch screen tells apart are ignored.
   */
  touch(touches: readonly Touch[], size: Size): void {
    const there = new Set(touches.map(({ id }) => id))
    const lifted = [...this.#slots].filter(([id]) => !there.has(id))
    const events = lifted.flatMap(([id, slot]) => this.#lift(id, slot))
    const wasTouched = this.#slots.size + lifted.length > 0
    // The state, which free slots are told from, hears of them when the batch is sent.
    const reserved = new Set<number>()
    for (const touch of touches) {
      const known = this.#slots.get(touch.id)
      const slot = known ?? this.#freeSlot(reserved)
      if (slot === undefined) continue
      events.push({ type: EV.ABS, code: ABS.MT_SLOT, value: slot })
      if (known === undefined) {
        this.#slots.set(touch.id, slot)
        reserved.add(slot)
        events.push({ type: EV.ABS, code: ABS.MT_TRACKING_ID, value: this.#guest.nextTrackingId() })
      }
      events.push({ type: EV.ABS, code: ABS.MT_POSITION_X, value: clampTo(touch.x, size.width) })
      events.push({ type: EV.ABS, code: ABS.MT_POSITION_Y, value: clampTo(touch.y, size.height) })
    }
    const isTouched = this.#slots.size > 0
    if (wasTouched !== isTouched) events.push(keyEvent(BTN.TOUCH, isTouched))
    if (events.length > 0) this.send(events)
  }

  /** Idempotent. Everything is let go: the viewer left, or may send no input any more. */
  close(): void {
    this.touch([], { width: 1, height: 1 })
    this.send([...this.#held].map((code) => keyEvent(code, false)))
  }

  #key({ type, code, value }: InputEvent): InputEvent[] {
    if (!(Number.isInteger(code) && code > 0 && code <= maxKeyCode)) {
      throw new InvalidArgumentError(`key: expected a code of 1 to ${maxKeyCode}, received ${code}`)
    }
    const held = this.#held.has(code)
    if (value === keyValues.released) {
      if (!this.#held.delete(code) || !this.#guest.letGo(code)) return []
      return [{ type, code, value }]
    }
    this.#held.add(code)
    if (!held && this.#guest.hold(code)) return [{ type, code, value: keyValues.pressed }]
    return code < firstButton ? [{ type, code, value: keyValues.repeated }] : []
  }

  #lift(id: number, slot: number): InputEvent[] {
    this.#slots.delete(id)
    return [
      { type: EV.ABS, code: ABS.MT_SLOT, value: slot },
      { type: EV.ABS, code: ABS.MT_TRACKING_ID, value: noTouch },
    ]
  }

  #freeSlot(reserved: ReadonlySet<number>): number | undefined {
    const { slots } = this.#guest.state
    const slot = slots.findIndex(({ trackingId }, i) => trackingId === noTouch && !reserved.has(i))
    return slot < 0 ? undefined : slot
  }
}
