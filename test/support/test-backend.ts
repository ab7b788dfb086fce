import type { RingConsumer, RingProducer } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { decodeOut, encodeIn, type InEvent, type OutEvent } from '../../src/ring/events.js'
import { encodeKeyboard, type KeyboardEvent } from '../../src/ring/keyboard-events.js'
import {
  eventBytes,
  framebufferPage,
  keyboardPage,
  stateConnected,
  stateWaiting,
} from '../../src/ring/layout.js'
import type { Link } from '../../src/ring/link.js'
import type { LaidOutMemory } from '../../src/ring/memory.js'
import { PeerWords } from '../../src/ring/peer.js'
import { readScanout, type ScanoutState } from '../../src/ring/scanout-table.js'
import { readStore, type Store, writeStore } from '../../src/ring/store.js'

/** All that a backend may request of pixels and more, as keys of its store. */
export const allRequests = [
  'request-update',
  'feature-resize',
  'request-fill',
  'request-copy',
  'request-blit',
  'request-cursor',
  'request-dirty',
  'request-bell',
  'request-scanouts',
  'request-colours',
]

/** A backend that a test drives by hand: it does nothing by itself but count bells. */
export class TestBackend {
  readonly memory: LaidOutMemory
  readonly words: PeerWords
  readonly frontend: PeerWords
  readonly out: RingConsumer
  readonly in: RingProducer
  readonly keyboard: RingProducer
  bells = 0
  #link: Link | undefined

  /** @param requests keys of its store that are 1 */
  constructor(memory: LaidOutMemory, requests: readonly string[] = allRequests) {
    this.memory = memory
    const { framebufferOffset, keyboardOffset } = memory.layout
    this.words = new PeerWords(memory.memory, 'backend')
    this.frontend = new PeerWords(memory.memory, 'frontend')
    this.out = new binding.RingConsumer(memory.memory, framebufferOffset, framebufferPage.out)
    this.in = new binding.RingProducer(memory.memory, framebufferOffset, framebufferPage.in)
    this.keyboard = new binding.RingProducer(memory.memory, keyboardOffset, keyboardPage.in)
    this.out.skip()
    this.write(requests)
    this.words.increment('generation')
    this.words.store('state', stateWaiting)
  }

  write(requests: readonly string[], more: readonly (readonly [string, number])[] = []): void {
    writeStore(this.memory.memory, 'backend', [...requests.map((key) => [key, 1] as const), ...more])
  }

  use(link: Link): void {
    this.#link = link
    link.onBell = () => this.bells++
  }

  get link(): Link {
    return this.#link!
  }

  /** The last step of the handshake. */
  accept(): void {
    this.words.store('state', stateConnected)
    this.link.ring()
  }

  get store(): Store {
    return readStore(this.memory.memory, 'frontend')!
  }

  scanout(number: number): ScanoutState | undefined {
    return readScanout(this.memory, number)
  }

  /** What was posted, without releasing it. */
  peek(): OutEvent[] {
    const events = new Uint8Array(framebufferPage.out.slots * eventBytes)
    const count = this.out.take(events)
    const view = new DataView(events.buffer)
    return Array.from({ length: count }, (_, i) => decodeOut(view, i * eventBytes)!)
  }

  take(): OutEvent[] {
    const events = this.peek()
    this.out.release(events.length)
    return events
  }

  takeAllDirty(): boolean {
    return this.frontend.exchange('allDirty', 0) !== 0
  }

  post(...events: InEvent[]): void {
    const slots = new Uint8Array(events.length * eventBytes)
    for (const [i, event] of events.entries()) encodeIn(new DataView(slots.buffer), i * eventBytes, event)
    this.in.post(slots, events.length)
    this.link.ring()
  }

  postKeyboard(...events: KeyboardEvent[]): void {
    const slots = new Uint8Array(events.length * eventBytes)
    for (const [i, event] of events.entries()) {
      encodeKeyboard(new DataView(slots.buffer), i * eventBytes, event)
    }
    this.keyboard.post(slots, events.length)
    this.link.ring()
  }
}
