import { createRequire } from 'node:module'
import { AddonError } from '../errors.js'
import type { Binding } from './binding.js'

/** UMFB_ADDON: the path of another build, such as the one with sanitizers. */
const addonPath = process.env.UMFB_ADDON ?? '../../../build/Release/umfb.node'

function load(): Binding {
  try {
    return createRequire(import.meta.url)(addonPath) as Binding
  } catch (cause) {
    throw new AddonError(
      `the native addon cannot be loaded: ${(cause as Error).message}. Build it with "npm run build:native".`,
      { cause },
    )
  }
}

export const binding: Binding = load()
