import { binding } from '../native/load.js'
import { type Palette, paletteBytes } from '../pixels/format.js'
import type { Mode } from '../surface/mode.js'
import { Surface } from '../surface/surface.js'
import type { SurfaceOptions } from '../surface/surface-options.js'
import { maxScanouts } from './layout.js'
import type { LaidOutMemory } from './memory.js'
import { coloursOf, readScanout, type ScanoutState } from './scanout-table.js'

/** One screen of the device. */
export interface Scanout {
  readonly index: number
  readonly surface: Surface
  /** What the table said when it could be shown last; undefined: it never did. */
  state: ScanoutState | undefined
}

export interface ScanoutsHost {
  opened(scanout: Scanout): void
  closed(scanout: Scanout): void
}

/** What every further scanout's surface is made with. */
export type SurfaceChoices = Pick<SurfaceOptions, 'tracker' | 'fps'>

/** The table of scanouts as surfaces over one memory. The first one is there from the beginning, and never goes. */
export class Scanouts {
  readonly #device: LaidOutMemory
  readonly #host: ScanoutsHost
  readonly #choices: SurfaceChoices
  readonly #list: (Scanout | undefined)[] = new Array(maxScanouts).fill(undefined)
  readonly #opening = new Set<number>()
  #closed = false

  /** @param first over the same memory; stays its owner's */
  constructor(device: LaidOutMemory, first: Surface, choices: SurfaceChoices, host: ScanoutsHost) {
    this.#device = device
    this.#host = host
    this.#choices = choices
    this.#list[0] = { index: 0, surface: first, state: undefined }
  }

  get first(): Scanout {
    return this.#list[0]!
  }

  /** Those that are shown, the first one always. */
  get all(): readonly Scanout[] {
    return this.#list.filter((scanout) => scanout !== undefined)
  }

  at(index: number): Scanout | undefined {
    return this.#list[index]
  }

  /** The frontend has written this entry of the table. What cannot be shown counts as "not there". */
  read(index: number): void {
    const scanout = this.#list[index]
    const state = readScanout(this.#device, index)
    if (scanout && state) this.#change(scanout, state)
    else if (scanout && index > 0) void this.#close(scanout)
    else if (state && !scanout) void this.#open(index, state)
  }

  /** Nothing is shown any more but by the first one. */
  closeFurther(): void {
    for (const scanout of this.#list.slice(1)) if (scanout) void this.#close(scanout)
  }

  /** The frontend has written its colours. */
  readColours(index: number): void {
    const scanout = this.#list[index]
    if (!scanout) return
    const palette: Palette = new Uint8Array(paletteBytes)
    for (const [i, colour] of coloursOf(this.#device, index).slice().entries()) {
      palette.set([colour >>> 16, colour >>> 8, colour], 3 * i)
    }
    scanout.surface.setPalette(palette)
  }

  /** Idempotent. The first surface is its owner's to close. */
  close(): void {
    this.#closed = true
    this.closeFurther()
  }

  #change(scanout: Scanout, state: ScanoutState): void {
    const { surface } = scanout
    const mode = this.#inMemory(state.mode)
    scanout.state = state
    // Only another offset is a pan, of which sinks are shown what differs.
    if (!sameMode(surface.mode, mode)) surface.setMode({ ...mode, format: mode.format.name })
    // Who hears of a mode may close the surface.
    if (!surface.closed) surface.blank(state.blank)
  }

  /** The table counts from the first pixel, a surface from the first byte of its memory. */
  #inMemory(mode: Mode): Mode {
    return { ...mode, offsetBytes: mode.offsetBytes + this.#device.layout.pixelsOffset }
  }

  async #open(index: number, state: ScanoutState): Promise<void> {
    if (this.#opening.has(index) || this.#closed) return
    this.#opening.add(index)
    const surface = await this.#create(index, this.#inMemory(state.mode)).catch(() => undefined)
    this.#opening.delete(index)
    // The system has no room for it: the frontend's other scanouts are shown, and this one when it is told again.
    if (!surface) return
    if (this.#closed) {
      await surface.close()
      return
    }
    const scanout: Scanout = { index, surface, state }
    this.#list[index] = scanout
    // Its device may close it, too.
    surface.once('close', () => this.#leave(scanout))
    this.#host.opened(scanout)
    // What was written meanwhile.
    this.read(index)
  }

  async #create(index: number, mode: Mode): Promise<Surface> {
    const memory = new binding.DeviceMemory(undefined, this.#device.memory.fd)
    try {
      const surface = await Surface.create({
        ...this.#choices,
        ...mode,
        format: mode.format.name,
        name: `${this.first.surface.name}-s${index}`,
        memory,
      })
      surface.once('close', () => memory.close())
      return surface
    } catch (error) {
      memory.close()
      throw error
    }
  }

  async #close(scanout: Scanout): Promise<void> {
    this.#leave(scanout)
    await scanout.surface.close()
  }

  #leave(scanout: Scanout): void {
    if (this.#list[scanout.index] !== scanout) return
    this.#list[scanout.index] = undefined
    this.#host.closed(scanout)
  }
}

function sameMode(a: Mode, b: Mode): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.strideBytes === b.strideBytes &&
    a.offsetBytes === b.offsetBytes &&
    a.format === b.format
  )
}
