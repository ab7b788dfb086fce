import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { test } from 'node:test'
import { FrameClock } from '../../src/surface/frame-clock.js'

/** A clock whose ticks can be awaited. The clock itself never keeps a process alive, so the test does. */
function tickingClock(moved: () => boolean, rest = () => false) {
  const keepAlive = setInterval(() => {}, 1000)
  let onTick = () => {}
  let ticks = 0
  const clock = new FrameClock({
    intervalMs: 1,
    tick: () => {
      ticks++
      onTick()
      return moved()
    },
    rest,
  })
  return {
    clock,
    get ticks() {
      return ticks
    },
    nextTick: () =>
      new Promise<void>((resolve) => {
        onTick = resolve
      }),
    end: () => {
      clock.stop()
      clearInterval(keepAlive)
    },
  }
}

test('it ticks as soon as it is started, and again', async () => {
  const run = tickingClock(() => true)
  run.clock.start()
  await run.nextTick()
  await run.nextTick()
  assert.equal(run.clock.intervalMs, 1, 'something moves: full rate')
  run.end()
})

test('it backs off when nothing moves, and a wake brings it back', async () => {
  const run = tickingClock(() => false)
  run.clock.start()
  while (run.clock.intervalMs < 40) await run.nextTick()
  run.clock.wake()
  assert.equal(run.clock.intervalMs, 1)
  const before = run.ticks
  await run.nextTick()
  assert.equal(run.ticks, before + 1)
  run.end()
})

test('movement ends the back-off', async () => {
  let moves = false
  const run = tickingClock(() => moves)
  run.clock.start()
  while (run.clock.intervalMs < 40) await run.nextTick()
  moves = true
  await run.nextTick()
  await run.nextTick()
  assert.equal(run.clock.intervalMs, 1)
  run.end()
})

test('stopped, it never ticks; a wake does not start it', async () => {
  const run = tickingClock(() => true)
  run.clock.start()
  await run.nextTick()
  run.clock.stop()
  run.clock.wake()
  const before = run.ticks
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(run.ticks, before)
  assert.equal(run.clock.running, false)
  run.end()
})

test('where the next store wakes it, it rests when nothing moves', async () => {
  let resting = () => {}
  const rested = new Promise<void>((resolve) => {
    resting = resolve
  })
  const run = tickingClock(
    () => false,
    () => {
      resting()
      return true
    },
  )
  run.clock.start()
  await rested
  const before = run.ticks
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(run.ticks, before, 'no look at all')
  run.clock.wake()
  await run.nextTick()
  assert.equal(run.ticks, before + 1)
  run.end()
})

test('a wake out of a timer ticks before the event loop sleeps', async () => {
  let rest = () => {}
  const resting = new Promise<void>((resolve) => {
    rest = resolve
  })
  const run = tickingClock(
    () => false,
    () => {
      rest()
      return true
    },
  )
  run.clock.start()
  await resting
  const tick = run.nextTick()
  const slept = await new Promise<number>((resolve) => {
    setTimeout(() => {
      const before = performance.nodeTiming.idleTime
      run.clock.wake()
      tick.then(() => resolve(performance.nodeTiming.idleTime - before))
    }, 1)
  })
  run.end()
  assert.ok(slept < 10, `it slept for ${slept} ms`)
})
