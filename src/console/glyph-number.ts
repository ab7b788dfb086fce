/** A cell's glyph word: which character, which part of it, and how it is drawn. */

const codeMask = 0x1fffff

/** Which columns of a character of two cells. */
export const halfShift = 21
export const halves = { whole: 0, left: 1, right: 2 } as const

export const styles = {
  bold: 1 << 23,
  italic: 1 << 24,
  underline: 1 << 25,
  strikethrough: 1 << 26,
  overline: 1 << 27,
  /** The cursor, where it is no block. */
  cursorUnderline: 1 << 28,
  cursorBar: 1 << 29,
} as const

/** All that is drawn in a cell beside its character. */
export const lines =
  styles.underline | styles.strikethrough | styles.overline | styles.cursorUnderline | styles.cursorBar

/** A code point, or the number of a sequence (see Sequences). */
export function codeOf(glyph: number): number {
  return glyph & codeMask
}

export function halfOf(glyph: number): number {
  return (glyph >>> halfShift) & 3
}

/** The first number that is no code point. */
const firstSequence = 0x110000
/** More are shown by their base character alone. */
const maxSequences = 4096

/** Numbers for characters that are made of several code points: a letter with its marks. */
export class Sequences {
  readonly #numbers = new Map<string, number>()
  readonly #sequences: string[] = []

  /** @param characters more than one code point */
  number(characters: string): number {
    // A letter with its mark is mostly a character of its own.
    const composed = characters.normalize('NFC')
    const first = composed.codePointAt(0)!
    if (String.fromCodePoint(first) === composed) return first
    const known = this.#numbers.get(composed)
    if (known !== undefined) return known
    if (this.#sequences.length === maxSequences) return first
    const number = firstSequence + this.#sequences.push(composed) - 1
    this.#numbers.set(composed, number)
    return number
  }

  /** @returns the code points of a number */
  codePoints(number: number): number[] {
    if (number < firstSequence) return [number]
    return Array.from(this.#sequences[number - firstSequence]!, (character) => character.codePointAt(0)!)
  }
}
