import { ABS, EV } from '../input/codes.js'
import type { InputEvent } from '../input/event.js'
import { noTouch, touchSlots } from '../input/input-state.js'
import type { TouchEvent } from './keyboard-events.js'

interface Finger {
  readonly event: 'down' | 'motion' | 'up'
  readonly x: number
  readonly y: number
}

/** Fingers in evdev's slots (Documentation/input/multi-touch-protocol.rst, type B), as MTOUCH has them. */
export class TouchTranslation {
  #slot = 0
  readonly #places = Array.from({ length: touchSlots }, () => ({ x: 0, y: 0 }))

  /**
   * @param beside where the viewer's surface is beside scanout 0
   * @returns an event for each finger that changed, and SYN behind them; or nothing
   */
  translate(batch: readonly InputEvent[], beside: { readonly x: number; readonly y: number }): TouchEvent[] {
    const changed = this.#changed(batch)
    if (changed.size === 0) return []
    const fingers = [...changed].map(
      ([contact, { event, x, y }]): TouchEvent =>
        event === 'up'
          ? { type: 'mtouch', event, contact }
          : { type: 'mtouch', event, contact, x: x + beside.x, y: y + beside.y },
    )
    return [...fingers, { type: 'mtouch', event: 'syn', contact: 0 }]
  }

  #changed(batch: readonly InputEvent[]): Map<number, Finger> {
    const changed = new Map<number, Finger>()
    for (const { type, code, value } of batch) {
      if (type !== EV.ABS) continue
      if (code === ABS.MT_SLOT) this.#slot = value
      const place = this.#places[this.#slot]
      if (!place) continue
      let event = changed.get(this.#slot)?.event ?? 'motion'
      if (code === ABS.MT_POSITION_X) place.x = value
      else if (code === ABS.MT_POSITION_Y) place.y = value
      else if (code === ABS.MT_TRACKING_ID) event = value === noTouch ? 'up' : 'down'
      else continue
      changed.set(this.#slot, { ...place, event })
    }
    return changed
  }
}
