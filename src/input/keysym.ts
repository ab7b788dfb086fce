/**
 * X11 keysyms (X11/keysymdef.h, X11/XF86keysym.h), as RFB's key events carry them (RFC 6143, 7.5.4), to places on a US
 * keyboard. '1' and '!' are the same key: the viewer sends Shift as a key of its own, and the guest's layout decides.
 */
import { KEY } from './codes.js'

const codeOf = new Map<number, number>()

function map(keysym: number, code: number): void {
  codeOf.set(keysym, code)
}

/** Keys in the order of a row of the keyboard: what they print, without and with Shift, and their codes from the left. */
function mapRow(plain: string, shifted: string, firstCode: number): void {
  for (let i = 0; i < plain.length; i++) {
    // The keysym of a Latin-1 character is its code point.
    map(plain.charCodeAt(i), firstCode + i)
    map(shifted.charCodeAt(i), firstCode + i)
  }
}

/** Consecutive keysyms to a code each. */
function mapRange(firstKeysym: number, codes: readonly number[]): void {
  codes.forEach((code, i) => {
    map(firstKeysym + i, code)
  })
}

/** Consecutive keysyms to consecutive codes. */
function mapRun(firstKeysym: number, firstCode: number, count: number): void {
  for (let i = 0; i < count; i++) map(firstKeysym + i, firstCode + i)
}

mapRow('1234567890-=', '!@#$%^&*()_+', KEY[1])
mapRow('qwertyuiop[]', 'QWERTYUIOP{}', KEY.Q)
mapRow("asdfghjkl;'`", 'ASDFGHJKL:"~', KEY.A)
mapRow('\\zxcvbnm,./', '|ZXCVBNM<>?', KEY.BACKSLASH)
map(0x20, KEY.SPACE)

// Latin-1's letters with a mark, at the key of the letter below the mark: a guest whose layout has them elsewhere gets at
// least that letter. (À to ß, à to ÿ; × and ÷ are no letters.)
const latin1Letters = 'AAAAAAACEEEEIIIIDNOOOOO OUUUUYTSaaaaaaaceeeeiiiidnooooo ouuuuyty'
for (let i = 0; i < latin1Letters.length; i++) {
  if (latin1Letters[i] !== ' ') map(0xc0 + i, codeOf.get(latin1Letters.charCodeAt(i))!)
}
// The key between the left Shift and Z on keyboards that have one: § and ± of ISO keyboards.
map(0xa7, KEY['102ND'])
map(0xb1, KEY['102ND'])

// Dead keys stand where their mark is printed on a US keyboard: grave, acute, circumflex, tilde, and diaeresis.
map(0xfe50, KEY.GRAVE)
map(0xfe51, KEY.APOSTROPHE)
map(0xfe52, KEY[6])
map(0xfe53, KEY.GRAVE)
map(0xfe57, KEY.APOSTROPHE)

// 0xff08 BackSpace, Tab, Linefeed; Return, Pause, Scroll_Lock, Sys_Req; Escape; Delete.
mapRange(0xff08, [KEY.BACKSPACE, KEY.TAB, KEY.ENTER])
map(0xff0d, KEY.ENTER)
mapRange(0xff13, [KEY.PAUSE, KEY.SCROLLLOCK, KEY.SYSRQ])
map(0xff1b, KEY.ESC)
map(0xffff, KEY.DELETE)
map(0xfe20, KEY.TAB) // ISO_Left_Tab: what Shift and Tab give
map(0xff20, KEY.COMPOSE) // Multi_key

// 0xff50 Home, Left, Up, Right, Down, Page_Up, Page_Down, End; Print, Insert; Menu, Help, Break; Num_Lock.
mapRange(0xff50, [KEY.HOME, KEY.LEFT, KEY.UP, KEY.RIGHT, KEY.DOWN, KEY.PAGEUP, KEY.PAGEDOWN, KEY.END])
map(0xff61, KEY.SYSRQ)
map(0xff63, KEY.INSERT)
map(0xff67, KEY.COMPOSE)
map(0xff6a, KEY.HELP)
map(0xff6b, KEY.PAUSE)
map(0xff7f, KEY.NUMLOCK)

// The keypad: 0xff80 KP_Space, KP_Tab, KP_Enter; 0xff95 without Num_Lock; 0xffaa its operators; 0xffb0 its digits.
map(0xff80, KEY.SPACE)
map(0xff89, KEY.TAB)
map(0xff8d, KEY.KPENTER)
mapRange(0xff95, [KEY.KP7, KEY.KP4, KEY.KP8, KEY.KP6, KEY.KP2, KEY.KP9, KEY.KP3, KEY.KP1, KEY.KP5, KEY.KP0])
map(0xff9f, KEY.KPDOT)
mapRange(0xffaa, [KEY.KPASTERISK, KEY.KPPLUS, KEY.KPCOMMA, KEY.KPMINUS, KEY.KPDOT, KEY.KPSLASH])
mapRange(0xffb0, [KEY.KP0, KEY.KP1, KEY.KP2, KEY.KP3, KEY.KP4, KEY.KP5, KEY.KP6, KEY.KP7, KEY.KP8, KEY.KP9])
map(0xffbd, KEY.KPEQUAL)

// F1 to F10 have consecutive codes, and so have F11 and F12, F13 to F24.
mapRun(0xffbe, KEY.F1, 10)
mapRun(0xffc8, KEY.F11, 2)
mapRun(0xffca, KEY.F13, 12)

// 0xffe1 Shift_L, Shift_R, Control_L, Control_R, Caps_Lock, Shift_Lock, Meta_L, Meta_R, Alt_L, Alt_R, Super_L, Super_R,
// Hyper_L, Hyper_R. Viewers on a Macintosh send Meta for the key beside the space bar.
mapRange(0xffe1, [KEY.LEFTSHIFT, KEY.RIGHTSHIFT, KEY.LEFTCTRL, KEY.RIGHTCTRL, KEY.CAPSLOCK, KEY.CAPSLOCK])
mapRange(0xffe7, [KEY.LEFTMETA, KEY.RIGHTMETA, KEY.LEFTALT, KEY.RIGHTALT])
mapRange(0xffeb, [KEY.LEFTMETA, KEY.RIGHTMETA, KEY.LEFTMETA, KEY.RIGHTMETA])
map(0xfe03, KEY.RIGHTALT) // ISO_Level3_Shift
map(0xff7e, KEY.RIGHTALT) // Mode_switch

// XF86Audio… and the keys of a browser.
mapRange(0x1008ff11, [KEY.VOLUMEDOWN, KEY.MUTE, KEY.VOLUMEUP, KEY.PLAYPAUSE, KEY.STOPCD])
mapRange(0x1008ff16, [KEY.PREVIOUSSONG, KEY.NEXTSONG, KEY.HOMEPAGE, KEY.MAIL])
map(0x1008ff1b, KEY.SEARCH)
map(0x1008ff1d, KEY.CALC)
mapRange(0x1008ff26, [KEY.BACK, KEY.FORWARD])
map(0x1008ff29, KEY.REFRESH)
map(0x1008ff32, KEY.MEDIA)

/** Keysyms of characters beyond Latin-1: 0x01000000 + the code point. Some viewers send them for Latin-1, too. */
const unicodeBase = 0x01000000

/** @returns the evdev code of the key, or undefined for a keysym that no key of a US keyboard gives */
export function keysymToCode(keysym: number): number | undefined {
  const isLatin1 = keysym > unicodeBase && keysym <= unicodeBase + 0xff
  return codeOf.get(isLatin1 ? keysym - unicodeBase : keysym)
}
