import { Device, frameBufferBytes, type RunOptions, UsageError } from '../../src/index.js'
import { parse } from './arguments.js'
import type { Command } from './command.js'
import { deviceOptions, deviceOptionsHelp, interpret } from './device-options.js'
import { tell, writeJson } from './output.js'
import { tellReady } from './ready.js'
import { EndingSignals } from './signals.js'

const help = `usage: umfb run [OPTIONS] -- PROGRAM [ARGUMENT…]

Runs an unmodified fbdev program, and gives it a /dev/fb0 of its own. Exits with the program's status when it ends, or
with 128 and its signal's number; SIGINT and SIGTERM end it.

${deviceOptionsHelp}  --layout LAYOUT        of the terminal that stands for a standard input of /dev/null (us); see "umfb type --help"
`

/** What is behind "--" is the program's own: not to be parsed. */
function splitAtProgram(args: string[]): [own: string[], program: string, programArgs: string[]] {
  const end = args.indexOf('--')
  const [program, ...programArgs] = end < 0 ? [] : args.slice(end + 1)
  if (program === undefined)
    throw new UsageError('expected -- PROGRAM behind the options, received no program')
  return [args.slice(0, end), program, programArgs]
}

async function run(args: string[]): Promise<number> {
  const [own, program, programArgs] = splitAtProgram(args)
  const { values, positionals } = parse(own, { ...deviceOptions, layout: { type: 'string', default: 'us' } })
  if (positionals.length > 0) {
    throw new UsageError(`expected the program behind --, received ${positionals[0]} before it`)
  }
  const { device: options, madePassword } = await interpret(values)

  using signals = new EndingSignals()
  // What an fbdev program sees of it, it may map, fill, and read to its end: as much as a driver would give it.
  await using device = await Device.create({ capacityBytes: frameBufferBytes(options), ...options })
  // With --json, standard output is ours: the program's goes where text goes.
  const stdio: RunOptions['stdio'] = ['inherit', values.json ? 2 : 'inherit', 'inherit']
  const guest = await device.run(program, programArgs, { stdio, layout: values.layout })
  await tellReady(device, values.json, madePassword)

  const ended = await Promise.race([guest.exited, signals.received])
  if (typeof ended === 'string') tell(`umfb: ${ended}: ending ${program}`)
  await device.close()
  const { status, signal } = await guest.exited
  if (values.json) await writeJson({ event: 'exit', status, signal })
  return status
}

export const command: Command = { help, run }
