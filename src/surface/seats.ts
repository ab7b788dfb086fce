import type { PictureOp, PictureOpName } from '../damage/picture-op.js'
import type { Region } from '../geometry/region.js'
import type { Mode } from './mode.js'
import type { Seat } from './seat.js'
import type { Frame, Sink } from './sink.js'

/** All sinks of a surface, each in its seat. */
export class Seats {
  /** Replaced when a sink comes or goes, never changed: a frame may be walking along it. */
  #list: readonly Seat[] = []

  enter(seat: Seat): void {
    this.#list = [...this.#list, seat]
  }

  leave(seat: Seat): void {
    this.#list = this.#list.filter((other) => other !== seat)
  }

  get wantFrames(): boolean {
    for (const seat of this.#list) if (seat.wantsFrames) return true
    return false
  }

  /** A sink has not shown everything yet. */
  get owe(): boolean {
    for (const seat of this.#list) if (seat.pending || seat.busy) return true
    return false
  }

  /** No sink is here; one that wants no frame just now counts. */
  get isEmpty(): boolean {
    return this.#list.length === 0
  }

  /** A sink takes such ops. */
  take(op: PictureOpName): boolean {
    for (const seat of this.#list) if (seat.takes(op)) return true
    return false
  }

  add(damage: Region): void {
    for (const seat of this.#list) seat.add(damage)
  }

  addOp(op: PictureOp): void {
    for (const seat of this.#list) seat.addOp(op)
  }

  /** All that was shown is void. */
  startOver(mode: Mode, by: object | undefined): void {
    for (const seat of this.#list) {
      seat.reset()
      seat.sink.modeChanged?.(mode, by)
    }
  }

  tell(news: (sink: Sink) => void): void {
    for (const { sink } of this.#list) news(sink)
  }

  /** @param frame asked for once, if any seat is to be presented */
  present(frame: () => Omit<Frame, 'damage' | 'ops'>): void {
    let made: ReturnType<typeof frame> | undefined
    for (const seat of this.#list) {
      if (!seat.canPresent) continue
      made ??= frame()
      seat.present(made)
    }
  }

  /** The surface was closed. */
  close(): void {
    const seats = this.#list
    for (const seat of seats) seat.close()
    for (const { sink } of seats) sink.surfaceClosed?.()
  }
}
