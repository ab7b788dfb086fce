/**
 * One trial: a writer and a surface go through a workload in lockstep, for a while, in a process of their own. What it gives
 * is told a frame; bench/README.md tells the method.
 */
import { coalesce, type Region, Surface } from '../../src/index.js'
import { binding } from '../../src/native/load.js'
import { Control } from './control.js'
import { type Frame, pagesWritten } from './frame.js'
import { HandlerThreads } from './handler-threads.js'
import { native } from './native.js'
import { rectPixels } from './rect-cost.js'
import type { Size } from './size.js'
import { median } from './statistics.js'
import { none, surfaceTracker } from './trackers.js'
import { findWorkload, startFrame } from './workloads.js'
import { startWriter, type Writer } from './writer.js'
import type { WriterKind } from './writer-kind.js'

export interface TrialSpec {
  readonly kind: 'cost'
  readonly workload: string
  readonly size: Size
  readonly writer: WriterKind
  /** A mechanism, 'adaptive' or 'none'. */
  readonly tracker: string
  /** How long to measure; a few cycles are measured however long they take. */
  readonly budgetMs: number
}

/** Means a frame, but `losses`. */
export interface Exactness {
  readonly pagesWritten: number
  readonly pagesReported: number
  readonly pixelsChanged: number
  /** After refinement. */
  readonly pixelsReported: number
  /** After coalescing. */
  readonly rects: number
  /** Pages in which the shadow differs from the memory at the end: must be 0. */
  readonly losses: number
}

export interface TrialResult {
  readonly frames: number
  /** Nanoseconds a frame: medians over the cycles of a workload. On a processor, but `writerWallNs`. */
  readonly trackerNs: number
  readonly writerNs: number
  readonly writerWallNs: number
  /** Not of a trial without a tracker. */
  readonly exactness?: Exactness
  /** Why there is no result: the kernel refused a store, or the tracker fell back to comparing. */
  readonly unable?: string
}

/** Fewer cycles are measured only where they take longer than so many times the budget. */
const leastCycles = 3
const patience = 4
/** Nanoseconds of all its frames. */
type Cycle = Pick<TrialResult, 'trackerNs' | 'writerNs' | 'writerWallNs'>

class UnableError extends Error {}

/** The adaptive policy has decided by then; what it costs to find out is no part of a steady frame. */
const leastWarmUpFrames = 32

/** What reading the clock twice costs. */
function clockNs(): number {
  const times = Array.from({ length: 2001 }, () => {
    const start = native.threadCpuNs()
    return native.threadCpuNs() - start
  })
  return median(times)
}

class Trial {
  readonly #spec: TrialSpec
  readonly #frames: readonly Frame[]
  readonly #control: Control
  readonly #surface: Surface
  readonly #writer: Writer
  readonly #handlers: HandlerThreads
  readonly #isTracked: boolean
  readonly #clockNs = clockNs()
  #number = 1

  static async start(spec: TrialSpec): Promise<Trial> {
    const { width, height } = spec.size
    const workload = findWorkload(spec.workload)
    const frames = workload.frames(spec.size)
    const control = new Control([...frames, startFrame(workload, spec.size)], spec.size)
    const handlers = new HandlerThreads()
    const surface = await Surface.create({ width, height, tracker: surfaceTracker(spec.tracker) })
    const writer = await startWriter(spec.writer, control, surface)
    return new Trial(spec, frames, control, surface, writer, handlers)
  }

  private constructor(
    spec: TrialSpec,
    frames: readonly Frame[],
    control: Control,
    surface: Surface,
    writer: Writer,
    handlers: HandlerThreads,
  ) {
    this.#spec = spec
    this.#frames = frames
    this.#control = control
    this.#surface = surface
    this.#writer = writer
    this.#handlers = handlers
    this.#isTracked = spec.tracker !== none
  }

