import type { MouseEncoding } from './terminal-state.js'

/** What of the mouse a program wants to hear (xterm's ctlseqs, "Mouse Tracking"; the names are xterm.js's). */
export type MouseTracking = 'none' | 'x10' | 'vt200' | 'drag' | 'any'

/** As the protocols number them: 64 and 65 are the wheel's way up and down, 66 and 67 left and right. */
export const mouseButtons = { left: 0, middle: 1, right: 2, none: 3, wheelUp: 64 } as const

export interface MouseAction {
  readonly kind: 'press' | 'release' | 'move'
  readonly button: number
  /** Of the cell, from 0, as is `row`. */
  readonly column: number
  readonly row: number
  readonly shift: boolean
  readonly alt: boolean
  readonly ctrl: boolean
}

const motion = 32
/** A byte has room for a place up to here: 255 less the 32 that all begin with. */
const lastX10Place = 222

function isWanted({ kind, button }: MouseAction, tracking: MouseTracking): boolean {
  switch (tracking) {
    case 'none':
      return false
    case 'x10':
      return kind === 'press' && button < mouseButtons.none
    case 'vt200':
      return kind !== 'move'
    case 'drag':
      return kind !== 'move' || button !== mouseButtons.none
    case 'any':
      return true
  }
}

/** @returns what the program is told, as Latin-1; '' where it does not want to hear of it, or cannot be told */
export function encodeMouse(action: MouseAction, tracking: MouseTracking, encoding: MouseEncoding): string {
  if (!isWanted(action, tracking)) return ''
  const { kind, button, column, row, shift, alt, ctrl } = action
  const held = tracking === 'x10' ? 0 : 4 * Number(shift) + 8 * Number(alt) + 16 * Number(ctrl)
  const moved = kind === 'move' ? motion : 0
  if (encoding === 'sgr') {
    return `\x1b[<${button + held + moved};${column + 1};${row + 1}${kind === 'release' ? 'm' : 'M'}`
  }
  if (column > lastX10Place || row > lastX10Place) return ''
  // Which button went up is not told.
  const shown = kind === 'release' ? mouseButtons.none : button
  return `\x1b[M${String.fromCharCode(32 + shown + held + moved, 33 + column, 33 + row)}`
}
