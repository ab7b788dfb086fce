import { type Diagnosis, diagnose } from '../../src/index.js'
import { parse, positionals } from './arguments.js'
import type { Command } from './command.js'
import { writeJson, writeOut } from './output.js'

const help = `usage: umfb doctor [--json]

Tells which trackers work here, and what they cannot do; for each that does not, why, and what to do. The idle tripwire
lets the first store to a still surface wake it, without looking from time to time. Exits with 0 as long as one works.

  --json   one JSON object
`

/** The same advice is given once, and then by the name of what it was given for first. */
class Advice {
  readonly #givenFor = new Map<string, string>()

  for(name: string, advice: string): string {
    const first = this.#givenFor.get(advice)
    if (advice !== '' && first !== undefined) return `What to do: as for ${first}.`
    this.#givenFor.set(advice, name)
    return advice
  }
}

function describeTracker(
  { mechanism, automatic, works, reason, limits, advice }: Diagnosis['trackers'][number],
  given: Advice,
) {
  const result = works ? `works${automatic ? '' : ', when asked for by name'}` : `does not work: ${reason}`
  return [`${mechanism}: ${result}`, ...indented([...limits, given.for(mechanism, advice)])]
}

const indented = (lines: readonly string[]) => lines.filter(Boolean).map((line) => `  ${line}`)

function describe({ trackers, idleTripwire, system, built }: Diagnosis): string {
  const { works, reason, advice } = idleTripwire
  const given = new Advice()
  const lines = [
    ...trackers.flatMap((tracker) => describeTracker(tracker, given)),
    `idle tripwire: ${works ? 'possible' : `not possible: ${reason}`}`,
    ...indented([given.for('the idle tripwire', advice)]),
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
