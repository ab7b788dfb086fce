import type { TextScreen } from '../../src/console/text-screen.js'
import type { DrawOp, GlyphImage } from '../../src/draw/op.js'
import type { Rect } from '../../src/geometry/rect.js'
import type { Surface } from '../../src/surface/surface.js'

/** A screen for a text console that draws on a plain surface, and remembers what was drawn. */
export class SurfaceScreen implements TextScreen {
  readonly surface: Surface
  /** Since they were last taken away. */
  ops: DrawOp[] = []
  flushes = 0

  constructor(surface: Surface) {
    this.surface = surface
  }

  get mode() {
    return this.surface.mode
  }

  fill(rect: Rect, colour: number): void {
    this.#draw({ op: 'fill', rect, colour })
  }

  copy(rect: Rect, fromX: number, fromY: number): void {
    this.#draw({ op: 'copy', rect, fromX, fromY })
  }

  blit(rect: Rect, image: GlyphImage): void {
    this.#draw({ op: 'blit', rect, image })
  }

  setColours(first: number, colours: ArrayLike<number>): void {
    const palette = Uint8Array.from(this.surface.palette)
    for (const [i, rgb] of Array.from(colours).entries()) {
      palette.set([rgb >>> 16, (rgb >>> 8) & 255, rgb & 255], (first + i) * 3)
    }
    this.surface.setPalette(palette)
  }

  flush(): void {
    this.flushes++
  }

  /** All pixels, as they are in device memory. */
  pixels(): Uint8Array {
    return this.surface.snapshot().pixels.slice(0, this.mode.strideBytes * this.mode.height)
  }

  #draw(op: DrawOp): void {
    this.surface.draw(op)
    this.ops.push(op)
  }
}
