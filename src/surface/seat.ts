import { PendingDamage } from '../damage/pending.js'
import type { PictureOp, PictureOpName } from '../damage/picture-op.js'
import { intersection, isEmpty, type Rect } from '../geometry/rect.js'
import type { Region } from '../geometry/region.js'
import type { Attachment, Demand, Frame, RectCost, Sink } from './sink.js'

/** What a seat needs of its surface. */
export interface SeatHost {
  /** The whole surface. */
  readonly bounds: Rect
  /** The seat wants a frame, or wants none any more. */
  seatChanged(): void
  wake(): void
  leave(seat: Seat): void
}

/** For a sink that names no cost: what a rect's header and its set-up cost an ordinary encoder. */
const defaultCost: RectCost = { rectPixels: 64 }

/** A present that failed is tried again after 2^failures of these, at most `maxRetryMs`. */
const retryMs = 8
const maxRetryMs = 1000

/** One sink at one surface: its pending damage, and at most one present under way. */
export class Seat implements Attachment {
  readonly sink: Sink
  readonly #host: SeatHost
  readonly #demand: Demand
  readonly #damage = new PendingDamage()
  #gateOpen: boolean
  #presenting: AbortController | undefined
  #failures = 0
  #retryAtMs = 0
  #closed = false
  /** The sink has something to say beside damage. */
  #news = false

  constructor(sink: Sink, demand: Demand, host: SeatHost) {
    this.sink = sink
    this.#demand = demand
    this.#host = host
    this.#gateOpen = demand === 'push'
  }

  get pending(): boolean {
    return this.#news || !this.#damage.isEmpty
  }

  /** A present is under way. */
  get busy(): boolean {
    return this.#presenting !== undefined
  }

  /** True while a frame would be presented: the surface's clock runs as long as one seat says so. */
  get wantsFrames(): boolean {
    return this.#gateOpen && !this.#presenting
  }

  request(full?: Rect): void {
    if (this.#closed) return
    if (full) this.#lose(full)
    this.#gateOpen = true
    this.#host.seatChanged()
    this.#host.wake()
  }

  news(): void {
    if (this.#closed) return
    this.#news = true
    this.#host.wake()
  }

  add(region: Region): void {
    this.#damage.add(region)
  }

  /** The surface has done an op, which the sink is to repeat if it can. */
  addOp(op: PictureOp): void {
    if (this.takes(op.op)) this.#damage.addOp(op)
    else this.#damage.addRect(op.rect)
  }

  /** A viewer's rect is not to be trusted: only what lies inside of the surface counts. */
  #lose(rect: Rect): void {
    const inside = intersection(rect, this.#host.bounds)
    if (!isEmpty(inside)) this.#damage.lose(inside)
  }

  /** Asked each time: a sink may change its mind. */
  takes(op: PictureOpName): boolean {
    return this.sink.takesOps?.includes(op) ?? false
  }

  /** All of the surface and nothing else: the sink is new, or the surface's size or its meaning changed. */
  reset(): void {
    this.#damage.clip(this.#host.bounds)
    this.#damage.addRect(this.#host.bounds)
  }

  /** True if damage is pending, the sink is free, and it asked for a frame. */
  get canPresent(): boolean {
    return this.wantsFrames && this.pending && (this.#failures === 0 || performance.now() >= this.#retryAtMs)
  }

  /** Only if canPresent. */
  present(frame: Omit<Frame, 'damage' | 'ops'>): void {
    const controller = new AbortController()
    this.#presenting = controller
    this.#gateOpen = this.#demand === 'push'
    const hadNews = this.#news
    this.#news = false
    if (!this.#damage.ops.every(({ op }) => this.takes(op))) this.#damage.demoteOps()
    const changes = this.#damage.take(this.sink.cost ?? defaultCost)
    let done: void | Promise<void>
    try {
      done = this.sink.present({ ...frame, ...changes }, controller.signal)
    } catch (error) {
      this.#settle(controller, hadNews, error)
      return
    }
    if (done) {
      done.then(
        () => this.#settle(controller, hadNews, controller.signal.reason),
        (error: unknown) =>
          this.#settle(controller, hadNews, error ?? new Error('rejected without a reason')),
      )
    } else {
      this.#settle(controller, hadNews, undefined)
    }
  }

  /** Invariant: what was taken is either shown, or pending again before the seat wants another frame. */
  #settle(controller: AbortController, hadNews: boolean, error: unknown): void {
    if (this.#presenting !== controller) return
    this.#presenting = undefined
    if (error === undefined) {
      this.#damage.shown()
      this.#failures = 0
    } else {
      this.#damage.giveBack()
      this.#news ||= hadNews
      this.#gateOpen = true
      this.#failures++
      this.#retryAtMs = performance.now() + Math.min(retryMs * 2 ** this.#failures, maxRetryMs)
      this.sink.presentFailed?.(error)
    }
    if (this.#closed) return
    this.#host.seatChanged()
    if (this.pending && this.wantsFrames) this.#host.wake()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#gateOpen = false
    this.#presenting?.abort(new Error('the sink was detached'))
    this.#host.leave(this)
  }
}
