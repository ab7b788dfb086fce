import type { DeviceMemory, RingConsumer, RingProducer } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { decodeIn, encodeOut, type InEvent, type OutEvent } from '../../src/ring/events.js'
import { decodeKeyboard, type KeyboardEvent } from '../../src/ring/keyboard-events.js'
import { eventBytes, framebufferPage, info, keyboardPage, stateConnected } from '../../src/ring/layout.js'
import type { Link } from '../../src/ring/link.js'
import { adoptDeviceMemory, type LaidOutMemory, type MemoryLayout } from '../../src/ring/memory.js'
import { PeerWords } from '../../src/ring/peer.js'
import { type ScanoutState, writeScanout } from '../../src/ring/scanout-table.js'
import { writeStore } from '../../src/ring/store.js'

/** What every frontend of these tests offers and asks for, where the test does not say. */
export const allKeys: readonly string[] = [
  ...['update', 'fill', 'copy', 'blit', 'cursor', 'dirty', 'bell', 'scanouts', 'colours'].map(
    (name) => `feature-${name}`,
  ),
  ...['mode', 'abs-pointer', 'multi-touch'].map((name) => `request-${name}`),
]

/**
 * A frontend that does just what the test says, right or wrong: by its own mapping of device memory, and the rings' plain
 * ends.
 */
export class RawFrontend {
  readonly device: LaidOutMemory
  readonly own: PeerWords
  readonly out: RingProducer
  readonly requests: RingConsumer
  readonly keyboard: RingConsumer
  readonly link: Link

  constructor(memfd: number, link: Link) {
    const memory = new binding.DeviceMemory(undefined, memfd)
    this.device = adoptDeviceMemory(memory)
    this.link = link
    this.own = new PeerWords(memory, 'frontend')
    const { framebufferOffset, keyboardOffset } = this.layout
    this.out = new binding.RingProducer(memory, framebufferOffset, framebufferPage.out)
    this.requests = new binding.RingConsumer(memory, framebufferOffset, framebufferPage.in)
    this.keyboard = new binding.RingConsumer(memory, keyboardOffset, keyboardPage.in)
  }

  get memory(): DeviceMemory {
    return this.device.memory
  }

  get layout(): MemoryLayout {
    return this.device.layout
  }

  /** All of device memory, by a mapping that no tracker sees. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.untracked)
  }

  get pixels(): Uint8Array {
    return this.bytes.subarray(this.layout.pixelsOffset)
  }

  /** docs/protocol.md, "Start". */
  connect(state: ScanoutState, keys: Iterable<string> = allKeys): void {
    writeScanout(this.memory, 0, state)
    writeStore(
      this.memory,
      'frontend',
      [...keys].map((key) => [key, 1]),
    )
    this.own.increment('generation')
    this.own.store('state', stateConnected)
    this.link.ring()
  }

  /** @returns how many found room */
  post(...events: OutEvent[]): number {
    const slots = new Uint8Array(events.length * eventBytes)
    const view = new DataView(slots.buffer)
    for (const [i, event] of events.entries()) encodeOut(view, i * eventBytes, event)
    return this.postRaw(slots)
  }

  postRaw(slots: Uint8Array): number {
    const posted = this.out.post(slots, slots.length / eventBytes)
    if (this.out.takeBell()) this.link.ring()
    return posted
  }

  setAllDirty(): void {
    this.own.store('allDirty', 1)
    this.link.ring()
  }

  /** What the backend asked for since the last call. */
  takeRequests(): InEvent[] {
    return this.#take(this.requests, decodeIn)
  }

  takeKeyboard(): KeyboardEvent[] {
    return this.#take(this.keyboard, decodeKeyboard)
  }

  /** Says that pages of the pixels are dirty. */
  setBits(firstPage: number, pageCount: number): void {
    const pages = Math.ceil(this.layout.pixelsBytes / 4096)
    binding.markBitmap(this.memory, this.layout.bitmapOffset, pages, firstPage, pageCount)
  }

  backendState(): number {
    return binding.loadWord(this.memory, info.offsets.backend)
  }

  close(): void {
    this.link.close()
    this.memory.close()
  }

  #take<E>(ring: RingConsumer, decode: (view: DataView, offset: number) => E | undefined): E[] {
    const slots = new Uint8Array(64 * eventBytes)
    const count = ring.take(slots)
    const view = new DataView(slots.buffer)
    const events = Array.from({ length: count }, (_, i) => decode(view, i * eventBytes))
    ring.release(count)
    return events.filter((event) => event !== undefined)
  }
}
