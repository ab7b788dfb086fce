/**
 * Writes src/input/layouts from the keyboard layouts of xkeyboard-config, the ones that X servers and Wayland use: what
 * each key of a layout types. Needs xkbcli (Debian: libxkbcommon-tools), xkb-data and the names of keysyms (x11proto-dev).
 *
 *   node dist/tools/gen-keyboard-layouts.js && npx biome check --write src/input/layouts
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Our name, and xkeyboard-config's layout and variant. */
const layouts: readonly (readonly [name: string, layout: string, variant?: string])[] = [
  ['be', 'be'],
  ['br', 'br'],
  ['ch', 'ch'],
  ['cz', 'cz'],
  ['de', 'de'],
  ['dk', 'dk'],
  ['es', 'es'],
  ['fi', 'fi'],
  ['fr', 'fr'],
  ['gb', 'gb'],
  ['gr', 'gr'],
  ['it', 'it'],
  ['nl', 'nl'],
  ['no', 'no'],
  ['pl', 'pl'],
  ['pt', 'pt'],
  ['ru', 'ru'],
  ['se', 'se'],
  ['us', 'us'],
  ['us-intl', 'us', 'intl'],
]

const header = '/usr/include/X11/keysymdef.h'
/** Of the rows' type, as a layout's file has to name it. */
const typeModule = '../layout.js'
const folder = fileURLToPath(new URL('../../src/input/layouts/', import.meta.url))

/** X's keycodes are evdev's and 8 (xkb/keycodes/evdev). */
const keycodeOffset = 8
/** Plain, Shift, AltGr, Shift and AltGr. */
const maxLevels = 4
/** The keys that type: those of the keypad say the same again, and depend on Num Lock. */
const typing = (code: number) => code <= 57 || code === 86 || code === 89 || code === 124

/** Combining marks of dead keys (Unicode, Combining Diacritical Marks), as far as Unicode has letters with them. */
const marks: Readonly<Record<string, string>> = {
  dead_grave: '\u0300',
  dead_acute: '\u0301',
  dead_circumflex: '\u0302',
  dead_tilde: '\u0303',
  dead_macron: '\u0304',
  dead_breve: '\u0306',
  dead_abovedot: '\u0307',
  dead_diaeresis: '\u0308',
  dead_hook: '\u0309',
  dead_abovering: '\u030a',
  dead_doubleacute: '\u030b',
  dead_caron: '\u030c',
  dead_horn: '\u031b',
  dead_belowdot: '\u0323',
  dead_belowcomma: '\u0326',
  dead_cedilla: '\u0327',
  dead_ogonek: '\u0328',
}

/** XK_ names that stand for one character, which the header's comments tell; "(U+…" is only like it. */
function readKeysyms(): Map<string, string> {
  const found = readFileSync(header, 'utf8').matchAll(
    /^#define XK_(\w+)\s+0x[0-9a-f]+\s+\/\* U\+([0-9A-F]{4,6}) /gm,
  )
  return new Map(
    [...found].map(([, name, code]) => [name!, String.fromCodePoint(Number.parseInt(code!, 16))]),
  )
}

const keysyms = readKeysyms()

/** '' where the keysym types no character. */
function characterOf(keysym: string): string {
  const unicode = /^U([0-9A-F]{4,6})$/.exec(keysym)
  if (unicode) return String.fromCodePoint(Number.parseInt(unicode[1]!, 16))
  return marks[keysym] ?? keysyms.get(keysym) ?? ''
}

/** The rows of a compiled keymap that type: code, and the character of each level. */
function readLayout(layout: string, variant?: string): [number, ...string[]][] {
  const args = ['compile-keymap', '--layout', layout, ...(variant ? ['--variant', variant] : [])]
  const keymap = execFileSync('xkbcli', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const codes = new Map<string, number>()
  for (const [, name, code] of keymap.matchAll(/^\s*<(\w+)>\s*= (\d+);/gm))
    codes.set(name!, Number(code) - keycodeOffset)

  const rows: [number, ...string[]][] = []
  for (const [, name, body] of keymap.matchAll(/^\s*key <(\w+)>\s*\{([^}]*)\};/gm)) {
    const code = codes.get(name!)
    if (code === undefined || !typing(code)) continue
    const [, list] = /\[([^\]]*)\]\s*$/.exec(body!.replaceAll('[Group1]', '').trim()) ?? []
    const levels = (list ?? '')
      .split(',')
      .slice(0, maxLevels)
      .map((keysym) => characterOf(keysym.trim()))
    while (levels.at(-1) === '') levels.pop()
    if (levels.length > 0) rows.push([code, ...levels])
  }
  return rows.sort(([a], [b]) => a - b)
}

/** Marks, spaces and controls by their number: they cannot be read otherwise. */
function quote(character: string): string {
  if (/^[\p{M}\p{Z}\p{C}]$/u.test(character) && character !== ' ') {
    return `'\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}'`
  }
  return character === "'" ? `"'"` : `'${character === '\\' ? '\\\\' : character}'`
}

function source(name: string, rows: readonly [number, ...string[]][]): string {
  const lines = rows.map(([code, ...levels]) => `  [${[code, ...levels.map(quote)].join(', ')}],`)
  return [
    '// Generated from xkeyboard-config by tools/gen-keyboard-layouts.ts: change it there. Licence: docs/licences/xkeyboard-config.txt.',
    `import type { LayoutKeys } from '${typeModule}'`,
    '',
    `export const ${identifier(name)}: LayoutKeys = [`,
    ...lines,
    ']',
    '',
  ].join('\n')
}

/** us-intl → usIntl */
function identifier(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

for (const [name, layout, variant] of layouts) {
  writeFileSync(`${folder}${name}.ts`, source(name, readLayout(layout, variant)))
}
