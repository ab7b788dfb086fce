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

/** Waits until all of a watched surface's mappings are still, and its clock stands. */
export async function resting(surface: Surface, mappings: number): Promise<void> {
  let ticks = -1
  await until(
    () => {
      const before = ticks
      ticks = surface.stats.ticks
      return (surface.stats.tracking.still === mappings && before === ticks) || undefined
    },
    () => `it does not rest: ${JSON.stringify(surface.stats)}`,
  )
}
