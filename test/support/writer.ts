import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { mapAsync, mapSync, mapZap } from '../../src/guests/wire.js'
import type { Channel, ChannelListener, Tracker } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'

export const writerProgram = fileURLToPath(
  new URL('../../../build/Release/umfb-test-writer', import.meta.url),
)

interface Answer {
  text: string
  fds: number[]
}

/**
 * A C process that writes to device memory on command (test/support/native/writer.c). Pages are counted from the first
 * one of its mapping, except in `map FIRST COUNT`, which is sent with the memfd and answered with the mapping's address,
 * bits mapAsync, mapSync and mapZap, and the descriptors that these name. Else the answer is "ok":
 *
 *     map-without-features FIRST COUNT    no userfaultfd can do what the trackers need
 *     map-with-forks FIRST COUNT          a fork is an event, too
 *     map-with-deaf-agent FIRST COUNT     nobody reads what the agent is asked
 *     store PAGE VALUE
 *     prepare WAY PAGE, change WAY PAGE VALUE    by a way of ways.c; the answer may be an error's name
 *     store-and-exit PAGE VALUE           no answer
 *     burst COUNT SEED                    that many stores to random pages
 *     unregister, close-descriptors, unmap
 *     make-blocking                       whoever reads the userfaultfd waits
 *     agent-lies, stop-agent              the agent says what it was not asked, or ends
 *     send-too-long, send-nothing, send-5-descriptors    an answer that no channel may accept
 */
export class Writer {
  readonly #channel: Channel
  readonly exited: Promise<unknown>
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined

  /** Ends with the test. */
  static async start(t: TestContext): Promise<Writer> {
    const folder = await mkdtemp(join(tmpdir(), 'umfb-writer-'))
    try {
      const path = join(folder, 'socket')
      let listener: ChannelListener | undefined
      const connected = new Promise<Channel>((resolve) => {
        listener = new binding.ChannelListener(path, resolve)
      })
      const process = spawn(writerProgram, [path], { stdio: ['ignore', 'inherit', 'inherit'] })
      const failed = once(process, 'exit').then(([code]) =>
        Promise.reject(new Error(`the writer ended: ${code}`)),
      )
      const channel = await Promise.race([connected, failed]).finally(() => listener?.close())
      failed.catch(() => {})
      const writer = new Writer(process, channel)
      t.after(() => writer.close())
      return writer
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  private constructor(process: ChildProcess, channel: Channel) {
    this.#channel = channel
    this.exited = once(process, 'exit')
    channel.start(
      (message, fds) => this.#waiting?.resolve({ text: Buffer.from(message).toString(), fds }),
      () => this.#waiting?.reject(new Error('the writer ended')),
    )
  }

  send(command: string, fds: number[] = []): void {
    if (!this.#channel.send(Buffer.from(command), fds))
      throw new Error(`the writer is gone before: ${command}`)
  }

  tell(command: string, fds: number[] = []): Promise<Answer> {
    this.send(command, fds)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  async map(memfd: number, firstPage: number, pageCount: number, command = 'map'): Promise<RemoteMapping> {
    const { text, fds } = await this.tell(`${command} ${firstPage} ${pageCount}`, [memfd])
    const [address, flags] = text.split(' ')
    const left = [...fds]
    const take = (flag: number) => (Number(flags) & flag ? left.shift() : undefined)
    const descriptors = {
      uffd: take(mapAsync),
      pagemap: take(mapAsync),
      syncUffd: take(mapSync),
      zapAgent: take(mapZap),
    }
    const { uffd, pagemap, syncUffd, zapAgent } = descriptors
    return {
      ...descriptors,
      address: BigInt(address!),
      attach: (tracker) =>
        fds.length === 0
          ? tracker.attachUntracked(firstPage, pageCount)
          : tracker.attach(uffd, pagemap, syncUffd, zapAgent, BigInt(address!), firstPage, pageCount),
      close: () => fds.forEach(binding.closeDescriptor),
    }
  }

  /** Idempotent. The process ends when its channel does. */
  async close(): Promise<void> {
    this.#channel.close()
    await this.exited
  }
}

/** Descriptors are undefined where this system forbids them to the writer. */
export interface RemoteMapping {
  uffd: number | undefined
  pagemap: number | undefined
  syncUffd: number | undefined
  zapAgent: number | undefined
  address: bigint
  /** By faults where there is a userfaultfd. */
  attach(tracker: Tracker): number
  /** Closes the descriptors. */
  close(): void
}
