import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** Every mutation has to be noticed within this. */
export const limitMs = 10_000
/** A soak that says nothing for so long hangs: its cases take half a second each. */
const silenceMs = 5000

export interface Outcome {
  /** Which test noticed, and what; undefined: nobody did. */
  killer?: string
  seconds: number
}

type SoakLine = {
  event: string
  tracker: string
  writers: string
  suite: string
  scenario: string
  reason: string
  loss: string | null
  failure: string | null
}

function complaint(line: SoakLine): string | undefined {
  if (line.event === 'skipped') return `the self-test: ${line.reason}`
  if (line.event === 'case' && line.loss) return `${line.suite} stores by ${line.writers}: ${line.loss}`
  if (line.event === 'scenario' && line.failure) return `scenario "${line.scenario}": ${line.failure}`
  return undefined
}

/** One short run of the soak program, which is ended with its first complaint, or when its time is over. */
async function soak(
  program: string,
  trackers: string,
  seed: number,
  timeMs: number,
): Promise<string | undefined> {
  const args = [
    '--json',
    '--seed',
    `${seed}`,
    '--stores',
    '1000000',
    '--rounds',
    '4000',
    '--trackers',
    trackers,
  ]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  let late = false
  let silent = false
  const timer = setTimeout(() => {
    late = true
    child.kill('SIGKILL')
  }, timeMs)
  const silence = setTimeout(() => {
    silent = true
    child.kill('SIGKILL')
  }, silenceMs)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  let killer: string | undefined
  let last = 'the start'
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as SoakLine
    last = line.scenario ?? `${line.suite} stores by ${line.writers}`
    silence.refresh()
    killer ??= complaint(line)
    if (killer) child.kill('SIGKILL')
  }
  const [code, signal] = await exited
  clearTimeout(timer)
  clearTimeout(silence)
  if (killer) return killer
  if (silent) return `it hangs after: ${last}`
  if (late) return undefined
  if (signal) return `it died of ${signal} after: ${last}`
  return code === 0 ? undefined : `after: ${last}: ${said.trim()}`
}

/** Runs the program as it is once: what is wrong with it cannot be told from what a mutation does. */
export async function requireHealthy(program: string, trackers: string): Promise<void> {
  const complaint = await soak(program, trackers, 1, 6 * limitMs)
  if (complaint) throw new Error(`without any mutation, ${trackers}: ${complaint}`)
}

/** Runs a mutant until somebody notices, or the time is over. */
export async function tryOut(program: string, trackers: string, timeMs = limitMs): Promise<Outcome> {
  const start = performance.now()
  const left = () => timeMs - (performance.now() - start)
  const seconds = () => (performance.now() - start) / 1000
  for (let seed = 1; left() > 0; seed++) {
    const killer = await soak(program, trackers, seed, left())
    if (killer) return { killer, seconds: seconds() }
  }
  return { seconds: seconds() }
}
