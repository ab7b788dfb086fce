/**
 * One trial: a writer and a tracker go through a workload in lockstep, for a while, in a process of their own. What it
 * gives is told a frame; bench/README.md tells the method.
 */
import { coalesce } from '../../src/index.js'
import { binding } from '../../src/native/load.js'
import { Control } from './control.js'
import { type Frame, pagesWritten } from './frame.js'
import { HandlerThreads } from './handler-threads.js'
import { native } from './native.js'
import { type Size, sizeBytes } from './size.js'
import { median } from './statistics.js'
import { Subject } from './subject.js'
import { none } from './trackers.js'
import { findWorkload, startFrame } from './workloads.js'
import { startWriter, type Writer, type WriterKind } from './writer.js'

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
  /** Why there is no result: the kernel refused a store with EFAULT, or the tracker fell back to comparing. */
  readonly unable?: string
}

/** Fewer cycles are measured only where they take longer than so many times the budget. */
const leastCycles = 3
const patience = 4
/** What one more rect costs an RFB viewer: the default of a sink. */
const rectPixels = 64

/** Nanoseconds of all its frames. */
type Cycle = Pick<TrialResult, 'trackerNs' | 'writerNs' | 'writerWallNs'>

class UnableError extends Error {}

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
  readonly #memory
  readonly #writer: Writer
  readonly #subject: Subject | undefined
  readonly #handlers: HandlerThreads
  readonly #clockNs = clockNs()
  #number = 1

  static async start(spec: TrialSpec): Promise<Trial> {
    const workload = findWorkload(spec.workload)
    const frames = workload.frames(spec.size)
    const control = new Control([...frames, startFrame(workload, spec.size)], spec.size)
    const memory = new binding.DeviceMemory(sizeBytes(spec.size))
    const handlers = new HandlerThreads()
    const subject = spec.tracker === none ? undefined : new Subject(spec.tracker, memory, spec.size)
    const mechanism = subject?.tracker.mechanism ?? none
    const writer = await startWriter(spec.writer, control, memory, spec.size, mechanism)
    if (subject) writer.attach(subject.tracker)
    const trial = new Trial(spec, frames, control, memory, writer, subject, handlers)
    trial.#draw(frames.length)
    subject?.take()
    return trial
  }

  private constructor(
    spec: TrialSpec,
    frames: readonly Frame[],
    control: Control,
    memory: InstanceType<typeof binding.DeviceMemory>,
    writer: Writer,
    subject: Subject | undefined,
    handlers: HandlerThreads,
  ) {
    this.#spec = spec
    this.#frames = frames
    this.#control = control
    this.#memory = memory
    this.#writer = writer
    this.#subject = subject
    this.#handlers = handlers
  }

  #draw(index: number): void {
    this.#control.set(index, this.#number++)
    this.#writer.draw()
    if (this.#control.error !== 0) {
      throw new UnableError(`a store of the writer failed with errno ${this.#control.error}`)
    }
  }

  /** @returns nanoseconds of the cycle */
  #cycle(): Cycle {
    let trackerNs = -this.#handlers.cpuNs()
    let writerNs = 0
    let writerWallNs = 0
    for (let i = 0; i < this.#frames.length; i++) {
      this.#draw(i)
      writerNs += this.#control.cpuNs
      writerWallNs += this.#control.wallNs
      if (!this.#subject) continue
      const start = native.threadCpuNs()
      this.#subject.take()
      trackerNs += native.threadCpuNs() - start - this.#clockNs
    }
    return { trackerNs: trackerNs + this.#handlers.cpuNs(), writerNs, writerWallNs }
  }

  measure(): TrialResult {
    const { budgetMs } = this.#spec
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
      ...(this.#subject && { exactness: this.#exactness(this.#subject) }),
    }
  }

  /** Whatever is compiled, populated or learnt on the way, is then. */
  #warmUp(budgetMs: number): void {
    const end = performance.now() + budgetMs
    do {
      for (let i = 0; i < this.#frames.length && (i === 0 || performance.now() < end); i++) {
        this.#draw(i)
        this.#subject?.take()
      }
    } while (performance.now() < end)
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

  /** One more cycle, or the first frames of a slow one, in which all is counted. */
  #exactness(subject: Subject): Exactness {
    const now = new Uint8Array(this.#memory.buffer)
    subject.take()
    const before = Uint8Array.from(now)
    subject.tracker.counting = true
    const end = performance.now() + patience * this.#spec.budgetMs
    const sums = { pagesWritten: 0, pixelsChanged: 0, pixelsReported: 0, rects: 0 }
    let count = 0
    do {
      this.#draw(count)
      const damage = subject.take()
      sums.pagesWritten += pagesWritten(this.#frames[count]!, this.#spec.size, binding.pageSize)
      sums.pixelsChanged += native.takeChanges(now, before).pixels
      sums.pixelsReported += damage?.area ?? 0
      sums.rects += damage ? coalesce(damage, { rectPixels }).length : 0
      count++
    } while (count < this.#frames.length && performance.now() < end)
    return {
      pagesWritten: sums.pagesWritten / count,
      pagesReported: subject.tracker.pages / count,
      pixelsChanged: sums.pixelsChanged / count,
      pixelsReported: sums.pixelsReported / count,
      rects: sums.rects / count,
      losses: native.takeChanges(now, subject.shadow).pages,
    }
  }

  /** Why the tracker is not what was asked for. */
  get fallback(): string {
    const status = this.#subject?.tracker.status()
    return status && status.lastError !== '' ? `the tracker fell back to comparing: ${status.lastError}` : ''
  }

  async close(): Promise<void> {
    this.#subject?.close()
    await this.#writer.close()
    this.#control.close()
    this.#memory.close()
  }
}

export async function runTrial(spec: TrialSpec): Promise<TrialResult> {
  const trial = await Trial.start(spec)
  try {
    const result = trial.measure()
    return trial.fallback === '' ? result : { ...result, unable: trial.fallback }
  } catch (error) {
    if (!(error instanceof UnableError)) throw error
    return { frames: 0, trackerNs: 0, writerNs: 0, writerWallNs: 0, unable: error.message }
  } finally {
    await trial.close()
  }
}
