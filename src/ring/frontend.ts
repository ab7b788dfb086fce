import { EventEmitter } from 'node:events'
import type { ColourImage, GlyphImage } from '../draw/op.js'
import { InvalidArgumentError } from '../errors.js'
import type { Rect } from '../geometry/rect.js'
import { binding } from '../native/load.js'
import type { PixelFormatName } from '../pixels/format.js'
import type { Mode, ModeOptions } from '../surface/mode.js'
import { attachTo } from './attach.js'
import type { CursorImage } from './cursor.js'
import type { InEvent } from './events.js'
import type { FrontendFeatures } from './features.js'
import { FrontendScanout } from './frontend-scanout.js'
import type { KeyboardEvent, TouchEvent } from './keyboard-events.js'
import { maxScanouts } from './layout.js'
import type { Link } from './link.js'
import { adoptDeviceMemory, createDeviceMemory, type LaidOutMemory, pixelPages } from './memory.js'
import { OutQueue } from './out-queue.js'
import { Reconnector } from './reconnector.js'
import { scanoutNumbers } from './scanout-table.js'
import { Session } from './session.js'
import { readStore, storeNumber } from './store.js'

export interface FrontendEvents {
  /** KEY_* and BTN_* of linux/input-event-codes.h. A press of a key that is down is its repetition. */
  key: [key: { keycode: number; pressed: boolean }]
  /** How far the pointer was moved; a negative relZ is the wheel's way up. */
  motion: [motion: { relX: number; relY: number; relZ: number }]
  /** Where the pointer is, in pixels of scanout 0, or from 0 to 32767 where 'raw' was asked for. */
  position: [position: { absX: number; absY: number; relZ: number }]
  touch: [touch: TouchEvent]
  /** How often news of pixels is wanted; 0: nobody watches. */
  refreshPeriod: [ms: number]
  /** Stored pages are to be marked now, by markPages(): the answer goes out when the listeners have returned. */
  dirtyWanted: [serial: number]
  /** A viewer would like this size. setMode() grants it, or not. */
  modeWanted: [size: { width: number; height: number }]
  /** The backend shows this frontend, or has gone. */
  backend: [connected: boolean]
  close: []
}

export interface FrontendOptions extends FrontendFeatures {
  /** The mode of scanout 0. Default: what its table entry says already, or the size that the backend suggests. */
  width?: number
  height?: number
  /** Default: xrgb8888. */
  format?: PixelFormatName
}

export interface ConnectOptions extends FrontendOptions {
  /** The device memory: made by the backend, or here. Default: 'backend'. */
  memory?: 'backend' | 'own'
  /** Room for all that any mode of any scanout will show. Default: the backend's choice, or 64 MiB. */
  pixelsBytes?: number
  /** What the frontend calls itself: for people. Default: 'umfb'. */
  program?: string
  /** Connects again when the backend has gone. Default: true. */
  reconnect?: boolean
  /** Gives up connecting. */
  signal?: AbortSignal
}

/** After which time something that found no room is said again. */
const repeatMs = 100

const defaultSize = { width: 1024, height: 768 }

/**
 * Who draws: a device's frontend (docs/protocol.md). What is drawn by its methods is in device memory at once, and told
 * to the backend when the current turn of the event loop ends, or with flush(). No call waits for the backend, and none
 * fails because of it: drawing goes on while there is none.
 */
export class Frontend extends EventEmitter<FrontendEvents> {
  readonly #memory: LaidOutMemory
  readonly #queue: OutQueue
  readonly #session: Session
  readonly #scanouts: readonly FrontendScanout[]
  readonly #keysDown = new Set<number>()
  /** The memory is closed with the frontend. */
  #ownsMemory = false
  #repetition: NodeJS.Timeout | undefined
  /** While listeners mark what an answer will speak of. */
  #answering = false
  #closed = false
  #watched = true

