import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { events, outTypes } from '../../src/ring/layout.js'
import { DeviceProcess } from './device-process.js'
import { allFeatures, FakeBackend, type FakeBackendOptions } from './fake-backend.js'

/** Of the device that connectDevice() opens. */
export const [width, height] = [61, 23]

export interface DeviceOptions extends Partial<FakeBackendOptions> {
  /** UMFB_FEATURE_… of umfb_device.h; default: its own default. */
  readonly features?: number
  readonly tracksPages?: boolean
}

/** A process with a device of 61x23 pixels, and the backend that gave it, which is connected. */
export async function connectDevice(t: TestContext, options: DeviceOptions = {}) {
  const { features = 0, tracksPages = false, ...rest } = options
  const backend = new FakeBackend(t, { says: allFeatures, ...rest })
  const device = new DeviceProcess(t, backend.path)
  assert.equal(await device.call('open', width, height, 0, 0, features, tracksPages ? 1 : 0), 0)
  backend.setState(4)
  return { backend, device }
}

/** An event of the out ring as what it says; bytes that carry nothing are left out. */
export function decodeEvent(raw: Uint8Array): { event: string } & { [field: string]: unknown } {
  const name = Object.entries(outTypes).find(([, type]) => type === raw[0])?.[0] ?? `type ${raw[0]}`
  const record = name in events ? events[name as keyof typeof events] : events.plain
  const { padding, rest, type, ...values } = record.decode(raw) as { [name: string]: unknown }
  return { event: name, ...values }
}
