import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { GlyphFile } from './glyph-file.js'

/** Where the files lie beside their sources. */
function load(name: string): GlyphFile {
  const path = fileURLToPath(new URL(`../../../../src/console/font/${name}.glyphs`, import.meta.url))
  return new GlyphFile(readFileSync(path))
}

/** What is shown for a character that no font has (U+FFFD). */
const replacement = 0xfffd

/**
 * The console's font: Terminus Font's shapes for what most text is made of, in two weights, and GNU Unifont's for all else of
 * Unicode's first plane. Each file is read when it is first needed. docs/licences has the licence of both.
 */
export class Font {
  #regular: GlyphFile | undefined
  #bold: GlyphFile | undefined
  #unicode: GlyphFile | undefined

  /**
   * @returns 16 rows of one byte, or of two for a wide glyph; `bold`: true where the shape is a bold one already
   */
  glyph(code: number, wantsBold: boolean): { rows: Uint8Array; bold: boolean } {
    if (wantsBold) {
      this.#bold ??= load('text-bold')
      const rows = this.#bold.rows(code)
      if (rows) return { rows, bold: true }
    }
    return { rows: this.#plain(code) ?? this.#plain(replacement)!, bold: false }
  }

  #plain(code: number): Uint8Array | undefined {
    this.#regular ??= load('text')
    const rows = this.#regular.rows(code)
    if (rows) return rows
    this.#unicode ??= load('unicode')
    return this.#unicode.rows(code)
  }
}
