/** What these hold: a device with a frontend in this process shows what it draws, by ops and by stores, and types to it. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { Device } from '../src/device.js'
import { rect } from '../src/geometry/rect.js'
import { temporaryFolder } from './support/temporary.js'

describe('a device with a frontend', () => {
  it('shows what it draws', async (t) => {
    const folder = temporaryFolder(t)
    await using device = await Device.create({ width: 64, height: 32, frontend: true, name: 'front', folder })
    const { frontend, surface } = device
    assert.ok(frontend)
    surface.on('damage', () => {})
    surface.harvest()
    frontend.fill(rect(0, 0, 10, 10), 0x123456)
    await Promise.resolve()
    frontend.pixels[64 * 4 * 20] = 9
    surface.harvest()
    const { pixels } = surface.snapshot()
    assert.deepEqual([...pixels.subarray(0, 3)], [0x56, 0x34, 0x12])
    assert.equal(pixels[64 * 4 * 20], 9, 'a store')
  })

  it('changes its mode, and gets what is typed', async (t) => {
    const folder = temporaryFolder(t)
    await using device = await Device.create({ width: 64, height: 32, frontend: true, name: 'front', folder })
    const { frontend, surface } = device
    assert.ok(frontend)
    frontend.setMode({ width: 200, height: 100, format: 'rgb565' })
    await once(surface, 'mode')
    assert.deepEqual(
      [surface.mode.width, surface.mode.height, surface.mode.format.name],
      [200, 100, 'rgb565'],
    )
    const keys: unknown[] = []
    frontend.on('key', (key) => keys.push(key))
    await device.type('a')
    assert.deepEqual(keys, [
      { keycode: 30, pressed: true },
      { keycode: 30, pressed: false },
    ])
  })
})
