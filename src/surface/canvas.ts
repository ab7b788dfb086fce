import type { PictureOp } from '../damage/picture-op.js'
import type { ClippedOp } from '../draw/clip.js'
import { copyPart, type DrawablePicture, drawBlit, drawCopy, drawFill } from '../draw/draw.js'
import type { Region } from '../geometry/region.js'
import type { DeviceMemory } from '../native/binding.js'
import type { DamageSource } from './damage-source.js'
import type { Mode } from './mode.js'

/** What an op did: an op that sinks may repeat, or the pixels that changed. */
export type Drawn =
  | { readonly op: PictureOp }
  /** The region is valid until the source's next one; undefined where nothing changed. */
  | { readonly damage: Region | undefined }

/**
 * Does 2D ops on device memory and on the shadow, so that the tracker has nothing to tell of them.
 *
 * The tracker's promise is: where a pixel differs from its shadow, its page is dirty, or will be when the store that
 * made it differ is seen. Ops keep it without a dirty page of their own. They store by a mapping that no tracker arms,
 * and leave the same bytes in memory and shadow, in one of two ways:
 *
 * - Fill and copy are done on the shadow, and their result is stored in memory. What a guest stores meanwhile either is
 *   overwritten, or comes after and has its dirty page. Nothing of it gets into the shadow, so that a sink that repeats
 *   the op gets the same picture. A copy must find in the shadow what was stored before it: see Surface.draw().
 * - Exclusive-or and blit are done in memory, and refined from there: what the guest stores meanwhile is part of the
 *   damage, as in any frame.
 *
 * What a guest tells of it has drawn in memory already; ToldDrawing has the argument for those ops.
 */
export class Canvas {
  readonly #memory: DeviceMemory
  readonly #source: DamageSource
  #shadow!: DrawablePicture
  #live: DrawablePicture | undefined
  #offsetBytes!: number

  constructor(memory: DeviceMemory, source: DamageSource, mode: Mode) {
    this.#memory = memory
    this.#source = source
    this.setMode(mode)
  }

  setMode({ offsetBytes, strideBytes, format: { bytesPerPixel } }: Mode): void {
    this.#offsetBytes = offsetBytes
    this.#shadow = { pixels: this.#source.pixels, strideBytes, bytesPerPixel }
    this.#live = undefined
  }

  draw(op: ClippedOp): Drawn {
    const live = this.#livePicture()
    switch (op.op) {
      case 'copy':
        drawCopy(this.#shadow, op)
        copyPart(this.#shadow, live, op.rect)
        return { op }
      case 'blit':
        drawBlit(live, op)
        return { damage: this.#source.refine(op.rect) }
      case 'fill': {
        const { rop } = op
        drawFill(live, op)
        if (rop === 'xor') return { damage: this.#source.refine(op.rect) }
        drawFill(this.#shadow, op)
        return { op: { ...op, rop } }
      }
    }
  }

  /** An op that memory has already, on the shadow alone: somebody else did it there (see ToldDrawing), or the picture moved. */
  repeat(op: PictureOp): void {
    if (op.op === 'copy') drawCopy(this.#shadow, op)
    else drawFill(this.#shadow, op)
  }

  /** Mapped when it is first drawn to. */
  #livePicture(): DrawablePicture {
    const { strideBytes, bytesPerPixel } = this.#shadow
    this.#live ??= {
      pixels: new Uint8Array(this.#memory.untracked, this.#offsetBytes),
      strideBytes,
      bytesPerPixel,
    }
    return this.#live
  }
}
