import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { repositoryRoot } from './paths.js'
import { temporaryFolder } from './temporary.js'

const program = join(repositoryRoot, 'dist/tools/umfb.js')

/** More than the grace that a guest has. */
const patienceMs = 10_000

export interface Ended {
  /** null where a signal ended it. */
  readonly status: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** The command line in a runtime directory of the test's own. */
export class Cli {
  readonly folder: string
  readonly #t: TestContext

  constructor(t: TestContext) {
    this.#t = t
    this.folder = temporaryFolder(t)
  }

  /** Starts it, and ends it with the test. */
  start(...args: string[]): ChildProcessWithoutNullStreams {
    const env = { ...process.env, UMFB_RUNTIME_DIR: this.folder }
    const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], { env })
    this.#t.after(() => endProcess(child))
    return child
  }

  async run(...args: string[]): Promise<Ended> {
    const child = this.start(...args)
    child.stdin.end()
    return ended(child)
  }
}

/** As a user does: it takes its guest and its folders with it. One that does not end is killed. */
async function endProcess(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  await once(child, 'exit')
  clearTimeout(patience)
}

export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')])
  return { status: child.exitCode, stdout: Buffer.concat(chunks), stderr }
}

/** The JSON objects that it prints, one a line. */
export async function* events(
  child: ChildProcessWithoutNullStreams,
): AsyncGenerator<Record<string, unknown>> {
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line)
}
