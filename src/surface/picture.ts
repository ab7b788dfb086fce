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
import { panAsCopy } from './pan.js'
import type { Seats } from './seats.js'
import { ToldDrawing, type ToldOp } from './told-drawing.js'

/** What a surface shows: stores and ops become what the seats owe, each in its turn, and what listeners are to be told. */
export class Picture {
  readonly #seats: Seats
  readonly #source: DamageSource
  readonly #canvas: Canvas
  readonly #toldDrawing: ToldDrawing
  #mode: Mode
  /** Where in memory the picture begins that the shadow has: a pan is followed when stores are taken. */
  #shadowOffset: number
  /** Sinks see black, whatever changes. */
  #blank = false
  /** What the seats know of, and the listeners do not yet; and what those were told last. */
  #changed = new Region(maxPendingRects)
  #told = new Region(maxPendingRects)

  constructor(memory: DeviceMemory, tracker: Tracker, shadow: Uint8Array, mode: Mode, seats: Seats) {
    this.#seats = seats
    this.#mode = mode
    this.#shadowOffset = mode.offsetBytes
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

  /** The shadow: the picture from its first pixel on. */
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
    this.#move(mode)
    this.#shadowOffset = mode.offsetBytes
    this.#changed.clear()
  }

  /**
   * Another part of memory is shown, in the same mode. All that is shown there counts as dirty, and the shadow keeps the
   * old picture until stores are taken: what differs then is damage. So it does not matter when, where and how often the
   * guest stored before, between and after, nor what was drawn by an op, which changes the shadow as it does the sinks'
   * pictures; and panning to and fro in a frame costs one comparison.
   */
  pan(mode: Mode): void {
    this.#move(mode)
  }

  /** The same pixels look different. */
  repaint(): void {
    this.#addDamage(Region.of(this.bounds))
  }

  /** Black for all, or the picture again. */
  setBlank(blank: boolean): void {
    // Black comes after what was drawn, the picture before what will be.
    if (blank) this.#addOp({ op: 'fill', rect: this.bounds, colour: 0, rop: 'copy' })
    this.#blank = blank
    if (!blank) this.repaint()
  }

  /** The pages under a rect inside of the surface. */
  markDirty(part: Rect): void {
    this.#source.markDirty(part)
  }

  /**
   * As Surface.tell().
   * @returns true where it is the first that the next frame is told of
   */
  tell(op: ToldOp): boolean {
    const wasEmpty = this.#toldDrawing.isEmpty
    this.#toldDrawing.add(op, this.#clipTarget)
    return wasEmpty
  }

  /**
   * The shadow and the seats have all stores until now, and all drawing that was told. Pixels are read last: after the
   * dirty pages were taken, and after the ops were.
   */
  takeStores(): void {
    this.#scroll()
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

  #move(mode: Mode): void {
    this.#mode = mode
    this.#source.setMode(mode)
    this.#canvas.setMode(mode)
    // All will be compared.
    this.#toldDrawing.clear()
  }

  /** What is in view before and after a pan is moved in the shadow, and by the sinks: it need not be sent again. */
  #scroll(): void {
    if (this.#shadowOffset === this.#mode.offsetBytes) return
    const copy = panAsCopy(this.#mode, this.#shadowOffset)
    this.#shadowOffset = this.#mode.offsetBytes
    if (!copy) return
    this.#canvas.repeat(copy)
    this.#addOp(copy)
  }

  #addOp(op: PictureOp): void {
    if (this.#blank) return
    this.#seats.addOp(op)
    this.#changed.addRect(op.rect)
  }

  #addDamage(damage: Region): void {
    if (this.#blank) return
    this.#seats.add(damage)
    this.#changed.add(damage)
  }
}
