import { Device, UsageError } from '../../src/index.js'
import { parse, parseNumber } from './arguments.js'
import type { Command } from './command.js'
import { deviceOptions, deviceOptionsHelp, interpret } from './device-options.js'
import { tell, writeJson } from './output.js'
import { tellReady } from './ready.js'
import { EndingSignals } from './signals.js'

const help = `usage: umfb console [OPTIONS] [-- COMMAND [ARGUMENT…]]

A text console on a device of its own, with your shell or COMMAND on it. Exits with the program's status when it ends, or
with 128 and its signal's number; SIGINT and SIGTERM end it.

In a viewer: Shift with Page Up and Page Down, or the wheel, go through what has scrolled away. The mouse marks text, the
middle button pastes it; with Shift also where the program wants the mouse for itself.

${deviceOptionsHelp}  --layout LAYOUT        of the keyboard (us); see "umfb type --help"
  --scrollback LINES     that are kept above the screen (2000)
`

async function run(args: string[]): Promise<number> {
  const end = args.indexOf('--')
  const [own, [command, ...commandArgs]] = end < 0 ? [args, []] : [args.slice(0, end), args.slice(end + 1)]
  const { values, positionals } = parse(own, {
    ...deviceOptions,
    layout: { type: 'string', default: 'us' },
    scrollback: { type: 'string', default: '2000' },
  })
  if (positionals.length > 0) {
    throw new UsageError(`expected the command behind --, received ${positionals[0]} before it`)
  }
  const scrollback = parseNumber('--scrollback', values.scrollback)
  const { device: options, madePassword } = await interpret(values)

  using signals = new EndingSignals()
  await using device = await Device.create({ ...options, frontend: true })
  const { layout } = values
  const console = await device.console({
    ...(command !== undefined && { command, args: commandArgs }),
    layout,
    scrollback,
  })
  await tellReady(device, values.json, madePassword)

  const ended = await Promise.race([console.exited, signals.received])
  if (typeof ended === 'string') tell(`umfb: ${ended}: ending the console`)
  await device.close()
  const { status, signal } = await console.exited
  if (values.json) await writeJson({ event: 'exit', status, signal })
  return status
}

export const command: Command = { help, run }
