/** libumfb's device API: what comes from the backend, what is told beside pixels, and a backend that lacks features. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { events, inTypes, keyboardTypes, outTypes } from '../../src/ring/layout.js'
import { allFeatures } from '../support/fake-backend.js'
import { connectDevice, decodeEvent } from '../support/fake-device.js'

const [einval, enospc, enoent, eopnotsupp] = [-22, -28, -2, -95]
const zeros = new Uint8Array(40)
/** What every event is made from. */
const start = { scanout: 0, padding: zeros, rest: zeros }

const period = (ms: number) => events.refreshPeriod.encode({ ...start, type: inTypes.refreshPeriod, ms })
const askDirty = (serial: number) => events.dirty.encode({ ...start, type: inTypes.dirty, serial })
const key = (keycode: number, pressed: number) =>
  events.key.encode({ ...start, type: keyboardTypes.key, keycode, pressed })
const touch = (eventType: number, contactId: number, x: number, y: number) =>
  events.mtouch.encode({
    ...start,
    type: keyboardTypes.mtouch,
    eventType,
    contactId,
    x,
    y,
    reserved: zeros,
  })
const unknown = events.plain.encode({ ...start, type: 200 })

test('keys, motion, places and fingers arrive; what is unknown or out of range is passed over', async (t) => {
  const { backend, device } = await connectDevice(t)
  backend.sendToKeyboard(
    key(30, 1),
    unknown,
    key(30, 0),
    key(0x300, 1),
    events.motion.encode({ ...start, type: keyboardTypes.motion, relX: -3, relY: 4, relZ: -1 }),
    events.pos.encode({ ...start, type: keyboardTypes.pos, absX: 7, absY: -8, relZ: 1 }),
    touch(0, 3, 10, 20),
    touch(5, 3, -5, 0),
    touch(6, 3, 1, 1),
  )
  backend.sendToFramebuffer(
    unknown,
    events.mode.encode({ ...start, type: inTypes.mode, width: 640, height: 480 }),
    period(16),
  )
  await device.says('event touch 5 3 -5 0 -5')
  backend.sendToKeyboard(key(31, 1))
  await device.says('event key 31 1')
  assert.deepEqual(await device.events(), [])
})

test('events are told in their order', async (t) => {
  const { backend, device } = await connectDevice(t)
  backend.sendToKeyboard(...Array.from({ length: 51 }, (_, i) => key(i + 1, 1)))
  assert.deepEqual(
    await device.events(),
    Array.from({ length: 51 }, (_, i) => `key ${i + 1} 1`),
  )
})

test('where the indices wrap, no event is lost in either direction', async (t) => {
  const { backend, device } = await connectDevice(t, { index: 2 ** 32 - 20 })
  const keys: string[] = []
  for (let i = 0; i < 60; i++) {
    backend.sendToKeyboard(key(i + 1, 1))
    keys.push(...(await device.events()))
  }
  assert.deepEqual(
    keys,
    Array.from({ length: 60 }, (_, i) => `key ${i + 1} 1`),
  )
  // Nobody takes: at the wrap no slot is used twice, and the ring is full.
  for (let i = 0; i < 30; i++) await device.call('fill', 0, i, 0, 1, 1, i, 0)
  const rects = backend.takeEvents().map((raw) => decodeEvent(raw).x)
  assert.deepEqual(
    rects,
    Array.from({ length: 20 }, (_, i) => i),
  )
  assert.equal(backend.takeAllDirty(), 1)
  assert.equal(backend.info.frontend.dropped, 10)
  for (let i = 0; i < 51; i++) await device.call('fill', 0, i, 1, 1, 1, i, 0)
  assert.equal(backend.takeEvents().length, 51)
  assert.equal(backend.takeAllDirty(), 0)
})

