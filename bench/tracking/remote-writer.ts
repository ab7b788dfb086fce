import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GuestServer, type Surface } from '../../src/index.js'
import { builtPath } from './built.js'
import type { Control } from './control.js'
import { native } from './native.js'
import type { Writer } from './writer.js'

/** A frame that takes longer is taken for a writer that is gone. */
const patienceMs = 60_000

/** bench/native/writer.c: a guest in a process of its own, tracked as every guest is. It ends with this process. */
export class RemoteWriter implements Writer {
  readonly #process: ChildProcess
  readonly #server: GuestServer
  readonly #control: Control

  static async start(control: Control, surface: Surface): Promise<RemoteWriter> {
    const folder = await mkdtemp(join(tmpdir(), 'umfb-bench-'))
    const path = join(folder, 'guests')
    const server = new GuestServer({ path, openSurface: () => surface })
    const child = spawn(builtPath('umfb-bench-writer'), [`${surface.mode.strideBytes}`], {
      stdio: ['ignore', 'pipe', 'inherit', control.memory.fd],
      env: { ...process.env, UMFB_SOCKET: path },
    })
    const writer = new RemoteWriter(child, server, control)
    try {
      const failed = Promise.race([once(child, 'exit'), once(child, 'error')]).then(([cause]) => {
        throw new Error(`the bench's writer ended: ${cause}`)
      })
      await Promise.race([once(child.stdout!, 'data'), failed])
      failed.catch(() => {})
      return writer
    } catch (error) {
      await writer.close()
      throw error
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  private constructor(child: ChildProcess, server: GuestServer, control: Control) {
    this.#process = child
    this.#server = server
    this.#control = control
  }

  draw(): void {
    this.post()
    this.awaitDrawn()
  }

  /** Asks for the frame and goes on: it is drawn after its delay. */
  post(): void {
    native.ask(this.#control.bytes)
  }

  /** Blocks until what was posted is drawn. */
  awaitDrawn(): void {
    if (!native.awaitReply(this.#control.bytes, patienceMs)) {
      throw new Error(`the bench's writer did not draw a frame within ${patienceMs} ms`)
    }
  }

  async close(): Promise<void> {
    const child = this.#process
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    }
    this.#server.close()
  }
}
