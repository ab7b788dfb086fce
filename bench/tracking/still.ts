/**
 * What a surface costs that is hardly stored to, by its own clock: where it rests between two stores, nothing is harvested,
 * and a frame is not what to count by. A guest in another process, a watcher, and so many seconds.
 */
import { setTimeout } from 'node:timers/promises'
import { Surface } from '../../src/index.js'
import { Control } from './control.js'
import { HandlerThreads } from './handler-threads.js'
import { native } from './native.js'
import { RemoteWriter } from './remote-writer.js'
import type { Size } from './size.js'
import { surfaceTracker } from './trackers.js'
import { findWorkload } from './workloads.js'

export const stillStates = ['silent', 'blinking'] as const
export type StillState = (typeof stillStates)[number]

export interface StillSpec {
  readonly kind: 'still'
  readonly size: Size
  /** A mechanism, or 'adaptive': what a surface takes by itself. */
  readonly tracker: string
  readonly state: StillState
  readonly seconds: number
}

export interface StillResult {
  /** Microseconds on a processor in a second: the host's threads, and the writer's for its stores. */
  readonly usASecond: number
  /** Why there are none. */
  readonly unable?: string
}

/** As a terminal's cursor. */
const blinkMs = 500
/** Until a surface has come to rest, and everything is compiled. */
const settlingMs = 1500

export async function runStill({ size, tracker, state, seconds }: StillSpec): Promise<StillResult> {
  const { width, height } = size
  const handlers = new HandlerThreads()
  const control = new Control(findWorkload('pokes-0.001%').frames(size), size)
  const surface = await Surface.create({ width, height, tracker: surfaceTracker(tracker) })
  const writer = await RemoteWriter.start(control, surface)
  let blinks = 0
  let writerNs = 0
  /** Both states have the same timers, which cost something themselves. */
  const pass = async (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += blinkMs) {
      if (state === 'blinking') {
        control.set(++blinks % control.frameCount, blinks)
        writer.draw()
        writerNs += control.cpuNs
      }
      await setTimeout(blinkMs)
    }
  }
  try {
    // A watcher: without one the clock stands still.
    surface.on('damage', () => {})
    await pass(settlingMs)
    handlers.find()
    writerNs = 0
    const startNs = native.threadCpuNs() + handlers.cpuNs()
    await pass(seconds * 1000)
    const hostNs = native.threadCpuNs() + handlers.cpuNs() - startNs
    return { usASecond: (hostNs + writerNs) / 1000 / seconds }
  } finally {
    await surface.close()
    await writer.close()
    control.close()
  }
}
