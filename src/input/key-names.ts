import { KEY } from './codes.js'

/** Names of keys in "{…}", as people write them. All in small letters. */
const names = new Map<string, number>([
  ['enter', KEY.ENTER],
  ['return', KEY.ENTER],
  ['tab', KEY.TAB],
  ['esc', KEY.ESC],
  ['escape', KEY.ESC],
  ['space', KEY.SPACE],
  ['backspace', KEY.BACKSPACE],
  ['delete', KEY.DELETE],
  ['del', KEY.DELETE],
  ['insert', KEY.INSERT],
  ['ins', KEY.INSERT],
  ['home', KEY.HOME],
  ['end', KEY.END],
  ['pageup', KEY.PAGEUP],
  ['pgup', KEY.PAGEUP],
  ['pagedown', KEY.PAGEDOWN],
  ['pgdn', KEY.PAGEDOWN],
  ['up', KEY.UP],
  ['down', KEY.DOWN],
  ['left', KEY.LEFT],
  ['right', KEY.RIGHT],
  ['print', KEY.SYSRQ],
  ['sysrq', KEY.SYSRQ],
  ['pause', KEY.PAUSE],
  ['menu', KEY.COMPOSE],
  ['capslock', KEY.CAPSLOCK],
  ['numlock', KEY.NUMLOCK],
  ['scrolllock', KEY.SCROLLLOCK],
  ['kpenter', KEY.KPENTER],
])
for (let n = 1; n <= 10; n++) names.set(`f${n}`, KEY.F1 + n - 1)
for (let n = 11; n <= 12; n++) names.set(`f${n}`, KEY.F11 + n - 11)
for (let n = 13; n <= 24; n++) names.set(`f${n}`, KEY.F13 + n - 13)

const modifiers = new Map<string, number>([
  ['ctrl', KEY.LEFTCTRL],
  ['control', KEY.LEFTCTRL],
  ['shift', KEY.LEFTSHIFT],
  ['alt', KEY.LEFTALT],
  ['altgr', KEY.RIGHTALT],
  ['meta', KEY.LEFTMETA],
  ['super', KEY.LEFTMETA],
  ['win', KEY.LEFTMETA],
])

/** What stands between braces, taken apart. */
export interface NamedKey {
  readonly modifiers: readonly number[]
  /** A key's code, or a character that a layout has to know. */
  readonly key: number | string
}

/**
 * "ctrl-c", "alt-tab", "f1", "ctrl", "ctrl--".
 * @returns undefined for a name that is none
 */
export function parseKeyName(text: string): NamedKey | undefined {
  const parts = text.match(/^((?:[a-z]+-)*)(.+)$/isu)
  if (!parts) return undefined
  const held = parts[1]!.split('-').filter((word) => word !== '')
  const codes = held.map((word) => modifiers.get(word.toLowerCase()))
  const last = parts[2]!
  const key =
    [...last].length === 1 ? last : (names.get(last.toLowerCase()) ?? modifiers.get(last.toLowerCase()))
  if (key === undefined || codes.includes(undefined)) return undefined
  return { modifiers: codes as number[], key }
}
