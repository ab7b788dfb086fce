import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { GuestServer, type WantedDevice } from '../../src/guests/guest-server.js'
import type { ModeAnswer } from '../../src/surface/mode-wishes.js'
import { Surface } from '../../src/surface/surface.js'
import { temporaryFolder } from '../support/temporary.js'
import { testGuest } from '../support/test-guest.js'

test('a frontend with libumfb gets the device that it asks for, input and mode changes', async (t) => {
  const path = join(temporaryFolder(t), 'socket')
  const wanted: WantedDevice[] = []
  const ended: Surface[] = []
  let surface: Surface | undefined
  const server = new GuestServer({
    path,
    openSurface: async (wish) => {
      wanted.push(wish)
      surface = await Surface.create({ width: wish.width, height: wish.height })
      return surface
    },
    deviceEnded: (device) => ended.push(device),
  })
  const guest = spawn(testGuest, ['client'], {
    env: { ...process.env, UMFB_SOCKET: path },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const said: string[] = []
  const answers: Promise<ModeAnswer>[] = []
  for await (const line of createInterface({ input: guest.stdout })) {
    assert.doesNotMatch(line, /^failed/)
    if (/^(input|screen|wanted)/.test(line)) said.push(line)
    if (line === 'sync stored') {
      const { pixels } = surface!.snapshot()
      assert.equal(new DataView(pixels.buffer, pixels.byteOffset).getUint32(4096, true), 0x601)
      surface!.input.send([
        { type: 1, code: 30, value: 1 },
        { type: 1, code: 30, value: -1 },
        { type: 0, code: 0, value: 0 },
      ])
      surface!.setMode({ width: 160, height: 100 })
      answers.push(surface!.requestMode({ width: 200, height: 90 }))
    }
    if (line.startsWith('sync')) guest.stdin.write('\n')
  }
  if (guest.exitCode === null) await once(guest, 'exit')
  assert.equal(guest.exitCode, 0)
  assert.deepEqual(wanted, [{ program: 'frontend', width: 320, height: 200, bitsPerPixel: 32 }])
  assert.deepEqual(said.sort(), [
    'input 0 0 0',
    'input 1 30 -1',
    'input 1 30 1',
    'screen 160 100',
    'screen 200 90',
    'wanted 200 90',
  ])
  assert.deepEqual(
    (await Promise.all(answers)).map((answer) => answer.outcome === 'set' && answer.mode.width),
    [200],
  )
  await server.idle(AbortSignal.timeout(5000))
  assert.deepEqual(ended, [surface])
  server.close()
  await surface!.close()
})
