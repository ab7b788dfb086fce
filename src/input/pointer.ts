import { ABS, BTN, EV, REL } from './codes.js'
import { type InputEvent, keyEvent } from './event.js'
import { clampTo, type Size } from './input-source.js'

/**
 * Bit n of RFB's button mask is button n + 1 (RFC 6143, 7.5.5), numbered as X11 does: buttons 4 to 7 are a wheel's, 8 and
 * 9 the thumb's, whose codes are what X servers make of them (xf86-input-evdev, libinput).
 */
const buttonCodes: readonly (readonly [bit: number, code: number])[] = [
  [0, BTN.LEFT],
  [1, BTN.MIDDLE],
  [2, BTN.RIGHT],
  [7, BTN.SIDE],
  [8, BTN.EXTRA],
]

/** Clicks up, down, left and right. Only their press counts. */
const wheelClicks: readonly (readonly [bit: number, code: number, value: number])[] = [
  [3, REL.WHEEL, 1],
  [4, REL.WHEEL, -1],
  [5, REL.HWHEEL, -1],
  [6, REL.HWHEEL, 1],
]

/** The buttons of one RFB viewer. */
export class Pointer {
  #mask = 0

  /**
   * @param mask buttons held, as RFB has them
   * @param x in surface pixels; clamped to the surface, as `y`
   * @returns what happened, for InputSource.send()
   */
  move(mask: number, x: number, y: number, surface: Size): InputEvent[] {
    const changed = mask ^ this.#mask
    const has = (bits: number, bit: number) => (bits & (1 << bit)) !== 0
    const buttons = buttonCodes
      .filter(([bit]) => has(changed, bit))
      .map(([bit, code]) => keyEvent(code, has(mask, bit)))
    const clicks = wheelClicks
      .filter(([bit]) => has(changed & mask, bit))
      .map(([, code, value]) => ({ type: EV.REL, code, value }))
    this.#mask = mask
    // Always both: another viewer may have moved the guest's one pointer since.
    return [
      { type: EV.ABS, code: ABS.X, value: clampTo(x, surface.width) },
      { type: EV.ABS, code: ABS.Y, value: clampTo(y, surface.height) },
      ...buttons,
      ...clicks,
    ]
  }
}
