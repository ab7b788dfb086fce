import type { TestContext } from 'node:test'
import type { PixelFormatName } from '../../src/pixels/format.js'
import { Backend, type BackendOptions } from '../../src/ring/backend.js'
import { LocalLink } from '../../src/ring/link.js'
import { createDeviceMemory } from '../../src/ring/memory.js'
import type { ScanoutState } from '../../src/ring/scanout-table.js'
import { createMode } from '../../src/surface/mode.js'
import { Surface } from '../../src/surface/surface.js'
import { RawFrontend } from './raw-frontend.js'

export interface RingSceneOptions {
  width?: number
  height?: number
  format?: PixelFormatName
  pixelsBytes?: number
  features?: BackendOptions['features']
}

/** A surface over device memory, the backend of its rings, and a frontend that has not connected yet. */
export interface RingScene {
  readonly surface: Surface
  readonly backend: Backend
  readonly frontend: RawFrontend
  /** Scanout 0 as it is at first. */
  readonly state: ScanoutState
}

export async function ringScene(t: TestContext, options: RingSceneOptions = {}): Promise<RingScene> {
  const { width = 64, height = 48, format = 'xrgb8888', pixelsBytes = 1 << 20, features } = options
  const device = createDeviceMemory({ pixelsBytes, heapBytes: 1 << 16 })
  const surface = await Surface.create({
    width,
    height,
    format,
    offsetBytes: device.layout.pixelsOffset,
    memory: device.memory,
    fps: 1,
  })
  const [near, far] = LocalLink.pair()
  const backend = new Backend({ device, surface, link: near, ...(features && { features }) })
  const frontend = new RawFrontend(device.memory.fd, far)
  t.after(async () => {
    backend.close()
    frontend.close()
    await surface.close()
    device.memory.close()
  })
  const mode = createMode({ width, height, format })
  return { surface, backend, frontend, state: { mode, blank: 0, x: 0, y: 0 } }
}

/** Bells have been heard; no timer has had its turn. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve()
}
