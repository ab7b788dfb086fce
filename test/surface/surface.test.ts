/**
 * What these hold: a store is seen with nothing called; each sink has its own pending damage; a present that fails or is
 * cut off gives its damage back; a slow sink delays nobody; nobody watching, nothing moving: no work.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { ClosedError, InvalidArgumentError, TrackerUnavailableError } from '../../src/errors.js'
import { containsRect, type Rect, rect } from '../../src/geometry/rect.js'
import type { Frame, Sink } from '../../src/surface/sink.js'
import { Surface } from '../../src/surface/surface.js'
import type { SurfaceOptions } from '../../src/surface/surface-options.js'

/** The surface's own timers never keep a process alive. */
async function withSurface(options: Partial<SurfaceOptions>, body: (surface: Surface) => Promise<void>) {
  const keepAlive = setInterval(() => {}, 1000)
  const surface = await Surface.create({ width: 64, height: 48, fps: 1000, ...options })
  try {
    await body(surface)
  } finally {
    await surface.close()
    clearInterval(keepAlive)
  }
}

/** A sink whose presents the test ends by hand. */
class ManualSink implements Sink {
  readonly name = 'manual'
  readonly presents: { damage: readonly Rect[]; pixels: Uint8Array; signal: AbortSignal }[] = []
  failures: unknown[] = []
  #arrived: (() => void) | undefined
  #finish: ((error?: Error) => void) | undefined

  present(frame: Frame, signal: AbortSignal): Promise<void> {
    this.presents.push({ damage: frame.damage, pixels: frame.pixels.slice(), signal })
    this.#arrived?.()
    return new Promise((resolve, reject) => {
      this.#finish = (error) => (error ? reject(error) : resolve())
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  }

  presentFailed(error: unknown) {
    this.failures.push(error)
  }

  async arrival(count: number) {
    while (this.presents.length < count) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve
      })
    }
    return this.presents[count - 1]
  }

  finish(error?: Error) {
    this.#finish?.(error)
  }
}

const all = rect(0, 0, 64, 48)

function setPixel(surface: Surface, x: number, y: number, value: number) {
  new DataView(surface.pixels.buffer).setUint32(y * surface.mode.strideBytes + x * 4, value, true)
}

for (const tracker of ['wp-async', 'compare'] as const) {
  test(`${tracker}: a store is seen, to the pixel, with nothing called`, async (t) => {
    try {
      await withSurface({ tracker }, async (surface) => {
        surface.harvest()
        const damage = once(surface, 'damage')
        setPixel(surface, 7, 9, 0x123456)
        const [region] = await damage
        assert.deepEqual(region.rects(), [rect(7, 9, 8, 10)])
      })
    } catch (error) {
      if (!(error instanceof TrackerUnavailableError)) throw error
      t.skip(error.message)
    }
  })
}

test('a new sink gets all of the surface, then what changes', async () => {
  await withSurface({}, async (surface) => {
    const sink = new ManualSink()
    surface.attach(sink)
    assert.deepEqual((await sink.arrival(1)).damage, [all])
    setPixel(surface, 1, 2, 5)
    sink.finish()
    assert.deepEqual((await sink.arrival(2)).damage, [rect(1, 2, 2, 3)])
  })
})

test('a present that fails gives its damage back, and says why', async () => {
  await withSurface({}, async (surface) => {
    const sink = new ManualSink()
    surface.attach(sink)
    await sink.arrival(1)
    const error = new Error('the viewer went away')
    sink.finish(error)
    assert.deepEqual((await sink.arrival(2)).damage, [all])
    assert.deepEqual(sink.failures, [error])
  })
})

test('damage given back joins what came meanwhile', async () => {
  await withSurface({}, async (surface) => {
    const sink = new ManualSink()
    surface.attach(sink)
    await sink.arrival(1)
    sink.finish()
    setPixel(surface, 0, 0, 1)
    await sink.arrival(2)
    setPixel(surface, 63, 47, 1)
    surface.harvest()
    sink.finish(new Error('no'))
    const { damage } = await sink.arrival(3)
    for (const corner of [rect(0, 0, 1, 1), rect(63, 47, 64, 48)]) {
      assert.ok(damage.some((r) => containsRect(r, corner)))
    }
  })
})

test('a sink that throws at once is no different', async () => {
  await withSurface({}, async (surface) => {
    let calls = 0
    const shown = new Promise<readonly Rect[]>((resolve) => {
      surface.attach({
        name: 'throws',
        present({ damage }) {
          if (++calls === 1) throw new Error('first')
          resolve(damage)
        },
      })
    })
    assert.deepEqual(await shown, [all])
  })
})

test('a slow sink delays nobody, and gets the newest picture in one piece', async () => {
  await withSurface({}, async (surface) => {
    const slow = new ManualSink()
    surface.attach(slow)
    await slow.arrival(1)
    const seen: Rect[] = []
    let notify = () => {}
    surface.attach({
      name: 'fast',
      present({ damage }) {
        seen.push(...damage)
        notify()
      },
    })
    const isShown = async (what: (r: Rect) => boolean) => {
      while (!seen.some(what)) {
        await new Promise<void>((resolve) => {
          notify = resolve
        })
      }
    }
    await isShown((r) => r.y2 === 48)
    for (let x = 0; x < 10; x++) {
      setPixel(surface, x, 0, 1)
      await isShown((r) => r.x1 <= x && r.x2 > x && r.y2 === 1)
    }
    assert.equal(slow.presents.length, 1)
    slow.finish()
    assert.deepEqual((await slow.arrival(2)).damage, [rect(0, 0, 10, 1)])
  })
})

