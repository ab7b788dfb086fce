import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  DescriptorSocket,
  type Location,
  PageMemory,
  Pagemap,
  pageSize,
  Userfaultfd,
  type UserfaultfdFeature,
} from '../../src/userfaultfd.js'
import { temporaryFolder } from './temporary.js'

const program = fileURLToPath(new URL('../../../build/Release/umfb-test-faulter', import.meta.url))

/** userfaultfd(2) */
const openFlags = { closeOnExec: 0o2000000, nonBlocking: 0o4000, userModeOnly: 1 }

export interface FaulterMemory {
  readonly uffd: Userfaultfd
  readonly pagemap: Pagemap
  /** All of it, in that process. */
  readonly pages: Location
  page(number: number, count?: number): Location
  /** A mapping of the same memory here, which is not registered; where it is shared. */
  readonly mirror?: PageMemory
}

/**
 * A C process that touches memory of its own (test/support/native/faulter.c), whose faults are handled here:
 *
 *     load PAGE, store PAGE VALUE, read PAGE       that page's first word; `read` is read(2) into it
 *     child PAGE VALUE                             a forked child stores there, and ends: its status
 *     remap                                        all moves: the new address
 *     discard PAGE COUNT, unmap PAGE COUNT
 *     thread                                       the number of the thread that does all this
 *     block, close-userfaultfd                     what a hostile or careless owner does to the descriptor
 */
export class Faulter {
  readonly #socket: DescriptorSocket
  readonly #t: TestContext
  /** [status, signal] */
  readonly exited: Promise<[number | null, NodeJS.Signals | null]>
  readonly pid: number
  #answered: ((answer: { text: string; fds: number[] }) => void) | undefined

  /** Ends with the test. */
  static async start(t: TestContext): Promise<Faulter> {
    const path = join(temporaryFolder(t), 'socket')
    let resolve!: (socket: DescriptorSocket) => void
    const connected = new Promise<DescriptorSocket>((fulfil) => {
      resolve = fulfil
    })
    const listener = DescriptorSocket.listen(path, resolve)
    // Without the sanitizer that these tests may run with: it would catch the SIGBUS.
    const env = { ...process.env, LD_PRELOAD: undefined }
    const child = spawn(program, [path], { env, stdio: ['ignore', 'inherit', 'inherit'] })
    const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
    const failed = exited.then(([status]) => Promise.reject(new Error(`the faulter ended: ${status}`)))
    const socket = await Promise.race([connected, failed]).finally(() => listener.close())
    failed.catch(() => {})
    t.after(async () => {
      socket.close()
      // It may wait in a fault that the test left.
      child.kill('SIGKILL')
      await exited
    })
    return new Faulter(t, socket, child.pid!, exited)
  }

  private constructor(t: TestContext, socket: DescriptorSocket, pid: number, exited: Faulter['exited']) {
    this.#t = t
    this.#socket = socket
    this.pid = pid
    this.exited = exited
    socket.receive((message, fds) => this.#answered?.({ text: Buffer.from(message).toString(), fds }))
  }

  /** @returns the answer. One command at a time: it may wait in a fault. */
  async tell(command: string): Promise<string> {
    return (await this.#ask(command)).text
  }

  /** Maps memory, and opens a userfaultfd for it, which is handed over before the handshake. */
  async map(
    kind: 'private' | 'shared',
    sizePages: number,
    features: readonly UserfaultfdFeature[] | 'no handshake' = [],
    userModeOnly = true,
  ): Promise<FaulterMemory> {
    const flags = openFlags.closeOnExec | (userModeOnly ? openFlags.userModeOnly : 0)
    const { text, fds } = await this.#ask(`map-${kind} ${sizePages} ${flags}`)
    const [uffdNumber = -1, pagemapNumber = -1, memfd] = fds
    const enable = features === 'no handshake' ? undefined : features
    const uffd = Userfaultfd.fromDescriptor(uffdNumber, enable)
    const pagemap = Pagemap.fromDescriptor(pagemapNumber)
    const mirror = memfd === undefined ? undefined : new PageMemory({ memfd: memfd })
    if (memfd !== undefined) closeSync(memfd)
    this.#t.after(() => [uffd, pagemap, mirror].forEach((each) => void each?.close()))
    const address = BigInt(text)
    return {
      uffd,
      pagemap,
      pages: { address, lengthBytes: sizePages * pageSize },
      page: (number, count = 1) => ({
        address: address + BigInt(number * pageSize),
        lengthBytes: count * pageSize,
      }),
      ...(mirror && { mirror }),
    }
  }

  #ask(command: string): Promise<{ text: string; fds: number[] }> {
    if (!this.#socket.send(command)) throw new Error(`the faulter is gone before: ${command}`)
    return new Promise((resolve) => {
      this.#answered = resolve
    })
  }
}
