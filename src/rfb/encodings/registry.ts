import type { Encoding } from './encoding.js'
import { raw } from './raw.js'
import { zrle } from './zrle.js'

/** In our order of preference. Raw is last: it is always allowed, and costs the most bytes. */
export const registry: readonly Encoding[] = [zrle, raw]

/** The best encoding for a viewer that lists these. */
export function chooseEncoding(listed: readonly number[]): Encoding {
  return registry.find(({ id }) => listed.includes(id)) ?? raw
}
