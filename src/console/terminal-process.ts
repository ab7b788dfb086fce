import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { builtProgram } from '../util/built-program.js'
import { interpretGuardEnd, type ProcessExit } from '../util/guard-end.js'

/** From SIGHUP and SIGTERM to SIGKILL. */
const defaultGraceMs = 2000

/** Most bytes that wait for a program which does not read its terminal; more are dropped, as a terminal does. */
const maxTypedBytes = 1 << 20

/** In cells, and in pixels for programs that draw. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
  readonly width: number
  readonly height: number
}

export interface TerminalProcessOptions {
  /** A name in PATH, or a path. */
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly cwd?: string | undefined
  readonly size: TerminalSize
  /** Default: 2000. */
  readonly graceMs?: number | undefined
  /** What the program writes. The next bytes come when the promise is resolved. */
  readonly write: (bytes: Uint8Array) => void | Promise<void>
}

function sizeText({ columns, rows, width, height }: TerminalSize): string {
  return `${columns} ${rows} ${width} ${height}`
}

/** A program on a terminal of its own, under umfb-guard: what came of it ends with it. */
export class TerminalProcess {
  /** Of the guard, whose descendants are the program's. */
  readonly pid: number
  /** The program has ended, and all that it wrote was taken. */
  readonly exited: Promise<ProcessExit>
  readonly #guard: ChildProcess
  readonly #control: Socket
  #closing: Promise<void> | undefined

  /** Where the program cannot be started, `exited` rejects with a GuestProgramError. */
  static async spawn(options: TerminalProcessOptions): Promise<TerminalProcess> {
    const { command, args, env, cwd, size, graceMs = defaultGraceMs } = options
    const guard = spawn(
      builtProgram('umfb-guard'),
      ['--console', sizeText(size), '3', String(graceMs), '--', command, command, ...args],
      { env, cwd, stdio: ['pipe', 'pipe', 'inherit', 'pipe'] },
    )
    await once(guard, 'spawn')
    return new TerminalProcess(guard, options)
  }

  private constructor(guard: ChildProcess, { command, write }: TerminalProcessOptions) {
    this.#guard = guard
    this.#control = guard.stdio[3] as Socket
    this.pid = guard.pid!
    // The guard may go while it is typed to: its end is told by other means.
    for (const stream of [guard.stdin!, this.#control]) stream.on('error', () => undefined)
    this.exited = this.#watch(command, write)
    // Who does not ask how it ended is not to be told by a crash.
    this.exited.catch(() => undefined)
  }

  /** Types on the terminal. What a program that reads nothing leaves is bounded. */
  type(bytes: Uint8Array): void {
    const input = this.#guard.stdin!
    if (input.writable && input.writableLength + bytes.length <= maxTypedBytes) input.write(bytes)
  }

  resize(size: TerminalSize): void {
    if (this.#control.writable) this.#control.write(`${sizeText(size)}\n`)
  }

  /** Hangs up: SIGHUP and SIGTERM, and after the grace SIGKILL, to all that came of it. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#guard.exitCode === null && this.#guard.signalCode === null) this.#guard.kill('SIGTERM')
    await this.exited.catch(() => undefined)
  }

  async #watch(command: string, write: TerminalProcessOptions['write']): Promise<ProcessExit> {
    const guard = this.#guard
    const taken = (async () => {
      for await (const chunk of guard.stdout as Readable) await write(chunk as Uint8Array)
    })()
    const [said] = await Promise.all([
      text(this.#control as Readable).catch(() => ''),
      guard.exitCode === null && guard.signalCode === null ? once(guard, 'exit') : undefined,
      taken.catch(() => undefined),
    ])
    return interpretGuardEnd(said, command, guard.signalCode ?? 'SIGKILL')
  }
}
