#!/usr/bin/env node
/** The command line. Subcommands are loaded when they are asked for: help needs no addon. */

import type { Command } from './commands/command.js'

/** One line a subcommand. */
const commands: Readonly<Record<string, [summary: string, load: () => Promise<{ command: Command }>]>> = {
  console: ['a text console with your shell, or a command', () => import('./commands/console.js')],
  run: ['an unmodified fbdev program, given a /dev/fb0 of its own', () => import('./commands/run.js')],
  serve: ['wait for frontends that connect, each a device of its own', () => import('./commands/serve.js')],
  snapshot: ['one PNG of a running device', () => import('./commands/snapshot.js')],
  text: ["the text on a console's screen", () => import('./commands/text.js')],
  type: ['types text as keys on a running device', () => import('./commands/type.js')],
  ls: ['devices that run on this machine', () => import('./commands/ls.js')],
  doctor: ['which trackers work here, and what to do about the others', () => import('./commands/doctor.js')],
  bench: ['what tracking costs here: every tracker on every workload', () => import('./commands/bench.js')],
}

class UnknownCommandError extends Error {
  readonly code = 'UMFB_USAGE'
}

const help = `usage: umfb SUBCOMMAND [OPTIONS] …

Gives a program without display hardware a screen, and shows it over VNC and in PNGs.

${Object.entries(commands)
  .map(([name, [summary]]) => `  ${name.padEnd(10)}${summary}\n`)
  .join('')}
"umfb SUBCOMMAND --help" tells more of each.
`

/** Options of a guest's program, behind --, are its own. */
function asksForHelp(args: string[]): boolean {
  const end = args.indexOf('--')
  const own = end < 0 ? args : args.slice(0, end)
  return own.includes('--help') || own.includes('-h')
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const output = name === undefined ? process.stderr : process.stdout
    output.write(help)
    return name === undefined ? 2 : 0
  }
  if (!Object.hasOwn(commands, name)) {
    const known = Object.keys(commands).join(', ')
    throw new UnknownCommandError(`expected one of ${known}, received ${name}`)
  }
  const [, load] = commands[name]!
  const { command } = await load()
  if (asksForHelp(args)) {
    process.stdout.write(command.help)
    return 0
  }
  return command.run(args)
}

/** Wrong usage: what the command line gave is at fault. */
const usageCodes = ['UMFB_USAGE', 'UMFB_INVALID_ARGUMENT']

// A reader that has seen enough ("umfb ls | head -1") is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

const args = process.argv.slice(2)
try {
  process.exitCode = await main(args)
} catch (error) {
  const { code = '', message, stack } = error as NodeJS.ErrnoException
  const isUsage = usageCodes.includes(code)
  const about = args[0] && Object.hasOwn(commands, args[0]) ? `umfb ${args[0]}` : 'umfb'
  const hint = isUsage ? ` (see "${about} --help")` : ''
  // What is not ours to throw is a bug, and wants its stack.
  process.stderr.write(`${about}: ${code.startsWith('UMFB_') ? message : stack}${hint}\n`)
  process.exitCode = isUsage ? 2 : 1
}
