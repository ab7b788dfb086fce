import { ABS, BTN, EV, REL } from './codes.js'
import type { InputEvent } from './event.js'
import { synReport } from './keyboard.js'

/** Bit n of RFB's button mask is button n + 1 (RFC 6143, 7.5.5); X11 numbers them the same way. */
const buttonCodes = [BTN.LEFT, BTN.MIDDLE, BTN.RIGHT] as const

/** Buttons 4 to 7 are a wheel's clicks: up, down, left, right. Only their press counts. */
const wheelClicks = [
  { code: REL.WHEEL, value: 1 },
  { code: REL.WHEEL, value: -1 },
  { code: REL.HWHEEL, value: -1 },
  { code: REL.HWHEEL, value: 1 },
] as const
const firstWheelBit = 8

/** The buttons that one viewer holds. */
export class Pointer {
  #mask = 0

  /**
   * @param mask buttons held, as RFB has them; bits beyond 7 buttons are ignored
   * @param x in surface pixels; clamped to the surface, as `y`
   */
  move(
    mask: number,
    x: number,
    y: number,
    surface: { readonly width: number; readonly height: number },
  ): InputEvent[] {
    // Always both: another viewer may have moved the guest's one pointer since.
    const events: InputEvent[] = [
      { type: EV.ABS, code: ABS.X, value: Math.min(x, surface.width - 1) },
      { type: EV.ABS, code: ABS.Y, value: Math.min(y, surface.height - 1) },
      ...this.#changedButtons(mask),
    ]
    const risen = mask & ~this.#mask
    wheelClicks.forEach((click, i) => {
      if (risen & (firstWheelBit << i)) events.push({ type: EV.REL, ...click })
    })
    this.#mask = mask
    return [...events, synReport]
  }

  /** Lets go of every button. */
  releaseAll(): InputEvent[] {
    const events = this.#changedButtons(0)
    this.#mask = 0
    return events.length > 0 ? [...events, synReport] : events
  }

  #changedButtons(mask: number): InputEvent[] {
    const changed = mask ^ this.#mask
    return buttonCodes.flatMap((code, i) =>
      changed & (1 << i) ? [{ type: EV.KEY, code, value: (mask >> i) & 1 }] : [],
    )
  }
}
