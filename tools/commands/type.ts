import { ControlClient, layoutNames } from '../../src/index.js'
import { parse, parseNumber, positionals } from './arguments.js'
import type { Command } from './command.js'

const help = `usage: umfb type NAME TEXT [--layout LAYOUT] [--literal] [--interval MS]

Types text as keys on a running device. \\n is Enter, \\t Tab and \\\\ a backslash; {ctrl-c}, {enter}, {f1} and {alt-tab} are
keys by name, with ctrl, shift, alt, altgr and meta; {{ is a brace. Ends when the guest has been sent all of it.

  --layout LAYOUT   of the guest's keyboard (us): ${layoutNames.slice(0, 12).join(', ')},
                    ${layoutNames.slice(12).join(', ')}
  --literal         every character is itself: no keys by name, no \\n
  --interval MS     from one key to the next (2)
`

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\' }

/** A backslash before anything else is itself. */
function withoutEscapes(text: string): string {
  return text.replace(/\\([nt\\])/g, (_, letter: string) => escapes[letter]!)
}

async function run(args: string[]): Promise<number> {
  const { values, positionals: rest } = parse(args, {
    layout: { type: 'string', default: 'us' },
    literal: { type: 'boolean', default: false },
    interval: { type: 'string', default: '2' },
  })
  const [name, text] = positionals(rest, 'NAME', 'TEXT') as [string, string]
  const { layout, literal } = values
  const intervalMs = parseNumber('--interval', values.interval)
  await using client = await ControlClient.connect(name)
  await client.type(literal ? text : withoutEscapes(text), { layout, literal, intervalMs })
  return 0
}

export const command: Command = { help, run }
