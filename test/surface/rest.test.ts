/**
 * What these hold: nothing moving, no work at all; and the first store after that is shown, although nobody looks.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, it } from 'node:test'
import { GuestServer } from '../../src/guests/guest-server.js'
import { Surface } from '../../src/surface/surface.js'
import { temporaryFolder } from '../support/temporary.js'
import { testGuest } from '../support/test-guest.js'
import { resting, tripwireSkipReason } from '../support/tripwire.js'

describe('a surface that rests', { skip: tripwireSkipReason() }, () => {
  it('makes no ticks, and shows the next store', async () => {
    await using surface = await Surface.create({ width: 640, height: 480 })
    let shown = 0
    surface.on('damage', () => shown++)
    for (let round = 1; round <= 3; round++) {
      await resting(surface, 1)
      const { ticks } = surface.stats
      const keepAlive = setTimeout(() => {}, 20_000)
      const damage = once(surface, 'damage')
      surface.pixels[round * 100_000] = round
      await damage
      clearTimeout(keepAlive)
      assert.equal(shown, round)
      assert.equal(surface.stats.ticks, ticks + 1, 'one look, at what was stored')
      assert.equal(surface.snapshot().pixels[round * 100_000], round)
    }
  })

  it('has its guest handed over, too', async (t) => {
    await using surface = await Surface.create({ width: 128, height: 72 })
    const path = join(temporaryFolder(t), 'socket')
    const server = new GuestServer({ path, openSurface: () => surface })
    t.after(() => server.close())
    surface.on('damage', () => {})
    const guest = spawn(testGuest, ['outlive'], {
      env: { ...process.env, UMFB_SOCKET: path },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    t.after(() => guest.kill('SIGKILL'))
    await once(createInterface({ input: guest.stdout }), 'line')
    await resting(surface, 2)
    const { ticks } = surface.stats
    const damage = once(surface, 'damage')
    guest.stdin.write('\n')
    await damage
    assert.equal(surface.stats.ticks, ticks + 1)
  })
})
