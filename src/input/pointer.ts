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

/** Where one viewer points, and the buttons that it holds. */
export class Pointer {
  #x = -1
  #y = -1
  #mask = 0

  /**
   * @param mask buttons held, as RFB has them; bits beyond 7 buttons are ignored
   * @param x in surface pixels; clamped to the surface, as `y`
   */
  move(mask: number, x: number, y: number, size: { readonly width: number; readonly height: number }): InputEvent[] {
    const events: InputEvent[] = []
    const [newX, newY] = [Math.min(x, size.width - 1), Math.min(y, size.height - 1)]
    if (newX !== this.#x) events.push({ type: EV.ABS, code: ABS.X, value: newX })
    if (newY !== this.#y) events.push({ type: EV.ABS, code: ABS.Y, value: newY })
    this.#x = newX
    this.#y = newY
    this.#addButtons(mask, events)
    const risen = mask & ~this.#mask
    wheelClicks.forEach((click, i) => {
      if (risen & (8 << i)) events.push({ type: EV.REL, ...click })
    })
    this.#mask = mask
    return events.length > 0 ? [...events, synReport] : events
  }

  /** Lets go of every button. */
  releaseAll(): InputEvent[] {
    const events: InputEvent[] = []
    this.#addButtons(0, events)
    this.#mask = 0
    return events.length > 0 ? [...events, synReport] : events
  }

  #addButtons(mask: number, events: InputEvent[]): void {
    buttonCodes.forEach((code, i) => {
      const bit = 1 << i
      if ((mask ^ this.#mask) & bit) events.push({ type: EV.KEY, code, value: mask & bit ? 1 : 0 })
    })
  }
}
