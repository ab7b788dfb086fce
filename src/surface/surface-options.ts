import { InvalidArgumentError } from '../errors.js'
import type { DeviceMemory } from '../native/binding.js'
import { type Mode, type ModeOptions, modeBytes } from './mode.js'
import type { TrackerName } from './tracker-choice.js'

export interface SurfaceOptions extends ModeOptions {
  /** For people: window titles, messages. Default: 'umfb'. */
  name?: string
  /** Default: 'auto', the best that works here. */
  tracker?: TrackerName
  /** Most frames a second. Default: 60. */
  fps?: number
  /** Device memory, for modes larger than the first one: pages that nobody touches take no memory. Default: what the mode takes. */
  capacityBytes?: number
  /**
   * Device memory that is there already; the mode's offsetBytes says where in it the picture is, and capacityBytes is its
   * size. The surface tracks this mapping: another surface on the same memory needs another one. Whoever made it closes it,
   * after the surface.
   */
  memory?: DeviceMemory
}

const maxCapacityBytes = 2 ** 31
const maxFps = 1000

/** @throws InvalidArgumentError for a value out of range */
export function checkOptions(mode: Mode, fps: number, capacityBytes: number): void {
  if (!(fps >= 1 && fps <= maxFps)) {
    throw new InvalidArgumentError(`fps: expected 1 to ${maxFps}, received ${fps}`)
  }
  if (!(capacityBytes >= mode.offsetBytes + modeBytes(mode) && capacityBytes <= maxCapacityBytes)) {
    throw new InvalidArgumentError(
      `capacityBytes: expected from ${mode.offsetBytes + modeBytes(mode)} (the mode) to ${maxCapacityBytes}, received ${capacityBytes}`,
    )
  }
}
