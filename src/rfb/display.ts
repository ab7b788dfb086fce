import type { Surface } from '../surface/surface.js'

/** What a server needs of a surface. */
export type Display = Pick<
  Surface,
  'name' | 'mode' | 'bounds' | 'cursor' | 'pointer' | 'attach' | 'input' | 'requestMode'
>
