/** What these hold: whoever speaks for the guest hears one wish at a time, the newest; every wish ends, however the guest answers. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { InvalidArgumentError } from '../../src/errors.js'
import { type ModeWish, wishIntervalMs, wishTimeoutMs } from '../../src/surface/mode-wishes.js'
import { Surface } from '../../src/surface/surface.js'

const small = { width: 64, height: 48, capacityBytes: 2 ** 20, fps: 1 }

/** A surface with a guest that hears wishes, and time that stands still. */
async function heard(t: TestContext): Promise<{ surface: Surface; wishes: ModeWish[] }> {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const surface = await Surface.create(small)
  t.after(() => surface.close())
  const wishes: ModeWish[] = []
  surface.on('modeWanted', (wish) => wishes.push(wish))
  return { surface, wishes }
}

const sizes = (wishes: readonly ModeWish[]) => wishes.map(({ width, height }) => [width, height])

describe('a wish', () => {
  it('is answered by a mode, whatever its size', async (t) => {
    const { surface, wishes } = await heard(t)
    const answer = surface.requestMode({ width: 100, height: 50 })
    assert.deepEqual(sizes(wishes), [[100, 50]])
    surface.setMode({ width: 96, height: 50 })
    assert.deepEqual(await answer, { outcome: 'set', mode: surface.mode })
  })

  it('is answered by the mode that there is, too', async (t) => {
    const { surface } = await heard(t)
    const answer = surface.requestMode({ width: 100, height: 50 })
    surface.setMode({ width: 64, height: 48 })
    assert.deepEqual(await answer, { outcome: 'set', mode: surface.mode })
    const same = await surface.requestMode({ width: 64, height: 48 })
    assert.equal(same.outcome, 'set')
  })

  it('is refused, or not answered', async (t) => {
    const { surface, wishes } = await heard(t)
    const refused = surface.requestMode({ width: 100, height: 50 })
    wishes[0]!.refuse()
    assert.deepEqual(await refused, { outcome: 'refused' })
    t.mock.timers.tick(wishIntervalMs)
    const late = surface.requestMode({ width: 100, height: 50 })
    t.mock.timers.tick(wishTimeoutMs)
    assert.deepEqual(await late, { outcome: 'timeout' })
    wishes[1]!.refuse()
    surface.setMode({ width: 100, height: 50 })
  })

  it('without anybody who hears is prohibited', async () => {
    await using surface = await Surface.create(small)
    assert.deepEqual(await surface.requestMode({ width: 100, height: 50 }), { outcome: 'prohibited' })
  })

  it('that memory has no room for is not told', async (t) => {
    const { surface, wishes } = await heard(t)
    assert.deepEqual(await surface.requestMode({ width: 1000, height: 1000 }), { outcome: 'too-large' })
    assert.deepEqual(wishes, [])
    for (const width of [0, -1, 0.5, 20_000]) {
      await assert.rejects(surface.requestMode({ width, height: 9 }), InvalidArgumentError)
    }
  })

  it('waits for the answer to the one before, and only the newest does', async (t) => {
    const { surface, wishes } = await heard(t)
    const [first, second, third] = [70, 80, 90].map((width) => surface.requestMode({ width, height: 50 }))
    assert.deepEqual(await second, { outcome: 'replaced' })
    assert.deepEqual(sizes(wishes), [[70, 50]])
    surface.setMode({ width: 70, height: 50 })
    assert.equal((await first!).outcome, 'set')
    assert.equal(wishes.length, 1, 'not so soon after the first')
    t.mock.timers.tick(wishIntervalMs)
    assert.deepEqual(sizes(wishes), [
      [70, 50],
      [90, 50],
    ])
    surface.setMode({ width: 90, height: 50 })
    assert.equal((await third!).outcome, 'set')
  })

  it('may be withdrawn, while it waits or is told', async (t) => {
    const { surface, wishes } = await heard(t)
    const controllers = [new AbortController(), new AbortController()]
    const [told, waiting] = controllers.map(({ signal }, i) =>
      surface.requestMode({ width: 70 + i, height: 50 }, { signal }),
    )
    controllers[1]!.abort(new Error('second'))
    await assert.rejects(waiting!, /second/)
    controllers[0]!.abort(new Error('first'))
    await assert.rejects(told!, /first/)
    t.mock.timers.tick(wishTimeoutMs)
    assert.equal(wishes.length, 1)
    await assert.rejects(
      surface.requestMode({ width: 70, height: 50 }, { signal: AbortSignal.abort(new Error('third')) }),
      /third/,
    )
  })

  it('ends with the surface', async (t) => {
    const { surface } = await heard(t)
    const answers = [70, 80].map((width) => surface.requestMode({ width, height: 50 }))
    await surface.close()
    assert.deepEqual(await Promise.all(answers), [{ outcome: 'refused' }, { outcome: 'refused' }])
  })

  it('is whose the new mode is, to sinks', async (t) => {
    const { surface } = await heard(t)
    const told: (object | undefined)[] = []
    surface.attach({ name: 'listening', present() {}, modeChanged: (_, by) => told.push(by) })
    const by = { name: 'viewer' }
    surface.requestMode({ width: 100, height: 50 }, { by })
    surface.setMode({ width: 100, height: 50 })
    surface.setMode({ width: 64, height: 48 })
    assert.deepEqual(told, [by, undefined])
  })
})
