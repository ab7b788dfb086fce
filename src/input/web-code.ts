/**
 * KeyboardEvent.code of a web browser to evdev codes. It names a place on the keyboard, as evdev does (W3C, UI Events
 * KeyboardEvent code Values).
 */
import { KEY } from './codes.js'

const codeOf = new Map<string, number>()

/** Keys of a row from the left: their codes are consecutive. */
function mapRun(names: string, firstCode: number, prefix = ''): void {
  names.split(' ').forEach((name, i) => {
    codeOf.set(prefix + name, firstCode + i)
  })
}

mapRun('Escape Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal', KEY.ESC)
mapRun('Backspace Tab', KEY.BACKSPACE)
mapRun('Q W E R T Y U I O P', KEY.Q, 'Key')
mapRun('BracketLeft BracketRight Enter ControlLeft', KEY.LEFTBRACE)
mapRun('A S D F G H J K L', KEY.A, 'Key')
mapRun('Semicolon Quote Backquote ShiftLeft Backslash', KEY.SEMICOLON)
mapRun('Z X C V B N M', KEY.Z, 'Key')
mapRun('Comma Period Slash ShiftRight NumpadMultiply AltLeft Space CapsLock', KEY.COMMA)
mapRun('F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NumLock ScrollLock', KEY.F1)
mapRun('7 8 9 Subtract 4 5 6 Add 1 2 3 0 Decimal', KEY.KP7, 'Numpad')
mapRun('Lang5 IntlBackslash F11 F12 IntlRo', KEY.ZENKAKUHANKAKU)
mapRun('Lang3 Lang4 Convert KanaMode NonConvert', KEY.KATAKANA)
mapRun('Katakana Hiragana', KEY.KATAKANA)
mapRun('NumpadEnter ControlRight NumpadDivide PrintScreen AltRight', KEY.KPENTER)
mapRun('Home ArrowUp PageUp ArrowLeft ArrowRight End ArrowDown PageDown Insert Delete', KEY.HOME)
mapRun('AudioVolumeMute AudioVolumeDown AudioVolumeUp Power NumpadEqual', KEY.MUTE)
mapRun('NumpadComma Lang1 Lang2 IntlYen MetaLeft MetaRight ContextMenu BrowserStop', KEY.KPCOMMA)
mapRun('Again Props Undo', KEY.AGAIN)
mapRun('Copy Open Paste Find Cut Help', KEY.COPY)
mapRun('BrowserFavorites LaunchApp1 BrowserBack BrowserForward', KEY.BOOKMARKS)
mapRun('Eject MediaTrackNext MediaPlayPause MediaTrackPrevious MediaStop', KEY.EJECTCLOSECD)
mapRun('NumpadParenLeft NumpadParenRight', KEY.KPLEFTPAREN)
mapRun('F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24', KEY.F13)
mapRun('Sleep WakeUp', KEY.SLEEP)
mapRun('BrowserHome BrowserRefresh', KEY.HOMEPAGE)

const others: readonly (readonly [string, number])[] = [
  ['Pause', KEY.PAUSE],
  ['LaunchApp2', KEY.CALC],
  ['LaunchMail', KEY.MAIL],
  ['Suspend', KEY.SUSPEND],
  ['BrowserSearch', KEY.SEARCH],
  ['MediaSelect', KEY.MEDIA],
  // What browsers said before the list had these names.
  ['OSLeft', KEY.LEFTMETA],
  ['OSRight', KEY.RIGHTMETA],
  ['VolumeMute', KEY.MUTE],
  ['VolumeDown', KEY.VOLUMEDOWN],
  ['VolumeUp', KEY.VOLUMEUP],
]
for (const [name, code] of others) codeOf.set(name, code)

/** @returns the evdev code, or undefined for '' (a key without a place) and names that Linux has no key for */
export function webCodeToCode(name: string): number | undefined {
  return codeOf.get(name)
}
