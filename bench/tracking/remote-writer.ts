import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Channel, ChannelListener, DeviceMemory, Tracker } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { builtPath } from './built.js'
import type { Control } from './control.js'
import { native } from './native.js'
import { type Size, strideBytes } from './size.js'
import type { Writer } from './writer.js'

/** A frame that takes longer is taken for a writer that is gone. */
const patienceMs = 30_000

/** UFFD_FEATURE_* of linux/userfaultfd.h that a mechanism wants of the writer's userfaultfd. */
const pagefaultFlagWp = 1n << 0n
const minorShmem = 1n << 10n
const wpShmem = 1n << 12n
const wpUnpopulated = 1n << 13n
const wpAsync = 1n << 15n

function featuresFor(mechanism: string): bigint {
  const synchronous = pagefaultFlagWp | wpShmem | wpUnpopulated
  if (mechanism === 'none' || mechanism === 'compare' || mechanism === 'mprotect') return 0n
  if (mechanism === 'wp-sync') return synchronous
  if (mechanism.startsWith('zap')) return synchronous | minorShmem
  return synchronous | wpAsync
}

interface Handed {
  readonly address: bigint
  readonly fds: readonly number[]
}

/** The device memory that a writer is to map. */
export type SharedMemory = Pick<DeviceMemory, 'fd' | 'sizeBytes'>

/** bench/native/writer.c in a process of its own, whose mapping is tracked from outside. Ends with this process. */
export class RemoteWriter implements Writer {
  readonly #process: ChildProcess
  readonly #channel: Channel
  readonly #control: Control
  readonly #handed: Handed
  readonly #pageCount: number
  #closed = false

  static async start(
    control: Control,
    memory: SharedMemory,
    size: Size,
    mechanism: string,
  ): Promise<RemoteWriter> {
    const folder = await mkdtemp(join(tmpdir(), 'umfb-bench-'))
    let listener: ChannelListener | undefined
    try {
      const path = join(folder, 'socket')
      const connected = new Promise<Channel>((resolve) => {
        listener = new binding.ChannelListener(path, resolve)
      })
      const args = [path, `${strideBytes(size)}`, `${featuresFor(mechanism)}`]
      const child = spawn(builtPath('umfb-bench-writer'), args, { stdio: ['ignore', 'inherit', 'inherit'] })
      const failed = Promise.race([once(child, 'exit'), once(child, 'error')]).then(([cause]) => {
        throw new Error(`the bench's writer ended: ${cause}`)
      })
      const channel = await Promise.race([connected, failed])
      const handed = await Promise.race([exchange(channel, memory, control), failed])
      failed.catch(() => {})
      return new RemoteWriter(child, channel, control, handed, Math.ceil(memory.sizeBytes / binding.pageSize))
    } finally {
      listener?.close()
      await rm(folder, { recursive: true })
    }
  }

  private constructor(
    child: ChildProcess,
    channel: Channel,
    control: Control,
    handed: Handed,
    pageCount: number,
  ) {
    this.#process = child
    this.#channel = channel
    this.#control = control
    this.#handed = handed
    this.#pageCount = pageCount
    // A trial that is over ends, though nobody closed its writer: it is told to die with us.
    child.unref()
    channel.unref()
  }

  /** What Surface.attachWriter takes; undefined where the writer has no userfaultfd. */
  get mapping() {
    const { address, fds } = this.#handed
    const [uffd, pagemap] = fds
    if (uffd === undefined || pagemap === undefined) return undefined
    return { uffd, pagemap, address, firstPage: 0, pageCount: this.#pageCount }
  }

  attach(tracker: Tracker): void {
    const { mapping } = this
    if (mapping) tracker.attach(mapping.uffd, mapping.pagemap, mapping.address, 0, this.#pageCount)
    else tracker.attachUntracked(0, this.#pageCount)
  }

  draw(): void {
    native.ask(this.#control.bytes)
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

  /** Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const fd of this.#handed.fds) binding.closeDescriptor(fd)
    this.#channel.close()
    const exited = once(this.#process, 'exit')
    this.#process.ref()
    this.#process.kill('SIGKILL')
    await exited
  }
}

/** Hands the writer both memories. @returns its address of the pixels, and its descriptors */
async function exchange(channel: Channel, memory: SharedMemory, control: Control): Promise<Handed> {
  const answer = new Promise<Handed>((resolve, reject) => {
    channel.start(
      (message, fds) => resolve({ address: BigInt(Buffer.from(message).toString()), fds }),
      () => reject(new Error("the bench's writer closed its connection")),
    )
  })
  channel.send(Buffer.from('memory'), [memory.fd, control.memory.fd])
  return answer
}
