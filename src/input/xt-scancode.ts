/**
 * Scancodes of the PC's first set ("XT"), as QEMU's extended key event carries them, to evdev codes. evdev took over the
 * codes of the first keyboards; the table has what came later (drivers/input/keyboard/atkbd.c in Linux; the assignment
 * that QEMU's viewers agree on is keycodemapdb's).
 */
import { KEY } from './codes.js'

/** Up to here a scancode without a prefix is the evdev code. */
const lastOfTheFirst = 0x53

const plain = new Map<number, number>([
  [0x54, KEY.SYSRQ],
  [0x55, KEY.F13 + 3],
  [0x56, KEY['102ND']],
  [0x57, KEY.F11],
  [0x58, KEY.F12],
  [0x59, KEY.KPEQUAL],
  [0x5a, KEY.F13 + 7],
  [0x5b, KEY.LINEFEED],
  [0x5c, KEY.KPJPCOMMA],
  [0x5d, KEY.F13],
  [0x5e, KEY.F13 + 1],
  [0x5f, KEY.F13 + 2],
  [0x64, KEY.OPEN],
  [0x65, KEY.PASTE],
  [0x6c, KEY.EJECTCD],
  [0x6d, KEY.F13 + 10],
  [0x6f, KEY.F24],
  [0x70, KEY.KATAKANAHIRAGANA],
  [0x73, KEY.RO],
  [0x74, KEY.F13 + 8],
  [0x76, KEY.ZENKAKUHANKAKU],
  [0x77, KEY.HIRAGANA],
  [0x78, KEY.KATAKANA],
  [0x79, KEY.HENKAN],
  [0x7b, KEY.MUHENKAN],
  [0x7d, KEY.YEN],
  [0x7e, KEY.KPCOMMA],
])

/** Behind the prefix 0xe0. */
const extended = new Map<number, number>([
  [0x03, KEY.F13 + 4],
  [0x04, KEY.F13 + 6],
  [0x05, KEY.AGAIN],
  [0x06, KEY.PROPS],
  [0x07, KEY.UNDO],
  [0x0b, KEY.SCALE],
  [0x0c, KEY.FRONT],
  [0x10, KEY.PREVIOUSSONG],
  [0x19, KEY.NEXTSONG],
  [0x1c, KEY.KPENTER],
  [0x1d, KEY.RIGHTCTRL],
  [0x1e, KEY.MENU],
  [0x20, KEY.MUTE],
  [0x21, KEY.CALC],
  [0x22, KEY.PLAYPAUSE],
  [0x24, KEY.STOPCD],
  [0x25, KEY.SUSPEND],
  [0x2e, KEY.VOLUMEDOWN],
  [0x30, KEY.VOLUMEUP],
  [0x32, KEY.HOMEPAGE],
  [0x35, KEY.KPSLASH],
  [0x37, KEY.SYSRQ],
  [0x38, KEY.RIGHTALT],
  [0x3c, KEY.CUT],
  [0x41, KEY.FIND],
  [0x46, KEY.PAUSE],
  [0x47, KEY.HOME],
  [0x48, KEY.UP],
  [0x49, KEY.PAGEUP],
  [0x4b, KEY.LEFT],
  [0x4d, KEY.RIGHT],
  [0x4e, KEY.KPPLUSMINUS],
  [0x4f, KEY.END],
  [0x50, KEY.DOWN],
  [0x51, KEY.PAGEDOWN],
  [0x52, KEY.INSERT],
  [0x53, KEY.DELETE],
  [0x5b, KEY.LEFTMETA],
  [0x5c, KEY.RIGHTMETA],
  [0x5d, KEY.COMPOSE],
  [0x5e, KEY.POWER],
  [0x5f, KEY.SLEEP],
  [0x63, KEY.WAKEUP],
  [0x65, KEY.SEARCH],
  [0x66, KEY.BOOKMARKS],
  [0x67, KEY.REFRESH],
  [0x68, KEY.STOP],
  [0x69, KEY.FORWARD],
  [0x6a, KEY.BACK],
  [0x6b, KEY.COMPUTER],
  [0x6c, KEY.MAIL],
  [0x6d, KEY.MEDIA],
  [0x6f, KEY.MACRO],
  [0x71, KEY.HANJA],
  [0x72, KEY.HANGEUL],
  [0x75, KEY.HELP],
  [0x76, KEY.KPLEFTPAREN],
  [0x77, KEY.F13 + 5],
  [0x78, KEY.COPY],
  [0x79, KEY.F13 + 9],
  [0x7b, KEY.KPRIGHTPAREN],
  [0x7d, KEY.EJECTCLOSECD],
])

/**
 * @param scancode one byte; with the prefix 0xe0 as its highest bit, or, as some viewers have it, as a byte before it
 * @returns the evdev code, or undefined for 0 and for what no key sends
 */
export function scancodeToCode(scancode: number): number | undefined {
  if (scancode > 0 && scancode <= lastOfTheFirst) return scancode
  if (scancode < 0x80) return plain.get(scancode)
  if (scancode <= 0xff || (scancode >= 0xe000 && scancode <= 0xe0ff)) return extended.get(scancode & 0x7f)
  return undefined
}
