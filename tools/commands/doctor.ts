import { type Diagnosis, diagnose } from '../../src/index.js'
import { parse, positionals } from './arguments.js'
import type { Command } from './command.js'
import { writeJson, writeOut } from './output.js'

const help = `usage: umfb doctor [--json]

Tells which trackers work here, and what they cannot do; for each that does not, why, and what to do. The idle tripwire
lets the first store to a still surface wake it, without looking from time to time. Exits with 0 as long as one works.

  --json   one JSON object
`

function describeTracker({
  mechanism,
  automatic,
  works,
  reason,
  limits,
  advice,
}: Diagnosis['trackers'][number]) {
  const result = works ? `works${automatic ? '' : ', when asked for by name'}` : `does not work: ${reason}`
  return [`${mechanism}: ${result}`, ...indented([...limits, advice])]
}

const indented = (lines: readonly string[]) => lines.filter(Boolean).map((line) => `  ${line}`)

function describe({ trackers, idleTripwire, system, built }: Diagnosis): string {
  const { works, reason, advice } = idleTripwire
  const lines = [
    ...trackers.flatMap(describeTracker),
    `idle tripwire: ${works ? 'possible' : `not possible: ${reason}`}`,
    ...indented([advice]),
  ]
  const device = system.userfaultfdDevice
  lines.push(
    '',
    `kernel: ${system.kernel}`,
    `vm.unprivileged_userfaultfd: ${system.unprivilegedUserfaultfd ?? 'not there'}`,
    `/dev/userfaultfd: ${device ? `mode ${device.mode}, ${device.accessible ? '' : 'not '}accessible` : 'not there'}`,
    `seccomp: ${['none', 'strict', 'a filter'][system.seccomp] ?? system.seccomp}`,
    `CAP_SYS_PTRACE: ${system.ptraceCapability ? 'yes' : 'no'}`,
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
