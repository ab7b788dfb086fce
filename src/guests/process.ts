import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Layout } from '../input/layout.js'
import { linuxKeys } from '../input/linux-keys.js'
import { TerminalKeys } from '../input/terminal-keys.js'
import type { Surface } from '../surface/surface.js'
import { atExit } from '../util/at-exit.js'
import { builtProgram } from '../util/built-program.js'
import { interpretGuardEnd, type ProcessExit } from '../util/guard-end.js'
import { GuestServer } from './guest-server.js'
import { checkProgram } from './program.js'

/** From SIGTERM to SIGKILL. */
const defaultGraceMs = 2000

/** For connections to end once all processes are gone: only one that was handed to a stranger takes longer. */
const connectionsEndMs = 1000

export interface ProcessGuestOptions {
  surface: Surface
  /** A name in PATH, or a path. */
  program: string
  args?: readonly string[]
  /** Default: this process's. */
  env?: NodeJS.ProcessEnv
  cwd?: string
  /** Standard input, output and error, as of child_process.spawn. Default: 'inherit'. */
  stdio?: [
    'pipe' | 'ignore' | 'inherit' | number,
    'pipe' | 'ignore' | 'inherit' | number,
    'pipe' | 'ignore' | 'inherit' | number,
  ]
  /** Where the guest reaches its device. Default: in a folder of its own under the system's temporary directory. */
  socketPath?: string
  /** Default: 2000. */
  graceMs?: number
  /**
   * The keyboard layout of the terminal that the program gets as its standard input where that is /dev/null: viewers type
   * there. Default: 'us'.
   */
  layout?: string
}

/**
 * An unmodified program that has a surface as its /dev/fb0: started with the preload shim, under umfb-guard, which
 * leaves none of its descendants behind.
 */
export class ProcessGuest {
  /** Of the guard, whose descendants are the guest. */
  readonly pid: number
  /** The program and all its descendants have ended, and what they stored last is marked dirty. */
  readonly exited: Promise<ProcessExit>
  readonly stdin: Writable | null
  readonly stdout: Readable | null
  readonly stderr: Readable | null
  readonly #server: GuestServer
  readonly #guard: ChildProcess
  #closing: Promise<void> | undefined

  /**
   * @throws GuestProgramError when there is no such program, or it cannot be given a /dev/fb0
   * @throws InvalidArgumentError an unknown layout
   */
  static async spawn(options: ProcessGuestOptions): Promise<ProcessGuest> {
    const { surface, program, args = [], env = process.env, graceMs = defaultGraceMs } = options
    Layout.named(options.layout ?? 'us')
    const shim = builtProgram('umfb-preload.so')
    const path = await checkProgram(program, env.PATH ?? '/usr/bin:/bin', shim)

    const folder = options.socketPath ? undefined : await mkdtemp(join(tmpdir(), 'umfb-guest-'))
    const socketPath = options.socketPath ?? join(folder!, 'socket')
    const remove = () => folder && rmSync(folder, { recursive: true, force: true })
    const forget = atExit(remove)
    const cleanUp = () => {
      forget()
      remove()
    }
    let server: GuestServer | undefined
    try {
      server = new GuestServer({ path: socketPath, openSurface: () => surface })
      const preload = env.LD_PRELOAD ? `${shim}:${env.LD_PRELOAD}` : shim
      const settings = [`LD_PRELOAD=${preload}`, `UMFB_SOCKET=${socketPath}`]
      const stdio: StdioOptions = [...(options.stdio ?? (['inherit', 'inherit', 'inherit'] as const)), 'pipe']
      const guard = spawn(
        builtProgram('umfb-guard'),
        ['3', String(graceMs), ...settings, '--', path, program, ...args],
        { env, cwd: options.cwd, stdio },
      )
      await once(guard, 'spawn')
      return new ProcessGuest(guard, server, options, cleanUp)
    } catch (error) {
      server?.close()
      cleanUp()
      throw error
    }
  }

  private constructor(
    guard: ChildProcess,
    server: GuestServer,
    { surface, program, layout = 'us' }: ProcessGuestOptions,
    cleanUp: () => void,
  ) {
    this.#guard = guard
    this.#server = server
    this.pid = guard.pid!
    this.stdin = guard.stdin
    this.stdout = guard.stdout
    this.stderr = guard.stderr
    // The guard may go while it is typed to: its end is told by other means.
    guard.stdio[3]!.on('error', () => undefined)
    const keys = new TerminalKeys({ layout, encoding: linuxKeys })
    const detach = surface.input.attach({
      input: (events) => this.#typeIn(events.map((event) => keys.type(event)).join('')),
    })
    this.exited = this.#watch(program).finally(async () => {
      detach()
      server.close()
      cleanUp()
    })
    // Who does not ask how it ended is not to be told by a crash.
    this.exited.catch(() => undefined)
  }

  /** How many processes of the guest are connected to the device. */
  get connections(): number {
    return this.#server.connections.length
  }

  /** Ends the guest: SIGTERM, and after the grace SIGKILL, to all that came of it. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(): Promise<void> {
    if (this.#guard.exitCode === null && this.#guard.signalCode === null) this.#guard.kill('SIGTERM')
    await this.exited.catch(() => undefined)
  }

  /** On the program's terminal, where the guard made one. A guard that does not read misses keys, as a tty's reader does. */
  #typeIn(text: string): void {
    const control = this.#guard.stdio[3] as Socket
    if (text !== '' && control.writable && control.writableLength === 0) control.write(text)
  }

  async #watch(program: string): Promise<ProcessExit> {
    const guard = this.#guard
    const [said] = await Promise.all([
      text(guard.stdio[3] as Readable).catch(() => ''),
      guard.exitCode === null && guard.signalCode === null ? once(guard, 'exit') : undefined,
    ])
    await this.#server.idle(AbortSignal.timeout(connectionsEndMs)).catch(() => undefined)
    return interpretGuardEnd(said, program, guard.signalCode ?? 'SIGKILL')
  }
}
