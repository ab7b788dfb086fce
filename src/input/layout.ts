import { InvalidArgumentError } from '../errors.js'
import { KEY } from './codes.js'
import { be } from './layouts/be.js'
import { br } from './layouts/br.js'
import { ch } from './layouts/ch.js'
import { cz } from './layouts/cz.js'
import { de } from './layouts/de.js'
import { dk } from './layouts/dk.js'
import { es } from './layouts/es.js'
import { fi } from './layouts/fi.js'
import { fr } from './layouts/fr.js'
import { gb } from './layouts/gb.js'
import { gr } from './layouts/gr.js'
import { it } from './layouts/it.js'
import { nl } from './layouts/nl.js'
import { no } from './layouts/no.js'
import { pl } from './layouts/pl.js'
import { pt } from './layouts/pt.js'
import { ru } from './layouts/ru.js'
import { se } from './layouts/se.js'
import { us } from './layouts/us.js'
import { usIntl } from './layouts/us-intl.js'

/**
 * What a key types: its evdev code, then the character without a modifier, with Shift, with AltGr, and with both. '' is
 * none; a combining mark (Unicode, U+0300 and on) is a dead key.
 */
export type LayoutKeys = readonly (readonly [code: number, ...characters: string[]])[]

const layouts = {
  be,
  br,
  ch,
  cz,
  de,
  dk,
  es,
  fi,
  fr,
  gb,
  gr,
  it,
  nl,
  no,
  pl,
  pt,
  ru,
  se,
  uk: gb,
  us,
  'us-intl': usIntl,
} as const

export type LayoutName = keyof typeof layouts

/** Of the keyboard layouts that text can be typed with. */
export const layoutNames = Object.keys(layouts) as LayoutName[]

/** Keys that are pressed in this order and released in the reverse one. */
export type Stroke = readonly number[]

const modifiers: readonly Stroke[] = [[], [KEY.LEFTSHIFT], [KEY.RIGHTALT], [KEY.LEFTSHIFT, KEY.RIGHTALT]]

/** What a dead key and the space bar give: the mark alone, as X's compose tables and the Linux console have it. */
const loneMarks = new Map([
  ['`', '\u0300'],
  ["'", '\u0301'],
  ['^', '\u0302'],
  ['~', '\u0303'],
  ['"', '\u0308'],
])

/** What a keyboard with a layout can type, in a guest that has the same one. */
export class Layout {
  readonly #strokes = new Map<string, Stroke>()
  readonly #characters = new Map<number, readonly string[]>()

  constructor(keys: LayoutKeys) {
    for (const [code, ...characters] of keys) this.#characters.set(code, characters)
    // With as few modifiers as can be.
    for (const [level, held] of modifiers.entries()) {
      for (const [code, ...characters] of keys) {
        const character = characters[level]
        if (character && !this.#strokes.has(character)) this.#strokes.set(character, [...held, code])
      }
    }
  }

  /** @throws InvalidArgumentError */
  static named(name: string): Layout {
    if (!Object.hasOwn(layouts, name)) {
      throw new InvalidArgumentError(
        `layout: expected one of ${layoutNames.join(', ')}, received ${JSON.stringify(name)}`,
      )
    }
    return new Layout(layouts[name as LayoutName])
  }

  /** @returns what the key types, a combining mark for a dead key; undefined where it types nothing */
  character(code: number, { shift = false, altGr = false } = {}): string | undefined {
    return this.#characters.get(code)?.[(shift ? 1 : 0) + (altGr ? 2 : 0)] || undefined
  }

  /** One stroke, or a dead key's and another. @returns undefined for a character that it cannot type */
  strokes(character: string): readonly Stroke[] | undefined {
    const direct = this.#strokes.get(character)
    if (direct) return [direct]
    const [base = '', mark = '', ...more] = character.normalize('NFD')
    const composed = more.length === 0 && this.#both(mark, base)
    return composed || this.#both(loneMarks.get(character) ?? '', ' ')
  }

  /** A dead key and what it is put on. */
  #both(mark: string, base: string): readonly Stroke[] | undefined {
    const [dead, key] = [this.#strokes.get(mark), this.#strokes.get(base)]
    return dead && key && [dead, key]
  }
}