test('an index that cannot be costs what is in the ring, and nothing else', async (t) => {
  const { backend, device } = await connectDevice(t)
  const { framebufferOffset, keyboardOffset } = backend.parts
  backend.view.setUint32(keyboardOffset + 4, 1000, true)
  backend.ring()
  assert.deepEqual(await device.events(), [])
  assert.equal(backend.view.getUint32(keyboardOffset, true), 1000)
  backend.sendToKeyboard(key(30, 1))
  assert.deepEqual(await device.events(), ['key 30 1'])
  backend.view.setUint32(framebufferOffset + 8, 77, true)
  assert.equal(await device.call('fill', 0, 0, 0, 5, 5, 1, 0), 0)
  assert.equal(backend.takeAllDirty(), 1, 'a full ring')
})

test('a full ring is "all is dirty": nothing waits, and nothing is lost for who takes it again', async (t) => {
  const { backend, device } = await connectDevice(t)
  const bells = backend.bells
  for (let i = 0; i < 60; i++) assert.equal(await device.call('fill', 0, i % 61, 0, 1, 1, i, 0), 0)
  assert.equal(backend.takeAllDirty(), 1)
  assert.equal(backend.info.frontend.dropped, 9)
  assert.equal(backend.takeEvents().length, 51)
  assert.ok(backend.bells > bells)
  await device.call('fill', 0, 1, 1, 1, 1, 5, 0)
  assert.equal(backend.takeEvents().length, 1)
  assert.equal(backend.takeAllDirty(), 0)
})

test('the bell rings for the first event of an empty ring, and for no other one', async (t) => {
  const { backend, device } = await connectDevice(t)
  const update = () => device.call('update', 0, 0, 0, 5, 5)
  backend.takeEvents()
  const rung = backend.rung()
  await update()
  await rung
  const { bells } = backend
  for (let i = 0; i < 5; i++) await update()
  backend.takeEvents()
  const again = backend.rung()
  await update()
  await again
  assert.equal(backend.bells, bells + 1)
})

test('while nobody watches pixels are not told; who comes then compares all', async (t) => {
  const { backend, device } = await connectDevice(t)
  backend.sendToFramebuffer(period(0))
  assert.deepEqual(await device.events(), ['period 0'])
  await device.call('fill', 0, 0, 0, 5, 5, 1, 0)
  await device.call('update', 0, 0, 0, 5, 5)
  await device.call('mark', 0, 4096)
  assert.equal(await device.call('cursor', 0, 5, 6, 8, 9, 3, 4, 1), 0)
  assert.equal(await device.call('bell'), 0)
  assert.equal(await device.call('pan', 0, 4), 0)
  assert.deepEqual(
    backend.takeEvents().map((raw) => decodeEvent(raw).event),
    ['resize'],
  )
  assert.equal(backend.takeAllDirty(), 0)
  backend.sendToFramebuffer(period(16))
  assert.deepEqual(await device.events(), ['period 16'])
  assert.equal(backend.takeAllDirty(), 1)
  assert.deepEqual(
    backend.takeEvents().map((raw) => decodeEvent(raw).event),
    ['cursor'],
  )
})

test('pages are marked and told; the library answers who asks, unless the program does', async (t) => {
  await t.test('the library', async (t) => {
    const { backend, device } = await connectDevice(t)
    await device.call('mark', 4096 * 30 + 5, 4096 * 40)
    const bitmap = new Uint32Array(backend.bytes.buffer, backend.parts.bitmapOffset, 4)
    assert.deepEqual([...bitmap], [0xc0000000, 0xffffffff, 0x7f, 0])
    backend.sendToFramebuffer(askDirty(7))
    assert.deepEqual(await device.events(), [])
    assert.deepEqual(
      backend.takeEvents().map((raw) => decodeEvent(raw)),
      [0, 7].map((serial) => ({ event: 'dirty', scanout: 0, serial })),
    )
  })
  await t.test('the program', async (t) => {
    const { backend, device } = await connectDevice(t, { tracksPages: true })
    backend.sendToFramebuffer(askDirty(7))
    assert.deepEqual(await device.events(), ['dirty 7'])
    assert.deepEqual(backend.takeEvents(), [])
    await device.call('set', 0, 1)
    await device.call('dirty', 7)
    assert.equal(decodeEvent(backend.takeEvents()[0]!).serial, 7)
    assert.equal(backend.view.getUint32(backend.parts.bitmapOffset, true), 1)
  })
})

