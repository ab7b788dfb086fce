/**
 * Writes the console's font from Debian's packages xfonts-terminus and unifont (both under the SIL Open Font License 1.1, see
 * docs/licences). Needs pcf2bdf.
 *
 *   node dist/tools/gen-console-font.js [ROOT]
 *
 * ROOT is where the packages are unpacked; default: /
 */

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { encodeGlyphFile, glyphRows } from '../src/console/font/glyph-file.js'

const root = process.argv[2] ?? '/'
const folder = 'src/console/font'

type Glyphs = Map<number, Uint8Array>

/** X's bitmap distribution format, of a font whose glyphs all fill their cell. */
function parseBdf(text: string): Glyphs {
  const glyph = /^ENCODING (\d+)$[\s\S]*?^BBX 8 16 0 -?\d+$\s+^BITMAP$\s+([\dA-F\s]+)^ENDCHAR$/gim
  return new Map(
    [...text.matchAll(glyph)].map(([, code, rows]) => [
      Number(code),
      Uint8Array.from(rows!.trim().split(/\s+/), (row) => Number.parseInt(row, 16)),
    ]),
  )
}

function terminus(weight: 'n' | 'b'): Glyphs {
  const packed = readFileSync(join(root, `usr/share/fonts/X11/misc/ter-u16${weight}_unicode.pcf.gz`))
  const bdf = execFileSync(join(root, 'usr/bin/pcf2bdf'), { input: gunzipSync(packed), maxBuffer: 1 << 24 })
  const glyphs = parseBdf(bdf.toString('latin1'))
  const bad = [...glyphs].find(([, rows]) => rows.length !== glyphRows)
  if (bad || glyphs.size < 1000)
    throw new Error(`ter-u16${weight}: expected glyphs of 8x16, found ${glyphs.size}`)
  return glyphs
}

/** unifont(5): a code point, a colon, and 32 or 64 hexadecimal digits. */
function unifont(): Glyphs {
  const lines = readFileSync(join(root, 'usr/share/unifont/unifont.hex'), 'latin1').trim().split('\n')
  return new Map(
    lines.map((line) => {
      const [code, digits] = line.split(':') as [string, string]
      return [Number.parseInt(code, 16), Uint8Array.from(Buffer.from(digits, 'hex'))]
    }),
  )
}

function write(name: string, glyphs: Glyphs): void {
  const bytes = encodeGlyphFile(glyphs)
  writeFileSync(join(folder, `${name}.glyphs`), bytes)
  console.log(`${name}: ${glyphs.size} glyphs, ${bytes.length} bytes`)
}

const [regular, bold] = [terminus('n'), terminus('b')]
write('text', regular)
write('text-bold', bold)
write('unicode', new Map([...unifont()].filter(([code]) => !regular.has(code))))