  measure(): TrialResult {
    const { budgetMs } = this.#spec
    this.#draw(this.#frames.length)
    this.#warmUp(budgetMs / 3)
    this.#handlers.find()
    const cycles = this.#run(budgetMs)
    const frame = (of: (cycle: Cycle) => number) =>
      median(cycles.map((cycle) => of(cycle) / this.#frames.length))
    return {
      frames: cycles.length * this.#frames.length,
      trackerNs: frame(({ trackerNs }) => trackerNs),
      writerNs: frame(({ writerNs }) => writerNs),
      writerWallNs: frame(({ writerWallNs }) => writerWallNs),
      ...(this.#isTracked && { exactness: this.#exactness(), ...this.#fallback() }),
    }
  }

  #draw(index: number): void {
    this.#control.set(index, this.#number++)
    this.#writer.draw()
    if (this.#control.error !== 0) {
      throw new UnableError(`a store of the writer failed with errno ${this.#control.error}`)
    }
  }

  /** Whatever is compiled, populated or learnt on the way, is then. */
  #warmUp(budgetMs: number): void {
    const end = performance.now() + budgetMs
    let drawn = 0
    const isCold = () => drawn < leastWarmUpFrames || performance.now() < end
    while (isCold()) {
      for (let i = 0; i < this.#frames.length && isCold(); i++) {
        this.#draw(i)
        if (this.#isTracked) this.#surface.harvest()
        drawn++
      }
    }
  }

  /** For the budget, or for a few cycles where those are slow; one cycle at least. */
  #run(budgetMs: number): Cycle[] {
    const cycles: Cycle[] = []
    const start = performance.now()
    for (let spentMs = 0; ; spentMs = performance.now() - start) {
      const enough = cycles.length >= leastCycles || spentMs > patience * budgetMs
      if (cycles.length > 0 && spentMs > budgetMs && enough) return cycles
      cycles.push(this.#cycle())
    }
  }

  #cycle(): Cycle {
    let trackerNs = -this.#handlers.cpuNs()
    let writerNs = 0
    let writerWallNs = 0
    for (let i = 0; i < this.#frames.length; i++) {
      this.#draw(i)
      writerNs += this.#control.cpuNs
      writerWallNs += this.#control.wallNs
      if (!this.#isTracked) continue
      const start = native.threadCpuNs()
      this.#surface.harvest()
      trackerNs += native.threadCpuNs() - start - this.#clockNs
    }
    return { trackerNs: trackerNs + this.#handlers.cpuNs(), writerNs, writerWallNs }
  }

  /** One more cycle, or the first frames of a slow one, in which all is counted. */
  #exactness(): Exactness {
    const surface = this.#surface
    surface.harvest()
    const now = new Uint8Array(native.mapForReading(surface.memoryDescriptor))
    const before = Uint8Array.from(now)
    const end = performance.now() + patience * this.#spec.budgetMs
    const sums = { pagesWritten: 0, pixelsChanged: 0, pixelsReported: 0, rects: 0 }
    const count = (damage: Region) => {
      sums.pixelsReported += damage.area
      sums.rects += coalesce(damage, { rectPixels }).length
    }
    const pages = surface.stats.pages
    surface.on('damage', count)
    let frames = 0
    do {
      this.#draw(frames)
      surface.harvest()
      sums.pagesWritten += pagesWritten(this.#frames[frames]!, this.#spec.size, binding.pageSize)
      sums.pixelsChanged += native.takeChanges(now, before).pixels
      frames++
    } while (frames < this.#frames.length && performance.now() < end)
    surface.off('damage', count)
    return {
      pagesWritten: sums.pagesWritten / frames,
      pagesReported: (surface.stats.pages - pages) / frames,
      pixelsChanged: sums.pixelsChanged / frames,
      pixelsReported: sums.pixelsReported / frames,
      rects: sums.rects / frames,
      losses: lostPages(now, surface),
    }
  }

  /** Why the tracker is not what was asked for. */
  #fallback(): Pick<TrialResult, 'unable'> {
    const { lastError } = this.#surface.stats.tracking
    return lastError === '' ? {} : { unable: `the tracker fell back to comparing: ${lastError}` }
  }

  async close(): Promise<void> {
    await this.#surface.close()
    await this.#writer.close()
    this.#control.close()
  }
}

/** After one more harvest the shadow has to equal the memory. */
function lostPages(now: Uint8Array, surface: Surface): number {
  return native.takeChanges(now, Uint8Array.from(surface.snapshot().pixels)).pages
}

export async function runTrial(spec: TrialSpec): Promise<TrialResult> {
  const trial = await Trial.start(spec)
  try {
    return trial.measure()
  } catch (error) {
    if (!(error instanceof UnableError)) throw error
    return { frames: 0, trackerNs: 0, writerNs: 0, writerWallNs: 0, unable: error.message }
  } finally {
    await trial.close()
  }
}
