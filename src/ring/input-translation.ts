import { ABS, BTN, EV, firstButton, REL } from '../input/codes.js'
import { type InputEvent, keyValues } from '../input/event.js'
import { clampTo, type Size } from '../input/input-source.js'
import type { KeyboardEvent } from './keyboard-events.js'
import type { Feature } from './negotiation.js'
import { TouchTranslation } from './touch-translation.js'

/** Where a viewer's surface is: its place beside scanout 0, and the size of that one, which places lie in. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly range: Size
}

/** Of places with request-raw-pointer (xen/interface/io/kbdif.h). */
const rawRange = 0x7fff

/** Turns evdev's events into those of the keyboard page, as they were agreed upon. */
export class InputTranslation {
  readonly #features: ReadonlySet<Feature>
  readonly #touch: TouchTranslation | undefined
  /** Where the pointer is, as the frontend was told last. */
  #x = 0
  #y = 0

  constructor(features: ReadonlySet<Feature>) {
    this.#features = features
    this.#touch = features.has('multi-touch') ? new TouchTranslation() : undefined
  }

  /** @param batch what happened at one time */
  translate(batch: readonly InputEvent[], place: Place): KeyboardEvent[] {
    const out: KeyboardEvent[] = []
    let [x, y, wheel, moved] = [this.#x, this.#y, 0, false]
    const move = () => {
      if (moved) out.push(this.#move(x, y, wheel, place))
      wheel = 0
      moved = false
    }
    for (const { type, code, value } of batch) {
      if (type === EV.KEY && code !== BTN.TOUCH) {
        // Where a button was pressed comes first.
        move()
        if (this.#takesKey(code)) {
          out.push({ type: 'key', pressed: value !== keyValues.released, keycode: code })
        }
        continue
      }
      if (type === EV.ABS && code === ABS.X) x = value + place.x
      else if (type === EV.ABS && code === ABS.Y) y = value + place.y
      else if (type === EV.REL && code === REL.X) x += value
      else if (type === EV.REL && code === REL.Y) y += value
      else if (type === EV.REL && code === REL.WHEEL) wheel -= value
      else continue
      moved = !this.#features.has('disable-pointer')
    }
    move()
    return [...out, ...(this.#touch?.translate(batch, place) ?? [])]
  }

  #takesKey(code: number): boolean {
    return !this.#features.has(isButton(code) ? 'disable-pointer' : 'disable-keyboard')
  }

  #move(x: number, y: number, relZ: number, { range }: Place): KeyboardEvent {
    const [relX, relY] = [x - this.#x, y - this.#y]
    this.#x = x
    this.#y = y
    if (!this.#features.has('abs-pointer')) return { type: 'motion', relX, relY, relZ }
    const raw = this.#features.has('raw-pointer')
    const absX = raw ? toRaw(x, range.width) : x
    const absY = raw ? toRaw(y, range.height) : y
    return { type: 'pos', absX, absY, relZ }
  }
}

/** As the driver of Xen's keyboard tells its two devices apart: keys of keyboards lie on both sides of the buttons. */
function isButton(code: number): boolean {
  return code >= firstButton && code <= BTN.TASK
}

function toRaw(place: number, length: number): number {
  return Math.round((clampTo(place, length) * rawRange) / Math.max(1, length - 1))
}
