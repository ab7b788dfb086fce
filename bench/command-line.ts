/** The options of `umfb bench` and `npm run bench`, and what they write: tables, JSON, pictures. */
import { access, constants, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { OutputError, UsageError } from '../src/index.js'
import { type Figure, machine, meetsTarget, type Suite, table } from './harness.js'
import { type PictureFiles, requirePicture, writePicture } from './picture/write.js'
import { parts } from './tracking/plan.js'
import { runTracking, type TrackingReport } from './tracking/session.js'
import { findSize } from './tracking/size.js'
import { trackingTables } from './tracking/table.js'
import { findWorkload } from './tracking/workloads.js'

const options = {
  json: { type: 'string' },
  svg: { type: 'string' },
  png: { type: 'string' },
  out: { type: 'string' },
  trackers: { type: 'string', default: '' },
  sizes: { type: 'string', default: '' },
  quick: { type: 'boolean', default: false },
} as const

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message.split(/\. To specify |\n/, 1)[0]!, { cause: error })
  }
}

const list = (text: string) => text.split(',').filter((name) => name !== '')

/** SIGINT and SIGTERM end the run with what is done; a second one ends it at once. */
class Interruption {
  readonly #controller = new AbortController()
  readonly #handler = (): void => {
    if (this.signal.aborted) process.exit(interruptedStatus)
    this.#controller.abort()
  }

  constructor() {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, this.#handler)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  [Symbol.dispose](): void {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, this.#handler)
  }
}

/** A shell's for SIGINT. */
const interruptedStatus = 130

interface Files extends PictureFiles {
  readonly json?: string | undefined
}

/** @throws OutputError for a folder that cannot be written to: a long run is not to end with that */
async function filesOf({ json, svg, png, out }: Files & { out?: string | undefined }): Promise<Files> {
  const inFolder = (name: string) => (out === undefined ? undefined : join(out, name))
  const files = {
    json: json ?? inFolder('latest.json'),
    svg: svg ?? inFolder('latest.svg'),
    png: png ?? inFolder('latest.png'),
  }
  try {
    if (out !== undefined) await mkdir(out, { recursive: true })
    for (const file of Object.values(files))
      if (file !== undefined) await access(dirname(file), constants.W_OK)
  } catch (error) {
    throw new OutputError(`cannot write the results: ${(error as Error).message}`, { cause: error })
  }
  return files
}

function notesOf({ trials, passedOver }: TrackingReport): string {
  const notes = passedOver.map(({ name, reason }) => `${name} was passed over: ${reason}`)
  if (trials.done < trials.planned)
    notes.unshift(`Stopped after ${trials.done} of ${trials.planned} trials: these are partial results.`)
  return notes.join('\n')
}

/**
 * @param suites besides the workloads: they run first, and everything runs where nothing is named
 * @returns the exit status: 1 where a promised figure was missed, 130 where the run was stopped
 * @throws UsageError
 */
export async function runBench(args: string[], suites: Readonly<Record<string, Suite>>): Promise<number> {
  const { values, positionals } = parse(args)
  const sizes = list(values.sizes).map(findSize)
  const what = positionals.filter((name) => !Object.hasOwn(suites, name))
  for (const name of what) if (!(parts as readonly string[]).includes(name)) findWorkload(name)
  const chosenSuites = Object.keys(suites).filter(
    (name) => positionals.length === 0 || positionals.includes(name),
  )
  const files = await filesOf(values)
  await requirePicture(files)

  using interruption = new Interruption()
  const { signal } = interruption
  const figures: Figure[] = []
  for (const name of chosenSuites) {
    if (signal.aborted) break
    process.stderr.write(`${name} …\n`)
    figures.push(...(await runSuite(suites[name]!, signal)))
  }
  let tracking: TrackingReport | undefined
  if ((what.length > 0 || positionals.length === 0) && !signal.aborted) {
    const { quick } = values
    tracking = await runTracking({ what, sizes, trackers: list(values.trackers), quick }, signal)
    figures.push(...tracking.figures)
  }
  await report(figures, tracking, files)
  if (signal.aborted) return interruptedStatus
  return figures.every(meetsTarget) ? 0 : 1
}

/** The terminal's Ctrl-C ends a suite's own programs, too: then it fails, and is left out. */
async function runSuite(suite: Suite, signal: AbortSignal): Promise<Figure[]> {
  try {
    return await suite()
  } catch (error) {
    // A suite may have blocked the event loop, and the signal not been handled yet.
    await new Promise((resolve) => setImmediate(resolve))
    if (signal.aborted) return []
    throw error
  }
}

async function report(
  figures: readonly Figure[],
  tracking: TrackingReport | undefined,
  files: Files,
): Promise<void> {
  const text = [
    ...(tracking ? [trackingTables(tracking)] : []),
    ...(figures.length > 0 ? [table(figures)] : []),
    ...(tracking ? [notesOf(tracking)] : []),
  ]
  process.stdout.write(`${text.filter((part) => part !== '').join('\n\n')}\n`)
  if (files.json !== undefined) {
    const { figures: _, ...rest } = tracking ?? { figures: [], machine: machine() }
    await writeFile(files.json, `${JSON.stringify({ ...rest, figures }, undefined, 2)}\n`)
  }
  if (tracking && !(await writePicture(tracking, files))) {
    process.stderr.write(
      'there is no picture: it needs the sweep or a workload, with the writer in another process\n',
    )
  }
}