test('modes, scanouts, blanking and colours are in the tables before they are told', async (t) => {
  const { backend, device } = await connectDevice(t)
  const told = async (...call: [string, ...number[]]) => {
    assert.equal(await device.call(...call), 0, call.join(' '))
    return backend.takeEvents().map((raw) => decodeEvent(raw))
  }
  const entry = (scanout: number) => {
    const { reserved, ...values } = backend.info.scanouts[scanout]!
    return values
  }
  assert.deepEqual(await told('mode', 0, 40, 30, 0, 909199186, 4096), [
    { event: 'resize', scanout: 0, width: 40, height: 30, strideBytes: 80, depth: 16, offsetBytes: 4096 },
  ])
  const format = { format: 909199186, blank: 0 }
  assert.deepEqual(entry(0), {
    enabled: 1,
    width: 40,
    height: 30,
    strideBytes: 80,
    offsetBytes: 4096n,
    ...format,
    x: 0,
    y: 0,
  })
  assert.deepEqual(await told('mode', 2, 20, 10, 64, 909199186, 65536), [{ event: 'scanout', scanout: 2 }])
  assert.deepEqual(await told('place', 2, -5, 7), [{ event: 'scanout', scanout: 2 }])
  assert.deepEqual(await told('blank', 2, 4), [{ event: 'scanout', scanout: 2 }])
  assert.deepEqual(await told('pan', 2, 65540), [{ event: 'scanout', scanout: 2 }])
  const second = {
    enabled: 1,
    width: 20,
    height: 10,
    strideBytes: 64,
    offsetBytes: 65540n,
    format: 909199186,
  }
  assert.deepEqual(entry(2), { ...second, blank: 4, x: -5, y: 7 })
  assert.deepEqual(await told('disable', 2), [{ event: 'scanout', scanout: 2 }])
  assert.equal(entry(2).enabled, 0)
  assert.deepEqual(await told('colours', 1, 254, 2, 0), [{ event: 'colours', scanout: 1 }])
  const colours = [254, 255].map((i) =>
    backend.view.getUint32(backend.parts.coloursOffset + 1024 + i * 4, true),
  )
  assert.deepEqual(colours, [0x4a2500, 0xde_b9_94])
  for (const [call, error] of [
    [['mode', 0, 0, 30, 0, 909199186, 0], einval],
    [['mode', 0, 16385, 1, 0, 909199186, 0], einval],
    [['mode', 0, 10, 10, 19, 909199186, 0], einval],
    [['mode', 0, 10, 10, 131073, 909199186, 0], einval],
    [['mode', 0, 10, 10, 0, 1, 0], einval],
    [['mode', 4, 10, 10, 0, 909199186, 0], einval],
    [['mode', 0, 10, 10, 0, 909199186, 2 ** 20 - 199], enospc],
    [['mode', 0, 16384, 16384, 0, 909199186, 0], enospc],
    [['pan', 3, 0], enoent],
    [['blank', 0, 5], einval],
    [['disable', 2], enoent],
    [['colours', 0, 200, 57, 0], einval],
  ] as const) {
    const [name, ...values] = call
    assert.equal(await device.call(name, ...values), error, call.join(' '))
  }
  assert.deepEqual(backend.takeEvents(), [])
})

