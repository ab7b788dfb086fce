import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rectOfSize } from '../../src/geometry/rect.js'
import { binding } from '../../src/native/load.js'
import { Frontend, type FrontendOptions } from '../../src/ring/frontend.js'
import { framebufferPage, stateClosed } from '../../src/ring/layout.js'
import { LocalLink } from '../../src/ring/link.js'
import { createDeviceMemory, type MemoryOptions } from '../../src/ring/memory.js'
import { allRequests, TestBackend } from '../support/test-backend.js'

const { slots } = framebufferPage.out

/** Microtasks: what was drawn is told, what was rung is heard. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

interface Scene {
  readonly frontend: Frontend
  readonly backend: TestBackend
  readonly pixels: Uint32Array
}

async function scene(
  requests: readonly string[] = allRequests,
  options: FrontendOptions = {},
  memoryOptions: MemoryOptions = { pixelsBytes: 2 ** 20 },
): Promise<Scene> {
  const memory = createDeviceMemory(memoryOptions)
  const backend = new TestBackend(memory, requests)
  const [ours, theirs] = LocalLink.pair()
  backend.use(theirs)
  const frontend = new Frontend(memory, ours, { width: 64, height: 32, ...options })
  backend.accept()
  await turn()
  backend.take()
  backend.takeAllDirty()
  backend.bells = 0
  const { pixelsOffset, pixelsBytes } = memory.layout
  return { frontend, backend, pixels: new Uint32Array(memory.memory.buffer, pixelsOffset, pixelsBytes / 4) }
}

const glyph = { bits: Uint8Array.of(0xf0, 0x0f), foreground: 7, background: 9 }

describe('a frontend', () => {
  it('introduces itself, and says its mode', async () => {
    const { frontend, backend } = await scene(allRequests, { format: 'rgb565', pointer: 'raw', touch: false })
    assert.equal(frontend.connected, true)
    assert.equal(backend.store.get('feature-update'), '1')
    assert.equal(backend.store.get('request-raw-pointer'), '1')
    assert.equal(backend.store.has('request-multi-touch'), false)
    assert.equal(backend.frontend.load('generation'), 1)
    const { mode, blank } = backend.scanout(0)!
    assert.deepEqual(mode, frontend.mode)
    assert.deepEqual([mode.width, mode.height, mode.format.name, blank], [64, 32, 'rgb565', 0])
    const page = new Int32Array(backend.memory.memory.view, backend.memory.layout.framebufferOffset, 9)
    assert.deepEqual([...page.subarray(4, 7), page[8]], [64, 32, 128, 16])
    await frontend.close()
    backend.memory.memory.close()
  })

  it('takes the size that the backend suggests, where it has no wish', async () => {
    const memory = createDeviceMemory({ pixelsBytes: 2 ** 20 })
    const backend = new TestBackend(memory, [])
    backend.write(
      [],
      [
        ['width', 320],
        ['height', 200],
      ],
    )
    await using frontend = new Frontend(memory)
    assert.deepEqual([frontend.mode.width, frontend.mode.height], [320, 200])
  })

  it('draws at once, and tells each op at the end of the turn', async () => {
    const { frontend, backend, pixels } = await scene()
    frontend.fill(rectOfSize(2, 3, 4, 5), 0x123456)
    assert.equal(pixels[3 * 64 + 2], 0x123456)
    frontend.fill(rectOfSize(-10, 0, 12, 1), 0xff, 'xor')
    frontend.copy(rectOfSize(10, 10, 4, 5), 2, 3)
    assert.equal(pixels[10 * 64 + 10], 0x123456)
    frontend.blit(rectOfSize(20, 20, 8, 2), glyph)
    assert.deepEqual([...pixels.subarray(20 * 64 + 18, 20 * 64 + 30)], [0, 0, 7, 7, 7, 7, 9, 9, 9, 9, 0, 0])
    frontend.update(rectOfSize(60, 30, 100, 100))
    assert.deepEqual(backend.peek(), [])
    await turn()
    assert.equal(backend.bells, 1)
    const scanout = 0
    const events = backend.take()
    assert.deepEqual(
      events.map((event) => (event.type === 'blit' ? event.type : event)),
      [
        { type: 'fill', scanout, rect: rectOfSize(2, 3, 4, 5), rop: 'copy', colour: 0x123456 },
        { type: 'fill', scanout, rect: rectOfSize(0, 0, 2, 1), rop: 'xor', colour: 0xff },
        { type: 'copy', scanout, rect: rectOfSize(10, 10, 4, 5), fromX: 2, fromY: 3 },
        'blit',
        { type: 'update', scanout, rect: rectOfSize(60, 30, 4, 2) },
      ],
    )
    const blit = events[3]!
    assert.ok(blit.type === 'blit' && blit.kind === 'glyph' && blit.foreground === 7 && blit.background === 9)
    const heap = new Uint8Array(backend.memory.memory.view, backend.memory.layout.heapOffset)
    assert.deepEqual([...heap.subarray(blit.heapOffset, blit.heapOffset + 2)], [0xf0, 0x0f])
    assert.equal(backend.takeAllDirty(), false)
    await frontend.close()
  })

  it('tells as an update what was not asked for, and that all is dirty where updates were not', async () => {
    for (const missing of ['fill', 'copy', 'blit'] as const) {
      const { frontend, backend } = await scene(allRequests.filter((key) => key !== `request-${missing}`))
      frontend.fill(rectOfSize(1, 1, 2, 2), 5)
      frontend.copy(rectOfSize(10, 10, 2, 2), 1, 1)
      frontend.blit(rectOfSize(20, 20, 8, 2), glyph)
      frontend.flush()
      const told = ['fill', 'copy', 'blit'].map((type) => (type === missing ? 'update' : type))
      assert.deepEqual(
        backend.take().map(({ type }) => type),
        told,
      )
      await frontend.close()
    }
    const { frontend, backend } = await scene(['request-fill'])
    frontend.fill(rectOfSize(0, 0, 1, 1), 5)
    frontend.flush()
    assert.deepEqual([backend.take().length, backend.takeAllDirty()], [1, false])
    frontend.update(rectOfSize(0, 0, 1, 1))
    frontend.update(rectOfSize(5, 5, 1, 1))
    await turn()
    assert.deepEqual([backend.take().length, backend.takeAllDirty()], [0, true])
    assert.ok(backend.bells > 0)
    await frontend.close()
  })

  it('says nothing but modes to a backend that asks for nothing, and that all is dirty', async () => {
    const { frontend, backend } = await scene(['feature-resize'])
    frontend.fill(rectOfSize(0, 0, 1, 1), 5)
    frontend.bell()
    frontend.setCursor({ width: 1, height: 1, pixels: new Uint8Array(4) })
    frontend.setMode({ width: 32, height: 32 })
    await turn()
    assert.deepEqual(backend.take(), [
      { type: 'resize', scanout: 0, width: 32, height: 32, strideBytes: 128, depth: 32, offsetBytes: 0 },
    ])
    assert.equal(backend.takeAllDirty(), true)
    await frontend.close()
  })

  it('says a mode, a pan and blanking by the table of scanouts to a backend without RESIZE', async () => {
    const { frontend, backend } = await scene(['request-scanouts'])
    const plain = { type: 'scanout', scanout: 0 }
    frontend.setMode({ width: 30, height: 20, format: 'rgb565', strideBytes: 64, offsetBytes: 128 })
    assert.equal(backend.scanout(0)!.mode.strideBytes, 64)
    frontend.pan(256)
    assert.equal(backend.scanout(0)!.mode.offsetBytes, 256)
    frontend.blank(1)
    assert.equal(backend.scanout(0)!.blank, 1)
    frontend.fill(rectOfSize(0, 0, 1, 1), 0xffff)
    assert.equal(frontend.pixels[256], 0xff)
    frontend.flush()
    assert.deepEqual(backend.take(), [plain, plain, plain])
    assert.throws(() => frontend.pan(2 ** 20), { code: 'UMFB_INVALID_ARGUMENT' })
    assert.throws(() => frontend.setMode({ width: 1024, height: 1024 }), /larger pixelsBytes/)
    assert.throws(() => frontend.blank(5), { code: 'UMFB_INVALID_ARGUMENT' })
    await frontend.close()
  })

  it('has further scanouts, each with pixels, colours and a cursor of its own', async () => {
    const { frontend, backend, pixels } = await scene()
    const second = frontend.scanout(1)
    assert.equal(second.mode, undefined)
    assert.throws(() => second.fill(rectOfSize(0, 0, 1, 1), 1), /Call setMode/)
    second.setMode({ width: 16, height: 16, offsetBytes: 65536, x: 64 })
    second.fill(rectOfSize(0, 0, 20, 1), 3)
    assert.equal(pixels[65536 / 4 + 15], 3)
    second.setColours(10, [0xff112233, 4])
    second.setCursor({ width: 2, height: 1, pixels: new Uint8Array(8).fill(6), hotX: 1 }, 4, 5)
    second.moveCursor(-3, 8)
    second.setCursor(undefined)
    second.end()
    frontend.flush()
    const events = backend.take()
    assert.ok(events.every((event) => 'scanout' in event && event.scanout === 1))
    assert.deepEqual(
      events.map((event) => (event.type === 'cursor' ? event.kind : event.type)),
      ['scanout', 'fill', 'colours', 'shape', 'moved', 'hidden', 'scanout'],
    )
    assert.equal(backend.scanout(1), undefined)
    const colours = new Uint32Array(backend.memory.memory.view, backend.memory.layout.coloursOffset)
    assert.deepEqual([...colours.subarray(256 + 10, 256 + 12)], [0x112233, 4])
    assert.throws(() => second.setColours(255, [1, 2]), { code: 'UMFB_INVALID_ARGUMENT' })
    assert.throws(() => frontend.scanout(0).end(), { code: 'UMFB_INVALID_ARGUMENT' })
    assert.throws(() => frontend.scanout(4), { code: 'UMFB_INVALID_ARGUMENT' })
    assert.throws(() => second.setCursor({ width: 257, height: 1, pixels: new Uint8Array(2000) }), /width/)
    assert.throws(() => second.setCursor({ width: 9, height: 9, pixels: new Uint8Array(9) }), /324 bytes/)
    await frontend.close()
  })

  it('simplifies what one turn draws to a ring that it fits in, in order', async () => {
    const { frontend, backend } = await scene()
    const rows = Array.from({ length: 30 }, (_, y) => y)
    for (const y of rows) frontend.fill(rectOfSize(0, y, 4, 1), y)
    frontend.bell()
    for (const y of rows) frontend.fill(rectOfSize(8, y, 4, 1), y)
    await turn()
    const events = backend.take()
    assert.ok(events.length < slots)
    assert.equal(backend.takeAllDirty(), false)
    assert.equal(events.filter(({ type }) => type === 'bell').length, 1)
    const covered = new Set<string>()
    for (const event of events) {
      if (!('rect' in event)) continue
      const { x1, y1, x2, y2 } = event.rect
      for (let y = y1; y < y2; y++) for (let x = x1; x < x2; x++) covered.add(`${x},${y}`)
    }
    for (const y of rows) for (const x of [0, 3, 8, 11]) assert.ok(covered.has(`${x},${y}`), `${x},${y}`)
    await frontend.close()
  })

  it('says that all is dirty where the ring is full, and goes on', async () => {
    const { frontend, backend } = await scene()
    frontend.setCursor({ width: 1, height: 1, pixels: new Uint8Array(4) }, 1, 1)
    for (let i = 0; i < slots + 4; i++) {
      frontend.fill(rectOfSize(i % 60, 0, 1, 1), i)
      frontend.flush()
    }
    frontend.moveCursor(9, 9)
    frontend.flush()
    assert.equal(backend.frontend.load('dropped'), 6)
    await turn()
    const bells = backend.bells
    frontend.fill(rectOfSize(0, 0, 1, 1), 1)
    frontend.flush()
    await turn()
    assert.equal(backend.bells, bells, 'who has not looked has been rung for')
    assert.equal(backend.takeAllDirty(), true)
    assert.equal(backend.take().length, slots)
    frontend.fill(rectOfSize(0, 0, 1, 1), 1)
    frontend.flush()
    assert.equal(backend.take().length, 1)
    // No table has the cursor: it is said again when there may be room.
    let cursor = backend.take()
    while (cursor.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      cursor = backend.take()
    }
    assert.ok(cursor[0]!.type === 'cursor' && cursor[0].kind === 'shape' && cursor[0].x === 9)
    await frontend.close()
  })

  it('uses the heap again when the backend has passed an image, and not before', async () => {
    const { frontend, backend } = await scene(allRequests, {}, { pixelsBytes: 2 ** 20, heapBytes: 4096 })
    const image = (value: number) => ({ pixels: new Uint8Array(16 * 16 * 4).fill(value) })
    const heap = new Uint8Array(backend.memory.memory.view, backend.memory.layout.heapOffset, 4096)
    let told = 0
    for (let value = 1; value <= 40; value++) {
      frontend.blit(rectOfSize(0, 0, 16, 16), image(value))
      frontend.blit(rectOfSize(16, 0, 16, 16), image(value + 100))
      frontend.flush()
      const events = backend.peek()
      for (const event of events) {
        if (event.type !== 'blit') continue
        told++
        const expected = event.rect.x1 === 0 ? value : value + 100
        const bytes = heap.subarray(event.heapOffset, event.heapOffset + 1024)
        assert.ok(bytes.every((byte) => byte === expected))
      }
      backend.out.release(events.length)
    }
    assert.equal(told, 80)
    for (let i = 0; i < 5; i++) {
      frontend.blit(rectOfSize(0, 0, 16, 16), image(i))
      frontend.flush()
    }
    assert.deepEqual(
      backend.take().map(({ type }) => type),
      ['blit', 'blit', 'blit', 'blit', 'update'],
    )
    frontend.blit(rectOfSize(0, 0, 33, 32), { pixels: new Uint8Array(33 * 32 * 4) })
    frontend.flush()
    assert.deepEqual(
      backend.take().map(({ type }) => type),
      ['update'],
      'larger than the heap',
    )
    await frontend.close()
  })

  it('tells nothing of pixels while nobody watches, and that all is dirty when somebody does', async () => {
    const { frontend, backend } = await scene()
    const periods: number[] = []
    frontend.on('refreshPeriod', (ms) => periods.push(ms))
    frontend.setCursor({ width: 1, height: 1, pixels: new Uint8Array(4) }, 1, 1)
    backend.post({ type: 'refreshPeriod', ms: 0 })
    await turn()
    backend.take()
    frontend.fill(rectOfSize(0, 0, 1, 1), 1)
    frontend.update(rectOfSize(0, 0, 1, 1))
    frontend.moveCursor(7, 7)
    frontend.bell()
    frontend.setMode({ width: 20, height: 20 })
    await turn()
    assert.deepEqual(
      backend.take().map(({ type }) => type),
      ['resize'],
    )
    assert.equal(backend.takeAllDirty(), false)
    backend.post({ type: 'refreshPeriod', ms: 16 })
    await turn()
    assert.equal(backend.takeAllDirty(), true)
    const [cursor] = backend.take()
    assert.ok(cursor?.type === 'cursor' && cursor.kind === 'shape' && cursor.x === 7)
    assert.deepEqual(periods, [0, 16])
    await frontend.close()
  })

  it('answers a request for dirty pages when its listeners have marked them', async () => {
    const { frontend, backend } = await scene(allRequests, { marksPages: true })
    assert.equal(backend.store.get('feature-dirty'), '1')
    backend.post({ type: 'dirty', serial: 41 })
    await turn()
    assert.deepEqual(backend.take(), [{ type: 'dirty', serial: 41 }])
    frontend.on('dirtyWanted', () => {
      frontend.markPages(3, 2)
      frontend.markPages(200, 1)
    })
    backend.post({ type: 'dirty', serial: 42 })
    await turn()
    assert.deepEqual(backend.take(), [{ type: 'dirty', serial: 42 }])
    const runs = new Uint32Array(8)
    const { memory, layout } = backend.memory
    assert.equal(binding.takeBitmap(memory, layout.bitmapOffset, 256, runs), 2)
    assert.deepEqual([...runs.subarray(0, 4)], [3, 2, 200, 1])
    frontend.markPages(1, 1)
    frontend.flush()
    assert.deepEqual(backend.take(), [{ type: 'dirty', serial: 0 }])
    assert.throws(() => frontend.markPages(256, 1), { code: 'UMFB_INVALID_ARGUMENT' })
    await frontend.close()
  })

  it('hands on input and wishes, and skips what is unknown or out of range', async () => {
    const { frontend, backend } = await scene()
    const heard: unknown[] = []
    for (const name of ['key', 'motion', 'position', 'touch', 'modeWanted'] as const) {
      frontend.on(name, (value: unknown) => heard.push([name, value]))
    }
    backend.post({ type: 'mode', width: 800, height: 600 }, { type: 'mode', width: 0, height: 70000 })
    await turn()
    backend.postKeyboard(
      { type: 'key', pressed: true, keycode: 30 },
      { type: 'key', pressed: true, keycode: 0x300 },
      { type: 'motion', relX: -1, relY: 2, relZ: 0 },
      { type: 'pos', absX: 5, absY: 6, relZ: -1 },
      { type: 'mtouch', event: 'orientation', contact: 3, angle: -90 },
    )
    await turn()
    assert.deepEqual(heard, [
      ['modeWanted', { width: 800, height: 600 }],
      ['key', { keycode: 30, pressed: true }],
      ['motion', { relX: -1, relY: 2, relZ: 0 }],
      ['position', { absX: 5, absY: 6, relZ: -1 }],
      ['touch', { type: 'mtouch', event: 'orientation', contact: 3, angle: -90 }],
    ])
    await frontend.close()
  })

  it('reads the store of a backend that starts over, and one that changes its mind', async () => {
    const { frontend, backend } = await scene()
    backend.write(['request-update'])
    backend.link.ring()
    await turn()
    frontend.fill(rectOfSize(0, 0, 1, 1), 1)
    frontend.flush()
    assert.deepEqual(
      backend.take().map(({ type }) => type),
      ['update'],
    )
    const next = new TestBackend(backend.memory, ['request-fill'])
    next.use(backend.link)
    next.link.ring()
    await turn()
    assert.equal(next.frontend.load('generation'), 2)
    assert.equal(frontend.connected, false)
    next.accept()
    await turn()
    assert.equal(frontend.connected, true)
    frontend.fill(rectOfSize(0, 0, 1, 1), 1)
    frontend.flush()
    assert.deepEqual(
      next.take().map(({ type }) => type),
      ['fill'],
    )
    await frontend.close()
  })

  it('draws on while there is no backend, lets go of the keys, and goes on with the next one', async () => {
    const { frontend, backend, pixels } = await scene()
    const heard: unknown[] = []
    frontend.on('backend', (connected) => heard.push(connected))
    frontend.on('key', (key) => heard.push(key))
    backend.postKeyboard({ type: 'key', pressed: true, keycode: 42 })
    await turn()
    backend.link.close()
    await turn()
    assert.deepEqual(heard, [{ keycode: 42, pressed: true }, false, { keycode: 42, pressed: false }])
    for (let i = 0; i < 3 * slots; i++) frontend.fill(rectOfSize(0, 0, 1, 1), i)
    await turn()
    assert.equal(pixels[0], 3 * slots - 1)

    const next = new TestBackend(backend.memory)
    const [ours, theirs] = LocalLink.pair()
    next.use(theirs)
    frontend.attach(ours)
    next.accept()
    await turn()
    assert.equal(heard.at(-1), true)
    frontend.fill(rectOfSize(0, 0, 2, 2), 4)
    await turn()
    assert.equal(next.take().length, 1)
    await frontend.close()
  })

  it('is closed once, and says so afterwards', async () => {
    const { frontend, backend } = await scene()
    let ended = 0
    backend.link.onEnd = () => ended++
    frontend.fill(rectOfSize(0, 0, 2, 2), 4)
    await Promise.all([frontend.close(), frontend.close()])
    await turn()
    assert.deepEqual([ended, backend.frontend.load('state'), backend.take().length], [1, stateClosed, 1])
    const first = () => frontend.scanout(0)
    for (const call of [
      () => frontend.fill(rectOfSize(0, 0, 2, 2), 4),
      () => frontend.pixels,
      () => frontend.bell(),
      () => frontend.markPages(0, 1),
      () => first().blank(0),
    ]) {
      assert.throws(call, { code: 'UMFB_CLOSED' })
    }
    backend.memory.memory.close()
    frontend.flush()
    await frontend.close()
  })
})
