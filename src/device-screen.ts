import { once } from 'node:events'
import { frameBufferBytes } from './guests/screen.js'
import { Backend } from './ring/backend.js'
import { Frontend } from './ring/frontend.js'
import { type Link, LocalLink } from './ring/link.js'
import { createDeviceMemory, type LaidOutMemory } from './ring/memory.js'
import { readScanout } from './ring/scanout-table.js'
import { createMode, type ModeOptions, modeBytes } from './surface/mode.js'
import { Surface } from './surface/surface.js'
import type { SurfaceOptions } from './surface/surface-options.js'

/** Device memory and the way to the frontend that draws in it (docs/protocol.md). */
export interface Rings {
  /** Taken over: closed with the screen. */
  readonly memory: LaidOutMemory
  readonly link: Link
}

export interface ScreenOptions extends SurfaceOptions {
  /** Who draws is told of by rings. The mode is the frontend's, once it says one. */
  rings?: Rings
  /** Default: false. True: a frontend in this process draws, and tells. */
  frontend?: boolean
}

/** A surface, and what belongs to it. */
export interface Screen {
  readonly surface: Surface
  /** The backend's end of the rings, where there are some. */
  readonly backend?: Backend
  readonly frontend?: Frontend
  /** Idempotent. */
  close(): Promise<void>
}

/** A viewer's window may grow to 4096 × 4096 pixels of 4 bytes, or as many. */
const usualCapacityBytes = 4096 * 4096 * 4

/**
 * Pixels of a device whose owner named no number. They cannot become more later, and what no mode has shown and nobody has
 * touched is a hole that takes no memory.
 */
export function defaultCapacity(options: ModeOptions): number {
  const mode = createMode(options)
  return Math.max(mode.offsetBytes + modeBytes(mode), frameBufferBytes(mode), usualCapacityBytes)
}

/** @throws as Surface.create() */
export async function openScreen(options: ScreenOptions): Promise<Screen> {
  const { rings, frontend = false, ...plain } = options
  if (rings) return openRings(rings, plain)
  if (frontend) return openFrontend(plain)
  const surface = await Surface.create({ capacityBytes: defaultCapacity(plain), ...plain })
  return { surface, close: () => surface.close() }
}

/** A frontend in this process, with memory that both share. */
async function openFrontend(options: SurfaceOptions): Promise<Screen> {
  const memory = createDeviceMemory({ pixelsBytes: options.capacityBytes ?? defaultCapacity(options) })
  const [near, far] = LocalLink.pair()
  const screen = await openRings({ memory, link: near }, options)
  try {
    const { width, height, format = 'xrgb8888' } = options
    const frontend = new Frontend(memory, far, { width, height, format })
    if (!frontend.connected) await once(frontend, 'backend')
    const close = async () => {
      await frontend.close()
      await screen.close()
    }
    return { ...screen, frontend, close }
  } catch (error) {
    await screen.close()
    throw error
  }
}

async function openRings({ memory: device, link }: Rings, options: SurfaceOptions): Promise<Screen> {
  const { memory } = device
  const { name = 'umfb', tracker = 'auto', fps = 60 } = options
  try {
    const surface = await Surface.create({ ...firstMode(device, options), name, tracker, fps, memory })
    const backend = new Backend({ device, surface, link, surfaces: { tracker, fps } })
    const close = async () => {
      backend.close()
      await surface.close()
      memory.close()
    }
    return { surface, backend, close }
  } catch (error) {
    memory.close()
    throw error
  }
}

/** What the frontend shows already, or what was asked for, until the frontend says what it shows. */
function firstMode(device: LaidOutMemory, { width, height, format = 'xrgb8888' }: ModeOptions): ModeOptions {
  const { pixelsOffset, pixelsBytes } = device.layout
  const shown = readScanout(device, 0)?.mode
  if (shown) {
    return { ...shown, format: shown.format.name, offsetBytes: pixelsOffset + shown.offsetBytes }
  }
  const wanted = { width, height, format, offsetBytes: pixelsOffset }
  // Memory that is too small for it is the frontend's own, which will say something else.
  return modeBytes(createMode(wanted)) <= pixelsBytes ? wanted : { ...wanted, width: 1, height: 1 }
}
