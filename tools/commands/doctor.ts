import { type Diagnosis, diagnose } from '../../src/index.js'
import { parse, positionals } from './arguments.js'
import type { Command } from './command.js'
import { writeJson, writeOut } from './output.js'

const help = `usage: umfb doctor [--json]

Tells which trackers work here; for each that does not, why, and what to do. Exits with 0 as long as one works.

  --json   one JSON object
`

function describe({ trackers, system, built }: Diagnosis): string {
  const lines = trackers.flatMap(({ mechanism, works, reason, advice }) =>
    works ? [`${mechanism}: works`] : [`${mechanism}: does not work: ${reason}`, `  ${advice}`],
  )
  const device = system.userfaultfdDevice
  lines.push(
    '',
    `kernel: ${system.kernel}`,
    `vm.unprivileged_userfaultfd: ${system.unprivilegedUserfaultfd ?? 'not there'}`,
    `/dev/userfaultfd: ${device ? `mode ${device.mode}, ${device.accessible ? '' : 'not '}accessible` : 'not there'}`,
    `seccomp: ${['none', 'strict', 'a filter'][system.seccomp] ?? system.seccomp}`,
    `user: ${system.uid}`,
    ...Object.entries(built).map(
      ([name, is]) => `${name}: ${is ? 'built' : 'missing: run "npm run build:native"'}`,
    ),
  )
  return `${lines.join('\n')}\n`
}

async function run(args: string[]): Promise<number> {
  const { values, positionals: rest } = parse(args, { json: { type: 'boolean', default: false } })
  positionals(rest)
  const diagnosis = await diagnose()
  if (values.json) await writeJson(diagnosis)
  else await writeOut(describe(diagnosis))
  return diagnosis.trackers.some(({ works }) => works) ? 0 : 1
}

export const command: Command = { help, run }
