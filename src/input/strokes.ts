import { CannotTypeError, InvalidArgumentError } from '../errors.js'
import { KEY } from './codes.js'
import { parseKeyName } from './key-names.js'
import { Layout, layoutNames, type Stroke } from './layout.js'

export interface StrokeOptions {
  /** The guest's keyboard layout. Default: 'us'. */
  layout?: string
  /** True: a brace is a brace, and names no key. Default: false. */
  literal?: boolean
}

/** Most characters of one text. */
export const maxTextLength = 16_384

/** A line's end is one, however it is written. */
const anyCharacter = /\r\n|[\s\S]/gu
/** A brace of its own, a name in braces, or any character. */
const tokens = /\{\{|\{([^{}]+)\}|\r\n|[\s\S]/gu

const controls = new Map<string, number>([
  ['\n', KEY.ENTER],
  ['\r', KEY.ENTER],
  ['\r\n', KEY.ENTER],
  ['\t', KEY.TAB],
])

/**
 * The keys that type a text on a keyboard with a layout: characters, "\n" and "\t", and, unless it is literal, keys by name
 * as in "{ctrl-c}", "{f1}", "{alt-tab}"; "{{" is a brace.
 * @throws InvalidArgumentError a text that is too long, an unknown layout, a name that is no key's
 * @throws CannotTypeError naming all characters that the layout has no keys for
 */
export function toStrokes(
  text: string,
  { layout: name = 'us', literal = false }: StrokeOptions = {},
): Stroke[] {
  if (text.length > maxTextLength) {
    throw new InvalidArgumentError(
      `text: expected at most ${maxTextLength} characters, received ${text.length}`,
    )
  }
  const layout = Layout.named(name)
  const unknown = new Set<string>()
  const type = (character: string): readonly Stroke[] => {
    const strokes = layout.strokes(character)
    if (!strokes) unknown.add(character)
    return strokes ?? []
  }
  const strokes = [...text.normalize('NFC').matchAll(literal ? anyCharacter : tokens)].flatMap(
    ([token, inBraces]) => {
      if (inBraces !== undefined) return named(inBraces, type)
      if (token === '{' && !literal) throw unclosed(text)
      return control(token) ?? type(token === '{{' ? '{' : token)
    },
  )
  if (unknown.size > 0) throw cannotType(name, [...unknown])
  return strokes
}

function control(token: string): readonly Stroke[] | undefined {
  const code = controls.get(token)
  return code === undefined ? undefined : [[code]]
}

/** Of a character that takes several strokes, the modifiers are held at the last one. */
function named(text: string, type: (character: string) => readonly Stroke[]): readonly Stroke[] {
  const name = parseKeyName(text)
  if (!name) {
    throw new InvalidArgumentError(
      `text: expected a key like {enter}, {f1}, {ctrl-c} or {alt-tab}, received {${text}}. A brace itself is {{.`,
    )
  }
  const strokes = typeof name.key === 'number' ? [[name.key]] : type(name.key)
  return strokes.map((stroke, i) =>
    i === strokes.length - 1 ? [...new Set([...name.modifiers, ...stroke])] : stroke,
  )
}

function unclosed(text: string): InvalidArgumentError {
  const at = text.replaceAll('{{', '  ').search(/\{(?![^{}]+\})/u)
  return new InvalidArgumentError(
    `text: expected a key's name and "}" behind "{", received ${JSON.stringify(text.slice(at, at + 20))}. ` +
      'A brace itself is {{.',
  )
}

function cannotType(layout: string, characters: readonly string[]): CannotTypeError {
  const listed = characters.slice(0, 20).map((character) => {
    const number = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
    return /[\p{C}\p{M}\p{Z}]/u.test(character) ? `U+${number}` : `${character} (U+${number})`
  })
  const more = characters.length > listed.length ? ` and ${characters.length - listed.length} more` : ''
  const others = layoutNames.filter((name) => {
    const other = Layout.named(name)
    return characters.every((character) => other.strokes(character))
  })
  const advice = others.length > 0 ? ` These layouts have them: ${others.join(', ')}.` : ''
  return new CannotTypeError(
    `the layout ${layout} has no keys for ${listed.join(', ')}${more}; nothing was typed.${advice}`,
  )
}
