/** libumfb's device API outlives its backend. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stateConnected } from '../../src/ring/layout.js'
import { connectDevice, decodeEvent } from '../support/fake-device.js'

test('a backend that goes is told; the next one gets the same memory, and hears all that still counts', async (t) => {
  const { backend, device } = await connectDevice(t)
  await device.call('fill', 0, 0, 0, 5, 5, 0x123456, 0)
  await device.call('cursor', 0, 5, 6, 8, 9, 3, 4, 1)
  await device.call('mode', 0, 30, 20, 0, 909199186, 4096)
  backend.end()
  await device.says('event disconnected')
  assert.equal(await device.call('connected'), 0)

  // It goes on: nothing waits, and what cannot be told now is in the memory.
  for (let i = 0; i < 60; i++) assert.equal(await device.call('fill', 0, 0, 0, 5, 5, i, 0), 0)
  assert.equal(await device.call('mode', 0, 31, 20, 0, 909199186, 4096), 0)
  assert.equal(await device.call('blank', 0, 1), 0)

  backend.restart()
  await device.says('event connected')
  assert.deepEqual([backend.attach!.kind, backend.attach!.program], [1, 'device'])
  const { frontend, scanouts } = backend.info
  assert.deepEqual([frontend.state, frontend.generation], [stateConnected, 2])
  assert.deepEqual([scanouts[0]!.width, scanouts[0]!.blank], [31, 1])
  assert.equal(backend.pixels[4096], 59)

  backend.takeEvents()
  backend.takeAllDirty()
  backend.setState(stateConnected)
  backend.ring()
  await device.events()
  const [cursor] = backend.takeEvents().map(decodeEvent)
  assert.deepEqual([cursor!.event, cursor!.kind, cursor!.x], ['cursor', 2, 5])
  await device.call('fill', 0, 0, 0, 1, 1, 9, 0)
  assert.equal(backend.takeEvents().length, 1)
})

test('a frontend that only draws notices when it rings', async (t) => {
  const { backend, device } = await connectDevice(t)
  backend.end()
  for (let i = 0; i < 3; i++) assert.equal(await device.call('fill', 0, 0, 0, 5, 5, i, 0), 0)
  assert.deepEqual((await device.events())[0], 'disconnected')
})

test('a backend that is of no use is left, and looked for again', async (t) => {
  let spoil = false
  const { backend, device } = await connectDevice(t, {
    // Its store is never done.
    spoil: (memory) => {
      if (spoil) memory[136] = 1
    },
  })
  backend.end()
  await device.says('event disconnected')
  spoil = true
  backend.restart()
  const { frontends } = backend
  await device.until(() => backend.frontends === frontends + 2)
  spoil = false
  await device.says('event connected')
})

test('a backend that never answers keeps nobody', async (t) => {
  const { backend, device } = await connectDevice(t)
  backend.end()
  await device.says('event disconnected')
  backend.answers = false
  backend.restart()
  const { frontends } = backend
  await device.until(() => backend.frontends > frontends)
  assert.equal(await device.call('fill', 0, 0, 0, 5, 5, 7, 0), 0)
  assert.deepEqual(await device.events(), [])
  assert.equal(await device.call('connected'), 0)
  backend.end()
  backend.answers = true
  backend.restart()
  await device.says('event connected')
})
