import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it, test } from 'node:test'
import { ABS, BTN, EV, highestKeyCode, KEY, LED, REL, SYN } from '../../src/input/codes.js'
import { webCodeToCode } from '../../src/input/web-code.js'
import { scancodeToCode } from '../../src/input/xt-scancode.js'

/** Debian: linux-libc-dev. */
const header = '/usr/include/linux/input-event-codes.h'

test('names and codes are those of Linux', { skip: existsSync(header) ? false : `no ${header}` }, () => {
  const defined = new Map<string, number>()
  for (const [, name, value] of readFileSync(header, 'utf8').matchAll(
    /^#define (\w+)\s+(0x[0-9a-f]+|\d+)/gm,
  )) {
    defined.set(name!, Number(value))
  }
  for (const [prefix, codes] of Object.entries({ KEY, BTN, EV, REL, ABS, LED, SYN })) {
    for (const [name, code] of Object.entries(codes)) {
      assert.equal(defined.get(`${prefix}_${name}`), code, `${prefix}_${name}`)
    }
  }
  assert.equal(defined.get('KEY_MICMUTE'), highestKeyCode)
})

describe('scancodes', () => {
  it('are evdev codes on the first keyboards', () => {
    for (let code = 1; code <= 0x53; code++) assert.equal(scancodeToCode(code), code)
  })

  const samples: [string, number, number][] = [
    ['IntlBackslash', 0x56, KEY['102ND']],
    ['F12', 0x58, KEY.F12],
    ['Print', 0x54, KEY.SYSRQ],
    ['the right Ctrl', 0x9d, KEY.RIGHTCTRL],
    ['Pause', 0xc6, KEY.PAUSE],
    ['the arrow up', 0xc8, KEY.UP],
    ['the arrow up, its prefix spelled out', 0xe048, KEY.UP],
    ['Delete', 0xd3, KEY.DELETE],
    ['the left Meta', 0xdb, KEY.LEFTMETA],
    ['Hangeul', 0xf2, KEY.HANGEUL],
    ['Yen', 0x7d, KEY.YEN],
    ['F24', 0x6f, KEY.F24],
  ]
  for (const [name, scancode, code] of samples) {
    it(`${name}`, () => assert.equal(scancodeToCode(scancode), code))
  }

  it('that no key sends are nothing', () => {
    for (const scancode of [0, 0x7f, 0x80, 0xff, 0x100, 0xe100, 0xe11d45, 0xffffffff]) {
      assert.equal(scancodeToCode(scancode), undefined)
    }
  })

  it('and the codes of browsers meet in the same keys', () => {
    const pairs: [string, number][] = [
      ['KeyA', 0x1e],
      ['Digit0', 0x0b],
      ['Quote', 0x28],
      ['NumpadEnter', 0x9c],
      ['ArrowLeft', 0xcb],
      ['ContextMenu', 0xdd],
      ['AltRight', 0xb8],
      ['F13', 0x5d],
      ['IntlRo', 0x73],
      ['NumpadDecimal', 0x53],
      ['MediaTrackNext', 0x99],
    ]
    for (const [name, scancode] of pairs) assert.equal(webCodeToCode(name), scancodeToCode(scancode), name)
  })
})

test('codes of browsers that are no key', () => {
  for (const name of ['', 'Unidentified', 'constructor', 'keya']) assert.equal(webCodeToCode(name), undefined)
})
