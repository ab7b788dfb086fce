import type { Surface } from '../../src/surface/surface.js'
import { skipReason, TrackedMemory } from './tracked-memory.js'
import { until } from './wait.js'

/** Why a still surface has to be polled here; false where its next store is told. For the `skip` of node:test. */
export function tripwireSkipReason(): string | false {
  const reason = skipReason('wp-async')
  if (reason) return reason
  const device = new TrackedMemory('wp-async', 1, 1, { adaptive: true })
  const { whyPolled } = device.tracker.status()
  device.close()
  return whyPolled !== '' && `no idle tripwire here: ${whyPolled}`
}

/** Longer than a clock ever waits from one tick to the next. */
const standingMs = 100

/** Waits until all of a watched surface's mappings are still, and its clock stands. */
export async function resting(surface: Surface, mappings: number): Promise<void> {
  let ticks = -1
  let since = 0
  await until(
    () => {
      const { stats } = surface
      if (stats.ticks !== ticks || stats.tracking.still !== mappings) {
        ticks = stats.ticks
        since = performance.now()
      }
      return performance.now() - since > standingMs || undefined
    },
    () => `it does not rest: ${JSON.stringify(surface.stats)}`,
  )
}