  /**
   * A frontend on device memory that is the caller's.
   * @param link to a backend on the same memory; undefined: there is none yet (see attach())
   * @throws InvalidArgumentError where the mode is out of range
   */
  constructor(memory: LaidOutMemory, link?: Link, options: FrontendOptions = {}) {
    super()
    this.#memory = memory
    this.#queue = new OutQueue(memory)
    this.#queue.onDropped = () => this.#repeatLater()
    this.#scanouts = scanoutNumbers.map((number) => new FrontendScanout(memory, this.#queue, number))
    this.#session = new Session(memory, this.#queue, options, {
      start: () => this.#start(),
      connected: (connected) => this.#connected(connected),
      event: (event) => this.#event(event),
      keyboard: (event) => this.#keyboard(event),
    })
    this.#setFirstMode(options)
    if (link) this.attach(link)
  }

  /**
   * Connects to the backend that listens on a socket (`umfb serve SOCKET`).
   * @throws SystemError where there is none, or it refuses
   * @throws ProtocolError where what it answers is wrong
   */
  static async connect(path: string, options: ConnectOptions = {}): Promise<Frontend> {
    const { program = 'umfb', memory = 'backend', pixelsBytes, reconnect = true, signal } = options
    const own = memory === 'own' ? createDeviceMemory({ ...(pixelsBytes && { pixelsBytes }) }) : undefined
    let made = own?.memory
    let link: Link | undefined
    try {
      const attachment = await attachTo(path, program, own?.memory, options, signal)
      link = attachment.link
      made ??= attachment.memory!
      const frontend = new Frontend(own ?? adoptDeviceMemory(made), link, options)
      frontend.#ownsMemory = true
      if (reconnect) frontend.#session.reconnectBy(new Reconnector(path, program, made))
      return frontend
    } catch (error) {
      link?.close()
      made?.close()
      throw error
    }
  }

  /** Of scanout 0, as is all of the drawing below. */
  get mode(): Mode {
    return this.#scanouts[0]!.mode!
  }

  /** True while a backend shows this frontend. */
  get connected(): boolean {
    return this.#session.connected
  }

  /** Somebody watches, as far as the backend has said. */
  get watched(): boolean {
    return this.#watched
  }

  get closed(): boolean {
    return this.#closed
  }

  /**
   * The pixels of all scanouts, for stores of one's own, by the mapping that a tracker in this process arms: such a one sees
   * them. In another process than the backend's they are to be told, by update() or markPages().
   * @throws ClosedError after close()
   */
  get pixels(): Uint8Array {
    this.#queue.checkOpen()
    const { memory, layout } = this.#memory
    return new Uint8Array(memory.buffer, layout.pixelsOffset, layout.pixelsBytes)
  }

  /** @param number 0 to 3 @throws InvalidArgumentError */
  scanout(number: number): FrontendScanout {
    this.#queue.checkOpen()
    const found = this.#scanouts[number]
    if (found) return found
    throw new InvalidArgumentError(`scanout: expected 0 to ${maxScanouts - 1}, received ${number}`)
  }

  setMode(options: ModeOptions): void {
    this.scanout(0).setMode(options)
  }

  pan(offsetBytes: number): void {
    this.scanout(0).pan(offsetBytes)
  }

  blank(level: number): void {
    this.scanout(0).blank(level)
  }

  fill(rect: Rect, colour: number, rop?: 'copy' | 'xor'): void {
    this.scanout(0).fill(rect, colour, rop)
  }

  copy(rect: Rect, fromX: number, fromY: number): void {
    this.scanout(0).copy(rect, fromX, fromY)
  }

  blit(rect: Rect, image: GlyphImage | ColourImage, fromX?: number, fromY?: number): void {
    this.scanout(0).blit(rect, image, fromX, fromY)
  }

  update(rect: Rect): void {
    this.scanout(0).update(rect)
  }

  setColours(first: number, colours: ArrayLike<number>): void {
    this.scanout(0).setColours(first, colours)
  }

  setCursor(image: CursorImage | undefined, x?: number, y?: number): void {
    this.scanout(0).setCursor(image, x, y)
  }

  moveCursor(x: number, y: number): void {
    this.scanout(0).moveCursor(x, y)
  }

  /**
   * Says that these pages of the pixels were stored to, and are out of reach again.
   * @throws InvalidArgumentError where there are no such pages
   */
  markPages(firstPage: number, pageCount: number): void {
    this.#queue.checkOpen()
    const { memory, layout } = this.#memory
    const pages = pixelPages(layout)
    const valid =
      Number.isInteger(firstPage) && Number.isInteger(pageCount) && firstPage >= 0 && pageCount >= 0
    if (!valid || firstPage + pageCount > pages) {
      throw new InvalidArgumentError(
        `pages: expected some of ${pages}, received ${pageCount} from ${firstPage} on`,
      )
    }
    binding.markBitmap(memory, layout.bitmapOffset, pages, firstPage, pageCount)
    if (!this.#answering) this.#sayDirty(0)
  }

  /** Rings the terminal's bell, where the viewers have one. */
  bell(): void {
    this.#queue.checkOpen()
    this.#queue.say({ type: 'bell', scanout: 0 })
  }

  /** Tells the backend at once what else would be told at the end of the current turn. */
  flush(): void {
    this.#queue.flush()
  }

  /** Goes on with this backend, on the same memory. */
  attach(link: Link): void {
    this.#queue.checkOpen()
    this.#session.attach(link)
  }

  /** Idempotent. What was drawn stays in device memory. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#repetition)
    this.#session.close()
    this.#queue.close()
    if (this.#ownsMemory) this.#memory.memory.close()
    this.emit('close')
    this.removeAllListeners()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #setFirstMode({ width, height, format }: FrontendOptions): void {
    const screen = this.#scanouts[0]!
    if (screen.mode && width === undefined && height === undefined && format === undefined) return
    const suggested = readStore(this.#memory.memory, 'backend') ?? new Map()
    screen.setMode({
      width: width ?? (storeNumber(suggested, 'width') || defaultSize.width),
      height: height ?? (storeNumber(suggested, 'height') || defaultSize.height),
      ...(format && { format }),
    })
  }

  /** Writes what a backend reads at its start, and says what no table has. */
  #start(): void {
    for (const scanout of this.#scanouts) scanout.write()
    this.#repeat()
  }

  #event(event: InEvent): void {
    switch (event.type) {
      case 'refreshPeriod':
        this.#watched = event.ms > 0
        this.#queue.setQuiet(event.ms === 0)
        if (event.ms > 0) this.#repeat()
        this.emit('refreshPeriod', event.ms)
        break
      case 'dirty':
        this.#answering = true
        this.emit('dirtyWanted', event.serial)
        this.#answering = false
        if (!this.#closed) this.#sayDirty(event.serial)
        break
      case 'mode':
        this.emit('modeWanted', { width: event.width, height: event.height })
    }
  }

  #keyboard(event: KeyboardEvent): void {
    switch (event.type) {
      case 'key': {
        const { keycode, pressed } = event
        if (pressed) this.#keysDown.add(keycode)
        else this.#keysDown.delete(keycode)
        this.emit('key', { keycode, pressed })
        break
      }
      case 'motion':
        this.emit('motion', { relX: event.relX, relY: event.relY, relZ: event.relZ })
        break
      case 'pos':
        this.emit('position', { absX: event.absX, absY: event.absY, relZ: event.relZ })
        break
      case 'mtouch':
        this.emit('touch', event)
    }
  }

  #sayDirty(serial: number): void {
    if (!this.#queue.say({ type: 'dirty', serial })) this.#queue.allDirty()
  }

  /** What the tables do not have. */
  #repeat(): void {
    for (const scanout of this.#scanouts) scanout.repeat()
  }

  #repeatLater(): void {
    this.#repetition ??= setTimeout(() => {
      this.#repetition = undefined
      this.#repeat()
    }, repeatMs).unref()
  }

  #connected(connected: boolean): void {
    this.emit('backend', connected)
    if (connected) return
    // The next backend knows of no key that is down, and would not let go of it.
    for (const keycode of this.#keysDown) this.emit('key', { keycode, pressed: false })
    this.#keysDown.clear()
  }
}
