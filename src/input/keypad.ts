import { KEY } from './codes.js'

/** The keys of the keypad: what is printed on them, and the key that each is without Num Lock. */
const keys: readonly (readonly [code: number, printed: string, withoutNumLock?: number])[] = [
  [KEY.KP7, '7', KEY.HOME],
  [KEY.KP8, '8', KEY.UP],
  [KEY.KP9, '9', KEY.PAGEUP],
  [KEY.KPMINUS, '-'],
  [KEY.KP4, '4', KEY.LEFT],
  [KEY.KP5, '5'],
  [KEY.KP6, '6', KEY.RIGHT],
  [KEY.KPPLUS, '+'],
  [KEY.KP1, '1', KEY.END],
  [KEY.KP2, '2', KEY.DOWN],
  [KEY.KP3, '3', KEY.PAGEDOWN],
  [KEY.KP0, '0', KEY.INSERT],
  [KEY.KPDOT, '.', KEY.DELETE],
  [KEY.KPASTERISK, '*'],
  [KEY.KPSLASH, '/'],
  [KEY.KPEQUAL, '='],
  [KEY.KPCOMMA, ','],
  [KEY.KPENTER, '\r'],
]

export interface KeypadKey {
  /** A character; of Enter a carriage return. */
  readonly printed: string
  /** undefined: the same with and without Num Lock, but for 5, which is nothing. */
  readonly withoutNumLock: number | undefined
}

export const keypadKeys: ReadonlyMap<number, KeypadKey> = new Map(
  keys.map(([code, printed, withoutNumLock]) => [code, { printed, withoutNumLock }]),
)
