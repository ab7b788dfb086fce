import { maxPendingRects } from '../damage/pending.js'
import type { PictureOp } from '../damage/picture-op.js'
import { type ClipTarget, clipOp } from '../draw/clip.js'
import type { DrawOp } from '../draw/op.js'
import { type Rect, rect } from '../geometry/rect.js'
import { Region } from '../geometry/region.js'
import type { DeviceMemory, Tracker } from '../native/binding.js'
import { Canvas } from './canvas.js'
import { DamageSource } from './damage-source.js'
import type { Mode } from './mode.js'
import type { Seats } from './seats.js'
import { ToldDrawing, type ToldOp } from './told-drawing.js'

/** What a surface shows: stores and ops become what the seats owe, each in its turn, and what listeners are to be told. */
export class Picture {
  readonly #seats: Seats
  readonly #source: DamageSource
  readonly #canvas: Canvas
  readonly #toldDrawing: ToldDrawing
  #mode: Mode
  /** What the seats know of, and the listeners do not yet; and what those were told last. */
  #changed = new Region(maxPendingRects)
  #told = new Region(maxPendingRects)

  constructor(memory: DeviceMemory, tracker: Tracker, shadow: Uint8Array, mode: Mode, seats: Seats) {
    this.#seats = seats
    this.#mode = mode
    this.#source = new DamageSource(memory, tracker, shadow, mode)
    this.#canvas = new Canvas(memory, this.#source, mode)
    this.#toldDrawing = new ToldDrawing({
      takes: (op) => seats.take(op),
      repeat: (op) => {
        this.#canvas.repeat(op)
        this.#addOp(op)
      },
    })
  }

  /** The shadow from the first visible pixel on. */
  get pixels(): Uint8Array {
    return this.#source.pixels
  }

  /** Dirty pages that the tracker told of so far. */
  get pages(): number {
    return this.#source.pages
  }

  get bounds(): Rect {
    return rect(0, 0, this.#mode.width, this.#mode.height)
  }

  get #clipTarget(): ClipTarget {
    return { bounds: this.bounds, bytesPerPixel: this.#mode.format.bytesPerPixel }
  }

  /** All that was shown is void, and what changed with it. */
  setMode(mode: Mode): void {
    this.#mode = mode
    this.#source.setMode(mode)
    this.#canvas.setMode(mode)
    this.#toldDrawing.clear()
    this.#changed.clear()
  }

  /** The pages under a rect inside of the surface. */
  markDirty(part: Rect): void {
    this.#source.markDirty(part)
  }

  /** As Surface.tell(). */
  tell(op: ToldOp): void {
    this.#toldDrawing.add(op, this.#clipTarget)
  }

  /**
   * The shadow and the seats have all stores until now, and all drawing that was told. Pixels are read last: after the
   * dirty pages were taken, and after the ops were.
   */
  takeStores(): void {
    const told = this.#toldDrawing.finish()
    const damage = this.#source.take()
    if (damage) this.#addDamage(damage)
    const differs = this.#source.refineRegion(told)
    if (differs) this.#addDamage(differs)
    this.#toldDrawing.clear()
  }

  /**
   * As Surface.draw().
   * @returns true where listeners have something to be told again
   */
  draw(op: DrawOp): boolean {
    const clipped = clipOp(op, this.#clipTarget)
    if (!clipped) return false
    const wasQuiet = this.#changed.isEmpty
    // It is done on the shadow, which must have what it copies. Other ops ask for nothing that was there before.
    if (clipped.op === 'copy') this.takeStores()
    const drawn = this.#canvas.draw(clipped)
    if ('op' in drawn) {
      this.#addOp(drawn.op)
    } else if (drawn.damage) {
      this.#addDamage(drawn.damage)
    }
    return wasQuiet && !this.#changed.isEmpty
  }

  /** @returns what changed since the last call, valid until the next; undefined if nothing did */
  takeChanged(): Region | undefined {
    if (this.#changed.isEmpty) return undefined
    this.#told.clear()
    ;[this.#changed, this.#told] = [this.#told, this.#changed]
    return this.#told
  }

  #addOp(op: PictureOp): void {
    this.#seats.addOp(op)
    this.#changed.addRect(op.rect)
  }

  #addDamage(damage: Region): void {
    this.#seats.add(damage)
    this.#changed.add(damage)
  }
}
