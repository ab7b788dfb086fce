import { ControlClient } from '../../src/index.js'
import { parse, parseNumber, positionals } from './arguments.js'
import type { Command } from './command.js'
import { writeOut } from './output.js'

const help = `usage: umfb text NAME [--wait REGEX] [--stable MS] [--timeout S]

Prints the text on a console's screen: its lines, without blanks at their ends and empty lines at the end. Exits with 1
where what is waited for does not come in time, or the device has no text.

  --wait REGEX   first waits until the screen shows it; ^ and $ are a line's ends (JavaScript's, with the flags m and u)
  --stable MS    then waits until the text has not changed for so long
  --timeout S    for both together (30)
`

async function run(args: string[]): Promise<number> {
  const { values, positionals: rest } = parse(args, {
    wait: { type: 'string' },
    stable: { type: 'string' },
    timeout: { type: 'string', default: '30' },
  })
  const [name] = positionals(rest, 'NAME') as [string]
  const stableMs = values.stable === undefined ? undefined : parseNumber('--stable', values.stable)
  const timeoutMs = parseNumber('--timeout', values.timeout) * 1000
  await using client = await ControlClient.connect(name)
  const text = await client.text({
    ...(values.wait !== undefined && { pattern: values.wait }),
    ...(stableMs !== undefined && { stableMs }),
    timeoutMs,
  })
  await writeOut(text === '' ? '' : `${text}\n`)
  return 0
}

export const command: Command = { help, run }