test('the cursor is told when there is room for it, in the ring and in the heap', async (t) => {
  const { backend, device } = await connectDevice(t, { heapBytes: 4096 })
  const cursor = async (...call: [string, ...number[]]) => {
    assert.equal(await device.call(...call), 0)
    return backend.takeEvents().map((raw) => decodeEvent(raw))
  }
  const shape = { event: 'cursor', scanout: 0, kind: 2, hotX: 3, hotY: 4, width: 8, height: 9, heapOffset: 0 }
  assert.deepEqual(await cursor('cursor', 0, 5, 6, 8, 9, 3, 4, 1), [{ ...shape, x: 5, y: 6 }])
  assert.equal((await cursor('move', 7, 8))[0]!.kind, 1)
  assert.equal((await cursor('hide'))[0]!.kind, 0)
  assert.equal(await device.call('cursor', 0, 0, 0, 257, 1, 0, 0, 1), einval)
  for (let i = 0; i < 51; i++) await device.call('update', 0, 0, 0, 1, 1)
  assert.deepEqual((await cursor('cursor', 0, 1, 1, 8, 9, 3, 4, 1)).length, 51, 'no room')
  await device.events()
  assert.deepEqual(backend.takeEvents().map(decodeEvent), [{ ...shape, x: 1, y: 1, heapOffset: 288 }])
  assert.deepEqual(await cursor('bell'), [{ event: 'bell', scanout: 0 }])
})

/** What each op comes to where the backend has not asked for it. */
for (const [feature, call, instead] of [
  ['request-fill', ['fill', 0, 0, 0, 5, 5, 9, 0], ['update']],
  ['request-copy', ['copy', 0, 0, 0, 5, 5, 9, 0], ['update']],
  ['request-blit', ['blit', 0, 0, 0, 5, 5, 1, 0, 1, 2, 3], ['update']],
  ['request-update', ['fill', 0, 0, 0, 5, 5, 9, 0], []],
  ['request-update', ['update', 0, 0, 0, 5, 5], []],
  ['request-cursor', ['cursor', 0, 0, 0, 5, 5, 0, 0, 1], eopnotsupp],
  ['request-bell', ['bell'], eopnotsupp],
  ['request-colours', ['colours', 0, 0, 1, 1], eopnotsupp],
  ['request-scanouts', ['mode', 1, 20, 10, 0, 909199186, 0], eopnotsupp],
  ['request-scanouts', ['blank', 0, 1], eopnotsupp],
  ['feature-resize', ['mode', 0, 20, 10, 0, 909199186, 0], ['scanout']],
] as const) {
  test(`a backend without ${feature}: ${call[0]}`, async (t) => {
    const says = allFeatures.filter((line) => line !== `${feature}=1`)
    const { backend, device } = await connectDevice(t, { says })
    const [name, ...values] = call
    const result = await device.call(name, ...values)
    const told = backend.takeEvents().map((raw) => decodeEvent(raw).event)
    if (typeof instead === 'number') assert.deepEqual([result, told], [instead, []])
    else assert.deepEqual([result, told], [0, instead])
  })
}

test('a backend without request-dirty: marked pages are "all is dirty"', async (t) => {
  const { backend, device } = await connectDevice(t, {
    says: allFeatures.filter((line) => line !== 'request-dirty=1'),
  })
  await device.call('mark', 0, 1)
  assert.deepEqual(backend.takeEvents(), [])
  assert.equal(backend.takeAllDirty(), 1)
})

test('a backend that knows nothing, as an early one, is told nothing, and can do no harm', async (t) => {
  const { backend, device } = await connectDevice(t, { says: [] })
  assert.equal(await device.call('features'), 0)
  await device.call('fill', 0, 0, 0, 5, 5, 9, 0)
  assert.equal(await device.call('mode', 0, 20, 10, 0, 909199186, 0), eopnotsupp)
  assert.deepEqual(backend.takeEvents(), [])
  backend.sendToKeyboard(key(30, 1))
  assert.deepEqual(await device.events(), ['key 30 1'])
})

test('a frontend says and takes what it was asked to, and no more', async (t) => {
  const [update, fill] = [1, 4]
  const { backend, device } = await connectDevice(t, { features: update | fill })
  assert.equal(backend.info.frontendStore, 'feature-update=1\nfeature-fill=1\n')
  assert.equal(await device.call('features'), update | fill)
  await device.call('copy', 0, 0, 0, 5, 5, 9, 0)
  assert.equal(backend.takeEvents()[0]![0], outTypes.update)
})

test('a backend may say something else later', async (t) => {
  const { backend, device } = await connectDevice(t)
  backend.say(['request-update=1'])
  backend.ring()
  await device.events()
  assert.equal(await device.call('features'), 1)
})
