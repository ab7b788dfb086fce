import { ABS, BTN, EV, REL } from '../../input/codes.js'
import { type InputEvent, synReport } from '../../input/event.js'
import type { InputState } from '../../input/input-state.js'
import { inputDevices, inputKeyboard, inputMouse, inputPointer, inputTouch } from '../wire.js'

/** Above the keys of keyboards, up to BTN_TOUCH, lie the buttons; behind them keys that keyboards have, too. */
const [firstPointerButton, lastPointerButton] = [BTN.LEFT, BTN.TASK]

/** Which of a guest's devices an event comes from. */
function deviceOf({ type, code }: InputEvent): number {
  if (type === EV.REL) return code === REL.X || code === REL.Y ? inputMouse : inputPointer
  if (type === EV.ABS) return code >= ABS.MT_SLOT ? inputTouch : inputPointer
  if (type !== EV.KEY || code < firstPointerButton) return inputKeyboard
  if (code <= lastPointerButton) return inputPointer
  return code === BTN.TOUCH ? inputTouch : inputKeyboard
}

/**
 * A batch as each device has it, ended by SYN_REPORT, or empty. The touch screen says where its first finger is for programs
 * that know of one only (Documentation/input/multi-touch-protocol.rst).
 * @param state which the batch has been applied to
 */
export function route(events: readonly InputEvent[], state: InputState): readonly InputEvent[][] {
  const batches: InputEvent[][] = Array.from({ length: inputDevices }, () => [])
  for (const event of events) if (event.type !== EV.SYN) batches[deviceOf(event)]!.push(event)
  const touches = batches[inputTouch]!
  const first = state.firstTouch
  if (touches.length > 0 && first) {
    touches.push({ type: EV.ABS, code: ABS.X, value: first.x }, { type: EV.ABS, code: ABS.Y, value: first.y })
  }
  for (const batch of batches) if (batch.length > 0) batch.push(synReport)
  return batches
}
