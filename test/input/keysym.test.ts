import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { highestKeyCode, KEY } from '../../src/input/codes.js'
import { keysymToCode } from '../../src/input/keysym.js'

describe('keysymToCode', () => {
  it('has every printable ASCII character, and no key twice without its Shift', () => {
    const codes = new Map<number, string>()
    for (let character = 0x20; character < 0x7f; character++) {
      const code = keysymToCode(character)
      assert.ok(code !== undefined, String.fromCharCode(character))
      codes.set(code, (codes.get(code) ?? '') + String.fromCharCode(character))
    }
    assert.equal(codes.get(KEY[1]), '!1')
    assert.equal(codes.get(KEY.A), 'Aa')
    assert.equal(codes.get(KEY.SLASH), '/?')
    assert.equal(codes.get(KEY.BACKSLASH), '\\|')
    const pairs = [...codes.values()].filter((characters) => characters !== ' ')
    assert.ok(
      pairs.every((characters) => characters.length === 2),
      pairs.join(' '),
    )
    assert.equal(pairs.length, 47)
  })

  const samples: [string, number, number][] = [
    ['Return', 0xff0d, KEY.ENTER],
    ['Escape', 0xff1b, KEY.ESC],
    ['Delete', 0xffff, KEY.DELETE],
    ['ISO_Left_Tab', 0xfe20, KEY.TAB],
    ['Home', 0xff50, KEY.HOME],
    ['Right', 0xff53, KEY.RIGHT],
    ['Next', 0xff56, KEY.PAGEDOWN],
    ['Print', 0xff61, KEY.SYSRQ],
    ['KP_Enter', 0xff8d, KEY.KPENTER],
    ['KP_Home', 0xff95, KEY.KP7],
    ['KP_Begin', 0xff9d, KEY.KP5],
    ['KP_Insert', 0xff9e, KEY.KP0],
    ['KP_Multiply', 0xffaa, KEY.KPASTERISK],
    ['KP_Divide', 0xffaf, KEY.KPSLASH],
    ['KP_0', 0xffb0, KEY.KP0],
    ['KP_9', 0xffb9, KEY.KP9],
    ['F1', 0xffbe, KEY.F1],
    ['F10', 0xffc7, KEY.F10],
    ['F11', 0xffc8, KEY.F11],
    ['F12', 0xffc9, KEY.F12],
    ['F24', 0xffd5, KEY.F24],
    ['Shift_R', 0xffe2, KEY.RIGHTSHIFT],
    ['Control_R', 0xffe4, KEY.RIGHTCTRL],
    ['Alt_L', 0xffe9, KEY.LEFTALT],
    ['Super_R', 0xffec, KEY.RIGHTMETA],
    ['ISO_Level3_Shift', 0xfe03, KEY.RIGHTALT],
    ['XF86AudioMute', 0x1008ff12, KEY.MUTE],
    ['XF86AudioNext', 0x1008ff17, KEY.NEXTSONG],
    ['eacute', 0xe9, KEY.E],
    ['Udiaeresis', 0xdc, KEY.U],
    ['ssharp', 0xdf, KEY.S],
    ['thorn', 0xfe, KEY.T],
    ['eacute as Unicode', 0x010000e9, KEY.E],
  ]
  for (const [name, keysym, code] of samples) {
    it(`maps ${name}`, () => assert.equal(keysymToCode(keysym), code))
  }

  it('knows no key for what no key of a US keyboard gives', () => {
    for (const keysym of [0, 0x20ac, 0xffffffff]) assert.equal(keysymToCode(keysym), undefined)
  })

  it('gives no code beyond what a guest is told of', () => {
    for (let keysym = 0; keysym < 0x10000; keysym++) assert.ok((keysymToCode(keysym) ?? 0) <= highestKeyCode)
  })
})
