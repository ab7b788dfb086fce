import { maxRectsPerRun, type PageLayout, rectToRuns, runsToRects } from '../damage/page-map.js'
import { maxPendingRects } from '../damage/pending.js'
import type { Rect } from '../geometry/rect.js'
import { Region } from '../geometry/region.js'
import type { DeviceMemory, Tracker } from '../native/binding.js'
import { binding } from '../native/load.js'
import type { Mode } from './mode.js'

/** 1: every run of changed pixels is told apart, so that coalescing finds rects that cannot be shrunk. */
const joinGapPixels = 1
/**
 * Most rects that one refinement gives. Beyond, it joins over gaps and merges rects near each other (see
 * Binding.refine): a screen full of new text costs a tenth more pixels, and coalescing stays near a millisecond.
 */
const maxRefinedRects = 1024

/**
 * From dirty pages to changed pixels. The order is the design: harvest() takes the dirty pages and re-arms them, and only
 * then does refine() read the pixels, each byte once, into the shadow. A store after the re-arm is the next frame's.
 * Allocates nothing a frame.
 */
export class DamageSource {
  readonly #memory: DeviceMemory
  readonly #tracker: Tracker
  readonly #shadow: Uint8Array
  readonly #runs: Uint32Array
  readonly #candidates: Int32Array
  readonly #refined = new Int32Array(maxRefinedRects * 4)
  readonly #damage = new Region(maxPendingRects)
  #pages = 0
  #layout!: PageLayout
  #live!: Uint8Array

  constructor(memory: DeviceMemory, tracker: Tracker, shadow: Uint8Array, mode: Mode) {
    this.#memory = memory
    this.#tracker = tracker
    this.#shadow = shadow
    const mostRuns = Math.ceil(memory.sizeBytes / binding.pageSize / 2)
    this.#runs = new Uint32Array(mostRuns * 2)
    this.#candidates = new Int32Array(mostRuns * maxRectsPerRun * 4)
    this.setMode(mode)
  }

  /** The shadow: the picture from its first pixel on, wherever in memory that is. */
  get pixels(): Uint8Array {
    return this.#shadow
  }

  /** Dirty pages taken so far. */
  get pages(): number {
    return this.#pages
  }

  setMode(mode: Mode): void {
    const { width, height, strideBytes, offsetBytes, format } = mode
    const { bytesPerPixel } = format
    this.#layout = { width, height, strideBytes, offsetBytes, bytesPerPixel, pageSize: binding.pageSize }
    this.#live = new Uint8Array(this.#memory.view, offsetBytes)
    this.#tracker.setPicture(offsetBytes, strideBytes, width * bytesPerPixel, height)
  }

  /** @returns what changed since the last call, valid until the next; undefined if nothing did */
  take(): Region | undefined {
    const runCount = this.#tracker.harvest(this.#runs)
    if (runCount === 0) return undefined
    for (let i = 0; i < runCount; i++) this.#pages += this.#runs[2 * i + 1]!
    const candidateCount = runsToRects(this.#runs, runCount, this.#layout, this.#candidates)
    return this.#refine(this.#candidates, candidateCount)
  }

  /**
   * What differs from the shadow inside of a rect, whatever the tracker says.
   * @param rect inside of the surface
   * @returns as of take()
   */
  refine({ x1, y1, x2, y2 }: Rect): Region | undefined {
    this.#candidates[0] = x1
    this.#candidates[1] = y1
    this.#candidates[2] = x2
    this.#candidates[3] = y2
    return this.#refine(this.#candidates, 1)
  }

  /** The same in a region inside of the surface. */
  refineRegion(part: Region): Region | undefined {
    return part.isEmpty ? undefined : this.#refine(part.flat, part.rectCount)
  }

  /** The candidates, compared and copied into the shadow. */
  #refine(candidates: Int32Array, candidateCount: number): Region | undefined {
    const refinedCount = binding.refine(
      this.#live,
      this.#shadow,
      this.#layout.strideBytes,
      this.#layout.bytesPerPixel,
      joinGapPixels,
      candidates,
      candidateCount,
      this.#refined,
    )
    if (refinedCount === 0) return undefined
    this.#damage.setRects(this.#refined, refinedCount)
    return this.#damage
  }

  /** The pages under a rect inside of the surface, as pairs in `runs`. */
  markDirty(rect: Rect): void {
    const runCount = rectToRuns(rect, this.#layout, this.#runs)
    for (let i = 0; i < runCount; i++) this.#tracker.markDirty(this.#runs[2 * i], this.#runs[2 * i + 1])
  }
}
