import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Channel, ChannelListener, DeviceMemory, RingPlace } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import * as layout from '../../src/ring/layout.js'
import { adoptDeviceMemory, createDeviceMemory, type MemoryLayout } from '../../src/ring/memory.js'
import { temporaryFolder } from './temporary.js'

export interface FakeBackendOptions {
  /** Its store. */
  readonly says: readonly string[]
  readonly pixelsBytes?: number
  readonly heapBytes?: number
  /** Where all indices of the rings start. */
  readonly index?: number
  /** Changes device memory before the frontend gets it. */
  readonly spoil?: (memory: Uint8Array) => void
  /** What it is answered with; default: that it is welcome. */
  readonly answer?: Uint8Array
}

/** All features that a backend can have. */
export const allFeatures = [
  ...['update', 'fill', 'copy', 'blit', 'cursor', 'dirty', 'bell', 'scanouts', 'colours'].map(
    (name) => `request-${name}=1`,
  ),
  ...[
    'resize',
    'mode',
    'abs-pointer',
    'raw-pointer',
    'multi-touch',
    'disable-keyboard',
    'disable-pointer',
  ].map((name) => `feature-${name}=1`),
]

const welcome = layout.attached.encode({ magic: 'umfb', version: 1, status: 0, reserved: new Uint8Array(8) })

/**
 * A backend that does nothing by itself: tests play it, and look at each word and event. It shares with the real one the
 * tables of the layout, and where the parts of new memory are.
 */
export class FakeBackend {
  readonly path: string
  readonly #options: FakeBackendOptions
  #listener: ChannelListener
  #channel: Channel | undefined
  #memory: DeviceMemory | undefined
  #parts: MemoryLayout | undefined
  #arrived: (() => void) | undefined
  /** False: who comes waits. */
  answers = true
  /** Of the last frontend. */
  attach: ReturnType<typeof layout.attach.decode> | undefined
  /** How many have come. */
  frontends = 0
  bells = 0

  constructor(t: TestContext, options: FakeBackendOptions) {
    this.#options = options
    this.path = join(temporaryFolder(t), 'device')
    this.#listener = this.#listen()
    t.after(() => this.end())
  }

  #listen(): ChannelListener {
    return new binding.ChannelListener(this.path, (channel) => {
      channel.start(
        (message, fds) => (channel === this.#channel ? this.#rung(fds) : this.#meet(channel, message, fds)),
        () => channel.close(),
      )
    })
  }

  #rung(fds: readonly number[]): void {
    this.bells++
    for (const fd of fds) binding.closeDescriptor(fd)
    this.#arrived?.()
  }

  #meet(channel: Channel, message: Uint8Array, fds: readonly number[]): void {
    this.#channel = channel
    this.attach = layout.attach.decode(message)
    this.frontends++
    const { pixelsBytes = 2 ** 20, heapBytes = 4096, index = 0, spoil, answer = welcome } = this.#options
    if (this.attach.kind === layout.attachNew) {
      const { memory, layout: parts } = createDeviceMemory({ pixelsBytes, heapBytes })
      this.#memory = memory
      this.#parts = parts
      for (const page of [parts.framebufferOffset, parts.keyboardOffset]) {
        for (const at of [0, 4, 8, 12]) this.view.setUint32(page + at, index, true)
      }
    } else {
      const [fd] = fds
      if (fd === undefined) throw new Error('a frontend that comes again without its memory')
      this.#memory = new binding.DeviceMemory(undefined, fd)
      this.#parts = adoptDeviceMemory(this.#memory).layout
      binding.closeDescriptor(fd)
    }
    this.say(this.#options.says)
    this.setState(layout.stateWaiting)
    spoil?.(this.bytes)
    const isNew = this.attach.kind === layout.attachNew
    if (this.answers) channel.send(answer, isNew ? [this.#memory.fd] : [])
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#memory!.untracked)
  }

  get view(): DataView {
    return new DataView(this.#memory!.untracked)
  }

  get parts(): MemoryLayout {
    return this.#parts!
  }

  get pixels(): Uint8Array {
    return this.bytes.subarray(this.parts.pixelsOffset, this.parts.pixelsOffset + this.parts.pixelsBytes)
  }

  get info(): ReturnType<typeof layout.info.decode> {
    return layout.info.decode(this.bytes.slice(0, layout.info.size))
  }

  say(lines: readonly string[]): void {
    const { info, peer } = layout
    const text = Buffer.from(`${lines.join('\n')}\n\0`)
    const serial = info.offsets.backend + peer.offsets.storeSerial
    this.bytes.set(text, info.offsets.backendStore)
    this.view.setUint32(serial, (this.view.getUint32(serial, true) | 1) + 1, true)
  }

  setState(state: number): void {
    this.view.setUint32(layout.info.offsets.backend + layout.peer.offsets.state, state, true)
  }

  /** All that waits in the out ring; it is full at 51. */
  takeEvents(): Uint8Array[] {
    const { framebufferOffset } = this.parts
    const { cons, prod, events, slots } = layout.framebufferPage.out
    const last = this.view.getUint32(framebufferOffset + prod, true)
    const taken: Uint8Array[] = []
    let index = this.view.getUint32(framebufferOffset + cons, true)
    for (; index !== last; index = (index + 1) >>> 0) {
      const at = framebufferOffset + events + (index % slots) * layout.eventBytes
      taken.push(this.bytes.slice(at, at + layout.eventBytes))
    }
    this.view.setUint32(framebufferOffset + cons, last, true)
    return taken
  }

  /** Exchanges all_dirty for 0. */
  takeAllDirty(): number {
    const at = layout.info.offsets.frontend + layout.peer.offsets.allDirty
    const was = this.view.getUint32(at, true)
    this.view.setUint32(at, 0, true)
    return was
  }

  sendToFramebuffer(...events: Uint8Array[]): void {
    this.#send(this.parts.framebufferOffset, layout.framebufferPage.in, events)
  }

  sendToKeyboard(...events: Uint8Array[]): void {
    this.#send(this.parts.keyboardOffset, layout.keyboardPage.in, events)
  }

  #send(page: number, place: RingPlace, events: readonly Uint8Array[]): void {
    for (const event of events) {
      const index = this.view.getUint32(page + place.prod, true)
      this.bytes.set(event, page + place.events + (index % place.slots) * layout.eventBytes)
      this.view.setUint32(page + place.prod, index + 1, true)
    }
    this.ring()
  }

  ring(): void {
    this.#channel!.send(Uint8Array.of(1))
  }

  /** Resolves with the next doorbell. */
  rung(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = resolve
    })
  }

  /** As if it was killed; the socket's path goes with it. */
  end(): void {
    this.#listener.close()
    this.#channel?.close()
    this.#channel = undefined
  }

  /** Another backend on the same path. */
  restart(): void {
    this.#listener = this.#listen()
  }
}
