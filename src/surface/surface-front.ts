import { EventEmitter } from 'node:events'
import { ClosedError } from '../errors.js'
import type { Palette } from '../pixels/format.js'
import { Appearance, type BlankLevel } from './appearance.js'
import type { CursorShape } from './cursor.js'
import type { Mode } from './mode.js'
import { type ModeAnswer, ModeWishes, type ModeWishOptions } from './mode-wishes.js'
import { Seats } from './seats.js'
import type { SurfaceEvents } from './surface-events.js'

/** What guest and viewers say to each other by a surface beside its pixels: the pointer, the bell, sizes to be wished for. */
export abstract class SurfaceFront extends EventEmitter<SurfaceEvents> {
  abstract readonly name: string
  abstract readonly capacityBytes: number
  abstract get mode(): Mode
  abstract get closed(): boolean
  protected readonly seats = new Seats()
  protected readonly appearance = new Appearance()
  protected readonly wishes = new ModeWishes({
    mode: () => this.mode,
    capacityBytes: () => this.capacityBytes,
    tell: (wish) => this.emit('modeWanted', wish),
  })
  #watched = false

  /** A sink is attached, or somebody listens for damage. */
  get watched(): boolean {
    return this.#watched
  }

  /** 256 colours, for an indexed format. */
  get palette(): Palette {
    return this.appearance.palette
  }

  get blankLevel(): BlankLevel {
    return this.appearance.blankLevel
  }

  /** undefined: the guest has not said, and viewers show their own. */
  get cursor(): CursorShape | undefined {
    return this.appearance.cursor
  }

  /** Where the guest has the pointer, as moveCursor() said; undefined: it has not. */
  get pointer(): { readonly x: number; readonly y: number } | undefined {
    return this.appearance.pointer
  }

  /**
   * Asks whoever speaks for the guest for another size, on behalf of a viewer. Only the newest wish counts.
   * @throws InvalidArgumentError for a size that no mode can have
   * @returns what came of it; rejects with the signal's reason once that aborts
   */
  async requestMode(
    size: { readonly width: number; readonly height: number },
    options?: ModeWishOptions,
  ): Promise<ModeAnswer> {
    this.checkOpen()
    return this.wishes.request(size, options)
  }

  /**
   * The pointer's shape, which viewers draw over the picture. It is in no pixel of the surface, so in no snapshot.
   * @param shape copied; undefined: the guest shows none
   * @throws InvalidArgumentError
   */
  setCursor(shape: CursorShape | undefined): void {
    this.checkOpen()
    this.appearance.setCursor(shape)
    this.seats.tell((sink) => sink.cursorChanged?.())
  }

  /** The guest has moved the pointer by itself. It may lie outside of the picture. @throws InvalidArgumentError */
  moveCursor(x: number, y: number): void {
    this.checkOpen()
    this.appearance.movePointer(x, y)
    this.seats.tell((sink) => sink.cursorChanged?.())
  }

  /** The guest rings: so do viewers that can. */
  bell(): void {
    this.checkOpen()
    this.emit('bell')
    this.seats.tell((sink) => sink.bell?.())
  }

  protected setWatched(watched: boolean): void {
    if (this.#watched === watched) return
    this.#watched = watched
    this.emit('watched', watched)
  }

  /** @throws ClosedError */
  protected checkOpen(): void {
    if (this.closed) throw new ClosedError(`the surface ${this.name} was closed`)
  }
}
