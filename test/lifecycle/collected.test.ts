/** What was closed is nobody's any more: a server that makes devices for ever does not grow. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { GuestServer } from '../../src/guests/guest-server.js'
import { Surface } from '../../src/surface/surface.js'
import { temporaryFolder } from '../support/temporary.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Whether all that `make` made, and kept nowhere, is collected. */
async function isCollected(make: () => Promise<object>): Promise<boolean> {
  const made = [new WeakRef(await make()), new WeakRef(await make())]
  // Native handles are let go in the turns after their close.
  for (let turns = 0; turns < 20 && made.some((each) => each.deref()); turns++) {
    await turn()
    collectGarbage()
  }
  return made.every((each) => !each.deref())
}

for (const tracker of ['compare', 'auto'] as const) {
  test(`a closed surface is collected (${tracker})`, async () => {
    const collected = await isCollected(async () => {
      const surface = await Surface.create({ width: 64, height: 48, tracker })
      surface.harvest()
      await surface.close()
      return surface
    })
    assert.ok(collected)
  })
}

test('a closed server of guests is collected', async (t) => {
  const folder = temporaryFolder(t)
  let number = 0
  const collected = await isCollected(async () => {
    const path = join(folder, `${number++}`)
    const server = new GuestServer({ path, openSurface: () => Promise.reject(new Error('nobody comes')) })
    server.close()
    return server
  })
  assert.ok(collected)
})
