import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { ControlClient, rect, toRgb } from '../../src/index.js'
import { capture, end, listen, start } from './child.js'
import { assertSamePicture, describeDifference, isSamePicture } from './compare.js'
import { assertNoFiles, holdersOf, processesWith, sharedMemoryOf } from './leftovers.js'
import { repositoryRoot } from './paths.js'
import { type Picture, readPicture } from './pictures.js'
import { temporaryFolder } from './temporary.js'
import type { Target } from './viewers.js'
import { until } from './wait.js'

export const umfbProgram = join(repositoryRoot, 'dist/tools/umfb.js')

/** One line of --json. */
export type Event = Record<string, unknown> & { event: string }

/** The first line of `run`. */
export interface Ready extends Event {
  readonly name: string
  readonly vnc: { host: string; port: number } | null
  readonly password: string | null
  readonly tracker: string
  /** Why it is not the best one; '' where it is. */
  readonly trackerReason: string
  readonly pid: number
}

export interface LaunchOptions {
  /** Added to this process's environment. */
  env?: NodeJS.ProcessEnv
  /** A program that starts umfb with other rights, and its arguments. */
  launcher?: readonly string[]
  /** The run's folder is given to this user. */
  user?: number
}

/** How umfb ended. */
export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
}

/** The command line as a user starts it, in folders of the test's own: what it leaves behind can be told. */
export class UmfbProcess {
  readonly runtimeDirectory: string
  readonly temporaryDirectory: string
  readonly stderr: { readonly text: string }
  /** The process has ended. */
  readonly ended: Promise<Ended>
  /** The process has ended, and everybody that shared its output: all of standard error is here. */
  readonly closed: Promise<Ended>
  readonly #child: ChildProcess
  readonly #env: NodeJS.ProcessEnv
  readonly #launcher: readonly string[]
  readonly #lines: AsyncIterator<string>
  #ready: Ready | undefined
  #memory: ReadonlySet<number> = new Set()

  /** `umfb run` of a program, at 800x600 where the options say nothing else; when it is ready. */
  static async run(
    t: TestContext,
    program: readonly string[],
    { options = ['--size', '800x600'], ...launch }: LaunchOptions & { options?: readonly string[] } = {},
  ): Promise<UmfbProcess> {
    const umfb = new UmfbProcess(t, ['run', '--json', ...options, '--', ...program], launch)
    await umfb.ready()
    return umfb
  }

  /** @param args with --json where events are waited for */
  constructor(
    t: TestContext,
    args: readonly string[],
    { env, launcher = [], user = process.getuid!() }: LaunchOptions = {},
  ) {
    const folder = temporaryFolder(t)
    chownSync(folder, user, -1)
    const [runtime, temporary] = ['run', 'tmp'].map((name) => {
      mkdirSync(join(folder, name), { mode: 0o700 })
      chownSync(join(folder, name), user, -1)
      return join(folder, name)
    }) as [string, string]
    this.runtimeDirectory = runtime
    this.temporaryDirectory = temporary
    this.#env = { ...process.env, ...env, UMFB_RUNTIME_DIR: runtime, TMPDIR: temporary }
    this.#launcher = launcher
    const [command, ...rest] = this.#command(args)
    // Standard input stays open and silent: a program that reads keys from it is not told to end.
    this.#child = start(t, command, rest, { env: this.#env, stdio: 'pipe' })
    // What a broken umfb left behind is not to meet the next test.
    t.after(() => {
      for (const { pid } of this.processes()) killIfThere(pid)
    })
    this.stderr = listen(this.#child.stderr)
    const told = (event: string) => once(this.#child, event).then(([status, signal]) => ({ status, signal }))
    this.ended = told('exit')
    this.closed = told('close')
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
  }

  /** The next line of --json with this event; others before it are passed over. */
  async event(name: string): Promise<Event> {
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done) throw new Error(`umfb ended before the event ${name}: ${this.stderr.text}`)
      const event = JSON.parse(value) as Event
      if (event.event === name) return event
    }
  }

  get pid(): number {
    return this.#child.pid!
  }

  async ready(): Promise<Ready> {
    this.#ready ??= (await this.event('ready')) as Ready
    this.#memory = sharedMemoryOf(this.#ready.pid)
    return this.#ready
  }

  /** Where viewers connect. */
  async target(): Promise<Target> {
    const { vnc, password } = await this.ready()
    assert.ok(vnc, 'expected an RFB server')
    return { ...vnc, ...(password !== null && { password }) }
  }

  #command(args: readonly string[]): [command: string, ...args: string[]] {
    return [...this.#launcher, process.execPath, umfbProgram, ...args] as [string, ...string[]]
  }

  /** Another umfb command of the same user, that sees this one's devices. @returns its standard output */
  cli(...args: string[]): Promise<Buffer> {
    const [command, ...rest] = this.#command(args)
    return capture(command, rest, this.#env)
  }

  /** A line on the program's standard input. */
  write(line: string): void {
    this.#child.stdin!.write(`${line}\n`)
  }

  async snapshot(): Promise<Picture> {
    const { name } = await this.ready()
    return readPicture(await this.cli('snapshot', name, '-'))
  }

  /**
   * The picture that `umfb snapshot` gives once the device shows what is expected; a program does not tell when it has
   * drawn. A picture that does not come fails with how the last one differs.
   */
  async shows(expected: Picture, withinMs?: number): Promise<void> {
    const { name } = await this.ready()
    await using client = await ControlClient.connect(name, { folder: this.runtimeDirectory })
    let last: Picture | undefined
    const isThere = async () => {
      const { mode, pixels, palette } = await client.pixels()
      const { width, height } = mode
      last = { width, height, rgb: toRgb(pixels, mode, palette, rect(0, 0, width, height)) }
      return isSamePicture(last, expected) || undefined
    }
    await until(isThere, () => `${describeDifference(last!, expected)}; ${this.stderr.text}`, withinMs)
    assertSamePicture(await this.snapshot(), expected, 'umfb snapshot')
  }

  /** Sends it a signal, if it still runs, and waits for its end. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    await end(this.#child, signal)
    return this.ended
  }

  /** All processes that it started, whoever is their parent by now, and itself. */
  processes(): { pid: number; text: string }[] {
    return processesWith('UMFB_RUNTIME_DIR', this.runtimeDirectory)
  }

  /** Nobody waits for what is left behind when umfb ends before its program: it is looked for. */
  async lastProcessEnded(): Promise<void> {
    const left = () => this.processes().map(({ text }) => text)
    await until(
      () => left().length === 0 || undefined,
      () => `still there: ${left()}`,
    )
  }

  /** After its end: no process, no socket, no shared memory. */
  assertNothingLeft(): void {
    assert.deepEqual(this.processes(), [], 'processes')
    if (this.#ready) this.assertNoSharedMemory()
    assertNoFiles(this.runtimeDirectory)
    assertNoFiles(this.temporaryDirectory, 'umfb')
  }

  /** Nobody holds the memory that the device had when it was ready. */
  assertNoSharedMemory(): void {
    assert.notEqual(this.#memory.size, 0, 'a device that was ready had shared memory')
    assert.deepEqual(holdersOf(this.#memory), [], 'shared memory')
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
