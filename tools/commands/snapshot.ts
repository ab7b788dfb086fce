import { ControlClient, encodePng, writePng } from '../../src/index.js'
import { parse, parseRect, positionals } from './arguments.js'
import type { Command } from './command.js'
import { writeOut } from './output.js'

const help = `usage: umfb snapshot NAME FILE.png [--rect X,Y,W,H]

Writes the picture of a running device as a PNG. The file is written whole or not at all; - is standard output.

  --rect X,Y,W,H   only this part of it
`

async function run(args: string[]): Promise<number> {
  const { values, positionals: rest } = parse(args, { rect: { type: 'string' } })
  const [name, file] = positionals(rest, 'NAME', 'FILE.png') as [string, string]
  const part = values.rect === undefined ? undefined : parseRect(values.rect)
  await using client = await ControlClient.connect(name)
  const picture = await client.pixels(part)
  if (file === '-') await writeOut(await encodePng(picture))
  else await writePng(file, picture)
  return 0
}

export const command: Command = { help, run }
