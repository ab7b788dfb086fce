/**
 * From a guest's store to the 'damage' event of a real surface: one store at a moment of its own, then silence. Awake: while
 * the surface's clock ticks at its full rate; idle: after a rest, when it has backed off or sleeps.
 */
import { once } from 'node:events'
import { Surface } from '../../src/index.js'
import { Control } from './control.js'
import { RemoteWriter } from './remote-writer.js'
import type { Size } from './size.js'
import { surfaceTracker } from './trackers.js'
import { findWorkload } from './workloads.js'

export interface LatencySpec {
  readonly kind: 'latency'
  readonly size: Size
  /** A mechanism, or 'adaptive': what a surface takes by itself. */
  readonly tracker: string
  readonly state: LatencyState
  readonly samples: number
}

export const latencyStates = ['awake', 'idle'] as const
export type LatencyState = (typeof latencyStates)[number]

export interface LatencyResult {
  /** Milliseconds, one for each store, in no order. */
  readonly latenciesMs: readonly number[]
  /** Why there are none. */
  readonly unable?: string
}

/** Before a store: shorter than the pause after which a clock backs off, or longer than all of its backing off. */
const restUs = { awake: 25_000, idle: 1_500_000 } as const
/** Added at random, so that stores come at any moment of a tick: several ticks, awake and idle. */
const restSpreadUs = { awake: 50_000, idle: 200_000 } as const
/** Idle surfaces that rest at the same time. */
const idleSurfaces = 8

/** A store that is not seen for so long is lost. */
const patienceMs = 10_000

class LatencyDevice {
  readonly #surface: Surface
  readonly #control: Control
  readonly #writer: RemoteWriter
  #number = 1

  static async open({ tracker, size }: LatencySpec): Promise<LatencyDevice> {
    const { width, height } = size
    const control = new Control(findWorkload('pokes-0.001%').frames(size), size)
    const surface = await Surface.create({ width, height, tracker: surfaceTracker(tracker) })
    return new LatencyDevice(surface, control, await RemoteWriter.start(control, surface))
  }

  private constructor(surface: Surface, control: Control, writer: RemoteWriter) {
    this.#surface = surface
    this.#control = control
    this.#writer = writer
    // A watcher, as long as the device is there: without one the clock stands still.
    surface.on('damage', () => {})
    surface.harvest()
  }

  /** One store after the rest. @returns milliseconds to the damage that it made */
  async sample(state: LatencyState): Promise<number> {
    const delayUs = restUs[state] + Math.floor(Math.random() * restSpreadUs[state])
    const number = this.#number++
    this.#control.set(number % this.#control.frameCount, number, delayUs)
    // Neither the surface's clock nor the writer holds the process: the timer does.
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(), patienceMs)
    const damaged = once(this.#surface, 'damage', { signal: patience.signal })
    this.#writer.post()
    await damaged.finally(() => clearTimeout(timer))
    const seenNs = process.hrtime.bigint()
    this.#writer.awaitDrawn()
    return Number(seenNs - this.#control.startedNs) / 1e6
  }

  async close(): Promise<void> {
    await this.#surface.close()
    await this.#writer.close()
    this.#control.close()
  }
}

export async function runLatency(spec: LatencySpec): Promise<LatencyResult> {
  const { state, samples } = spec
  const devices: LatencyDevice[] = []
  try {
    const count = state === 'idle' ? Math.min(idleSurfaces, samples) : 1
    for (let i = 0; i < count; i++) devices.push(await LatencyDevice.open(spec))
    // The first store pages in all that is needed: not counted.
    await Promise.all(devices.map((device) => device.sample('awake')))
    const latenciesMs: number[] = []
    while (latenciesMs.length < samples) {
      latenciesMs.push(...(await Promise.all(devices.map((device) => device.sample(state)))))
    }
    return { latenciesMs }
  } finally {
    for (const device of devices) await device.close()
  }
}