test('a pull sink is presented once for each request', async () => {
  await withSurface({}, async (surface) => {
    const sink = new ManualSink()
    const attachment = surface.attach(sink, { demand: 'pull' })
    surface.harvest()
    assert.equal(sink.presents.length, 0)
    attachment.request()
    await sink.arrival(1)
    sink.finish()
    setPixel(surface, 3, 3, 1)
    surface.harvest()
    assert.equal(sink.presents.length, 1)
    assert.equal(attachment.pending, true)
    attachment.request(rect(-5, 0, 2, 1))
    const { damage } = await sink.arrival(2)
    assert.ok(damage.some((r) => containsRect(r, rect(3, 3, 4, 4))))
    assert.ok(damage.some((r) => containsRect(r, rect(0, 0, 2, 1))))
    assert.ok(
      damage.every((r) => containsRect(all, r)),
      'a viewer asks for what lies outside',
    )
  })
})

test('the clock stands still while nobody watches', async () => {
  await withSurface({}, async (surface) => {
    setPixel(surface, 0, 0, 1)
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(surface.stats.ticks, 0)
    const attachment = surface.attach(new ManualSink())
    attachment.close()
    assert.equal(surface.stats.ticks, 0)
    const sink = new ManualSink()
    surface.attach(sink)
    assert.equal((await sink.arrival(1)).pixels[0], 1, 'what was stored meanwhile is there')
  })
})

test('a detached sink hears the abort', async () => {
  await withSurface({}, async (surface) => {
    const sink = new ManualSink()
    const attachment = surface.attach(sink)
    const { signal } = await sink.arrival(1)
    attachment.close()
    attachment.close()
    assert.equal(signal.aborted, true)
  })
})

test('a new mode starts every sink over, and damage of the old one is forgotten', async () => {
  await withSurface({}, async (surface) => {
    const sink = new ManualSink()
    surface.attach(sink)
    await sink.arrival(1)
    surface.setMode({ width: 16, height: 8, format: 'rgb565' })
    sink.finish(new Error('encoded for the old mode'))
    assert.deepEqual((await sink.arrival(2)).damage, [rect(0, 0, 16, 8)])
    assert.throws(() => surface.setMode({ width: 640, height: 480 }), InvalidArgumentError)
    assert.equal(surface.mode.width, 16, 'a refused mode changes nothing')
  })
})

test('panning shows what was stored outside of the picture', async () => {
  await withSurface({ width: 8, height: 4, capacityBytes: 8192 }, async (surface) => {
    surface.harvest()
    surface.pixels[4096 + 3] = 77
    surface.harvest()
    surface.setMode({ width: 8, height: 4, offsetBytes: 4096 })
    assert.equal(surface.snapshot().pixels[3], 77)
  })
})

test('a new palette repaints an indexed surface', async () => {
  await withSurface({ format: 'c8' }, async (surface) => {
    const sink = new ManualSink()
    surface.attach(sink)
    await sink.arrival(1)
    sink.finish()
    surface.setPalette(new Uint8Array(768).fill(3))
    assert.deepEqual((await sink.arrival(2)).damage, [all])
    assert.throws(() => surface.setPalette(new Uint8Array(3)), InvalidArgumentError)
  })
})

test('drain waits for the last picture, and for no longer than it is told', async () => {
  await withSurface({}, async (surface) => {
    const sink = new ManualSink()
    surface.attach(sink)
    await sink.arrival(1)
    sink.finish()
    setPixel(surface, 9, 9, 9)
    const drained = surface.drain(60_000)
    await sink.arrival(2)
    sink.finish()
    assert.equal(await drained, true)
    setPixel(surface, 9, 9, 8)
    assert.equal(await surface.drain(1), false)
  })
})

test('after close everything says so, and close may be called again', async () => {
  const surface = await Surface.create({ width: 4, height: 4 })
  let told = 0
  surface.attach({ name: 'listening', present() {}, surfaceClosed: () => told++ })
  await surface.close()
  await surface.close()
  assert.equal(told, 1)
  assert.throws(() => surface.pixels, ClosedError)
  assert.throws(() => surface.harvest(), ClosedError)
  assert.throws(() => surface.markDirty(), ClosedError)
  assert.throws(() => surface.attach(new ManualSink()), ClosedError)
  surface.detachWriter(1)
  surface.input.send([{ type: 0, code: 0, value: 0 }])
})

for (const [what, options] of [
  ['fps of 0', { fps: 0 }],
  ['a capacity below the mode', { capacityBytes: 4096 }],
  ['an unknown tracker', { tracker: 'magic' as 'auto' }],
] as const) {
  test(`${what} is refused`, async () => {
    await assert.rejects(Surface.create({ width: 64, height: 48, ...options }), InvalidArgumentError)
  })
}
