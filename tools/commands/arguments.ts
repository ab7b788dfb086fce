import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type Rect, rectOfSize, UsageError } from '../../src/index.js'

/** What is parsed by: options first, then the positional arguments. */
type Config<O> = { args: string[]; options: O; allowPositionals: true }

/**
 * node:util's parseArgs, whose complaints become ours.
 * @throws UsageError
 */
export function parse<O extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: O,
): ReturnType<typeof parseArgs<Config<O>>> {
  try {
    return parseArgs<Config<O>>({ args, options, allowPositionals: true })
  } catch (error) {
    // Node goes on to explain what "--" is for, and has more lines than one.
    const [message = ''] = (error as Error).message.split(/\. To specify |\n/, 1)
    throw new UsageError(message.replace(/\.$/, ''), { cause: error })
  }
}

/** @throws UsageError where there are more or fewer than the names */
export function positionals(found: readonly string[], ...names: string[]): string[] {
  if (found.length < names.length) throw new UsageError(`expected ${names[found.length]}, received nothing`)
  if (found.length > names.length) {
    throw new UsageError(
      `expected ${names.join(' ') || 'no argument'}, received ${found[names.length]} as well`,
    )
  }
  return [...found]
}

/** WxH. What sizes are possible is the library's to say. */
export function parseSize(text: string): { width: number; height: number } {
  const match = /^(\d{1,9})x(\d{1,9})$/.exec(text)
  if (!match) throw new UsageError(`--size: expected WIDTHxHEIGHT like 1024x768, received ${text}`)
  return { width: Number(match[1]), height: Number(match[2]) }
}

/** X,Y,W,H. */
export function parseRect(text: string): Rect {
  const match = /^(\d{1,9}),(\d{1,9}),(\d{1,9}),(\d{1,9})$/.exec(text)
  if (!match) throw new UsageError(`--rect: expected X,Y,WIDTH,HEIGHT like 0,0,640,480, received ${text}`)
  const [x, y, width, height] = match.slice(1).map(Number) as [number, number, number, number]
  return rectOfSize(x, y, width, height)
}

export function parseNumber(option: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new UsageError(`${option}: expected a number, received ${JSON.stringify(text)}`)
  }
  return value
}
