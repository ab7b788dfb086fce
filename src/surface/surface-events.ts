import type { Region } from '../geometry/region.js'
import type { InputEvent } from '../input/event.js'
import type { Mode } from './mode.js'
import type { ModeWish } from './mode-wishes.js'

export interface SurfaceEvents {
  /** What changed in this frame; at least one pixel. The region is valid until the listener returns. */
  damage: [region: Region]
  /** The mode changed: all that was shown is void. */
  mode: [mode: Mode]
  /** The window moved over device memory: only `offsetBytes` is another one. */
  pan: [mode: Mode]
  /**
   * A viewer would like another size: for whoever speaks for the guest, who answers by setMode(), or not. Without a
   * listener viewers hear that sizes are not theirs to set.
   */
  modeWanted: [wish: ModeWish]
  /** The guest rang. */
  bell: []
  /** From a sink's viewer to the guest; each batch ends with SYN_REPORT. */
  input: [events: readonly InputEvent[]]
  /** The first watcher came, or the last one left: see Surface.watched. */
  watched: [watched: boolean]
  close: []
  /** Node's own (events, 'newListener'). */
  newListener: [event: string | symbol]
  removeListener: [event: string | symbol]
}
