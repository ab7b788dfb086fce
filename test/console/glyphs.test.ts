import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Font } from '../../src/console/font/font.js'
import { encodeGlyphFile, GlyphFile } from '../../src/console/font/glyph-file.js'
import { halfShift, halves, Sequences, styles } from '../../src/console/glyph-number.js'
import { Glyphs } from '../../src/console/glyphs.js'

const font = new Font()
const codeOf = (character: string) => character.codePointAt(0)!
const isDrawn = (rows: Uint8Array) => rows.some((bits) => bits !== 0)

for (const [what, text] of Object.entries({
  Latin: 'AzÄéßłőŞ',
  Greek: 'ΑΩαωάϋ',
  Cyrillic: 'АЯаяЁїґ',
  'box drawing': '─│┌┐└┘├┤┬┴┼═║╔╝█▀▄░▒▓╭╯',
  'arrows and mathematics': '←↑→↓∀∈≤≠√∞',
  Hangul: '한글',
  CJK: '日本語中文漢字',
  Kana: 'ひらカタ',
  Braille: '⠿⣿',
  others: '€₹✓★◆♥',
})) {
  test(`the font has ${what}`, () => {
    const replacement = font.glyph(0xfffd, false).rows
    for (const character of text) {
      const { rows } = font.glyph(codeOf(character), false)
      assert.ok(isDrawn(rows) && rows !== replacement, character)
      assert.notDeepEqual(rows, replacement, character)
    }
  })
}

test('what it has not is shown as such', () => {
  assert.deepEqual(font.glyph(0x10fffd, false).rows, font.glyph(0xfffd, false).rows)
})

test('a file of glyphs reads as it was written', () => {
  const glyphs = new Map([
    [0x41, Uint8Array.from({ length: 16 }, (_, i) => i)],
    [0x4e00, Uint8Array.from({ length: 32 }, (_, i) => 255 - i)],
    [0x10ffff, new Uint8Array(16).fill(7)],
  ])
  const file = new GlyphFile(encodeGlyphFile(glyphs))
  for (const [code, rows] of glyphs) assert.deepEqual([...file.rows(code)!], [...rows])
  for (const code of [0, 0x40, 0x42, 0x4dff, 0x10fffe]) assert.equal(file.rows(code), undefined)
})

test('styles change a shape, and no two of them are alike', () => {
  const glyphs = new Glyphs(new Sequences())
  const shapes = [0, ...Object.values(styles)].map((style) => glyphs.shape(codeOf('A') | style).join())
  assert.equal(new Set(shapes).size, shapes.length)
})

test('the halves of a wide character are its columns; squeezed, it is in one cell', () => {
  const glyphs = new Glyphs(new Sequences())
  const { rows } = font.glyph(codeOf('日'), false)
  const left = glyphs.shape(codeOf('日') | (halves.left << halfShift))
  const right = glyphs.shape(codeOf('日') | (halves.right << halfShift))
  assert.deepEqual(
    [...rows],
    [...left].flatMap((bits, row) => [bits, right[row]!]),
  )
  assert.ok(isDrawn(glyphs.shape(codeOf('日'))))
})

test('a letter with a mark is the composed one, or both over each other', () => {
  const sequences = new Sequences()
  assert.equal(sequences.number('e\u0301'), codeOf('é'))
  const number = sequences.number('x\u0301')
  assert.equal(sequences.number('x\u0301'), number)
  const glyphs = new Glyphs(sequences)
  const [shape, letter] = [glyphs.shape(number), glyphs.shape(codeOf('x'))]
  assert.ok(letter.every((bits, row) => (bits & ~shape[row]!) === 0))
  assert.notDeepEqual(shape, letter)
  for (let i = 0; i < 5000; i++) sequences.number(`${String.fromCodePoint(0x4e00 + i)}\u0323\u0301`)
  assert.equal(sequences.number('q\u0323\u0301'), codeOf('q'), 'how many are told apart is bounded')
})
