/** The native loops over pixels, for the sinks, which do not touch the addon. See src/native/binding.ts. */
import { binding } from '../native/load.js'

export type { PixelKernel } from '../native/binding.js'

export const { convert, encodeZrle } = binding
