import { ClosedError } from '../errors.js'
import { boundingBox, type Rect } from '../geometry/rect.js'
import type { RingProducer } from '../native/binding.js'
import { binding } from '../native/load.js'
import { BlitHeap } from './blit-heap.js'
import type { BlitEvent, CopyEvent, FillEvent, OutEvent, UpdateEvent } from './events.js'
import { decodeOut, encodeOut } from './events.js'
import { eventBytes, framebufferPage } from './layout.js'
import type { Link } from './link.js'
import type { LaidOutMemory } from './memory.js'
import { PeerWords } from './peer.js'

/** What was drawn. */
export type DrawnEvent = UpdateEvent | FillEvent | CopyEvent | BlitEvent

const { slots, cons } = framebufferPage.out

/** Most events that wait for a flush: as many as the ring holds. One more, and the newer half becomes updates. */
export const maxQueuedEvents = slots
const keptEvents = maxQueuedEvents >> 1

/**
 * What the frontend tells. Events gather until the current turn has ended, or flush() is called, and are posted by one
 * call then. What is told is what the backend asked for; what it did not ask for, it is told as an update, and where it
 * does not ask for those, "all is dirty".
 *
 * Nothing here waits. Events that find no room are dropped: all is dirty then.
 */
export class OutQueue {
  readonly heap: BlitHeap
  /** Events were dropped: who has told something else than pixels may want to say it again. */
  onDropped: () => void = () => undefined
  readonly #memory: LaidOutMemory
  readonly #own: PeerWords
  readonly #producer: RingProducer
  readonly #events = new Uint8Array(maxQueuedEvents * eventBytes)
  readonly #view = new DataView(this.#events.buffer)
  #count = 0
  #link: Link | undefined
  #wanted: ReadonlySet<OutEvent['type']> = new Set()
  #quiet = false
  #flushing = false
  #closed = false

  constructor(memory: LaidOutMemory) {
    const { heapOffset, heapBytes, framebufferOffset } = memory.layout
    this.#memory = memory
    this.#own = new PeerWords(memory.memory, 'frontend')
    this.#producer = new binding.RingProducer(memory.memory, framebufferOffset, framebufferPage.out)
    this.heap = new BlitHeap(new Uint8Array(memory.memory.untracked, heapOffset, heapBytes))
  }

  /** @throws ClosedError after close() */
  checkOpen(): void {
    if (this.#closed) throw new ClosedError('the frontend was closed')
  }

  /** Nothing is told any more. */
  close(): void {
    this.connect(undefined)
    this.#closed = true
  }

  /** Whether anybody is told anything of pixels. */
  get tells(): boolean {
    return this.#link !== undefined && !this.#quiet
  }

  wants(type: OutEvent['type']): boolean {
    return this.#wanted.has(type)
  }

  /** The way to a backend, from whose point of view all is dirty; undefined: there is none. */
  connect(link: Link | undefined): void {
    this.#link = link
    this.#wanted = new Set()
    this.#quiet = false
    this.#count = 0
    this.heap.commit(this.#producer.index())
  }

  /** What that backend takes. */
  setWanted(types: Iterable<OutEvent['type']>): void {
    this.#wanted = new Set(types)
  }

  /** Nobody watches: nothing is told of pixels until somebody does again, to whom all is dirty. */
  setQuiet(quiet: boolean): void {
    const woken = this.#quiet && !quiet
    this.#quiet = quiet
    if (woken) this.allDirty()
  }

  /** Something was drawn. */
  drawn(event: DrawnEvent): void {
    if (!this.tells) return
    if (this.#wanted.has(event.type)) this.#push(event)
    else this.#updated(event.scanout, event.rect)
  }

  /**
   * Something else has changed than pixels, or was asked for.
   * @returns false where nobody wants to know of it
   */
  say(event: Exclude<OutEvent, DrawnEvent>): boolean {
    if (!this.#link || !this.#wanted.has(event.type)) return false
    if (!this.#quiet || isSaidInQuiet(event)) this.#push(event)
    return true
  }

  /** All pixels may have changed, and whatever else is in the tables of device memory. */
  allDirty(): void {
    if (this.tells) this.#markAllDirty()
  }

  /** Room in the blit heap for an image. @returns undefined where there is none now */
  allocate(sizeBytes: number): number | undefined {
    return this.heap.allocate(sizeBytes) ?? (this.#reclaim() ? this.heap.allocate(sizeBytes) : undefined)
  }

  /** Posts what waits. */
  flush(): void {
    const count = this.#count
    this.#count = 0
    const link = this.#link
    if (count === 0 || !link) return
    const posted = this.#producer.post(this.#events, count)
    this.heap.commit(this.#producer.index())
    this.#reclaim()
    if (this.#producer.takeBell()) link.ring()
    if (posted < count) this.#dropped(count - posted)
  }

  /** @returns false where the backend's index cannot be */
  #reclaim(): boolean {
    const { framebufferOffset } = this.#memory.layout
    const next = this.#producer.index()
    const waiting = (next - binding.loadWord(this.#memory.memory, framebufferOffset + cons)) >>> 0
    if (waiting > slots) return false
    this.heap.reclaim(next, waiting)
    return true
  }

  #markAllDirty(): void {
    // Whoever changed the word from 0 rings; it is not 0 until the backend has looked.
    if (this.#own.exchange('allDirty', 1) === 0) this.#link?.ring()
  }

  #dropped(count: number): void {
    this.#own.store('dropped', this.#own.load('dropped') + count)
    this.#markAllDirty()
    this.onDropped()
  }

  #updated(scanout: number, rect: Rect): void {
    if (this.#wanted.has('update')) this.#push({ type: 'update', scanout, rect })
    else this.allDirty()
  }

  #push(event: OutEvent): void {
    if (this.#count === maxQueuedEvents) this.#simplify()
    encodeOut(this.#view, this.#count++ * eventBytes, event)
    if (this.#flushing) return
    this.#flushing = true
    queueMicrotask(this.#flushAtEnd)
  }

  readonly #flushAtEnd = () => {
    this.#flushing = false
    this.flush()
  }

  /**
   * The newer events become one update a scanout, and of what else they say the last word counts. They are all of the
   * newer ones: an update may stand for an op only where it stands for all that follow, which may have copied from it.
   */
  #simplify(): void {
    const updates = new Map<number, Rect>()
    const others = new Map<string, OutEvent>()
    for (let i = keptEvents; i < this.#count; i++) {
      const event = decodeOut(this.#view, i * eventBytes)!
      if ('rect' in event) {
        const box = updates.get(event.scanout)
        updates.set(event.scanout, box ? boundingBox(box, event.rect) : event.rect)
      } else {
        others.set(subjectOf(event), event)
      }
    }
    this.#count = keptEvents
    for (const event of others.values()) encodeOut(this.#view, this.#count++ * eventBytes, event)
    for (const [scanout, rect] of updates) this.#updated(scanout, rect)
  }
}

/** Modes, their colours, and answers: a picture may be taken though nobody watches. */
function isSaidInQuiet(event: Exclude<OutEvent, DrawnEvent>): boolean {
  return (
    ['resize', 'scanout', 'colours'].includes(event.type) || (event.type === 'dirty' && event.serial !== 0)
  )
}

/** Of two events with the same subject the later one counts. What is asked for and what is not are two. */
function subjectOf(event: Exclude<OutEvent, DrawnEvent>): string {
  return event.type === 'dirty' ? `dirty ${event.serial !== 0}` : `${event.type} ${event.scanout}`
}
