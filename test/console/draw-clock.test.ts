/** What this holds: drawing takes its share of the time and no more, and no timer runs where nothing is to be drawn. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { DrawClock } from '../../src/console/draw-clock.js'

/** A clock whose time the test makes, and which draws for so long. */
function clock(t: TestContext, drawMs: number) {
  let now = 1000
  t.mock.method(performance, 'now', () => now)
  t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] })
  let draws = 0
  const made = new DrawClock(60, () => {
    draws++
    now += drawMs
  })
  return {
    clock: made,
    pass: (ms: number) => {
      now += ms
      t.mock.timers.tick(ms)
    },
    get draws() {
      return draws
    },
  }
}

test('at once after a pause, then at most once a frame', (t) => {
  const made = clock(t, 0)
  made.clock.request()
  made.clock.request()
  made.pass(1)
  assert.equal(made.draws, 1)
  made.clock.request()
  made.pass(10)
  assert.equal(made.draws, 1)
  made.pass(7)
  assert.equal(made.draws, 2)
  assert.equal(made.clock.pending, false)
})

test('of a flood, a sixteenth of the time', (t) => {
  const drawMs = 10
  const made = clock(t, drawMs)
  const floodMs = 10_000
  for (let ms = 0; ms < floodMs; ms++) {
    made.clock.request()
    made.pass(1)
  }
  assert.ok(made.draws * drawMs <= floodMs / 12, `${made.draws} draws`)
  assert.ok(made.draws * drawMs >= floodMs / 20, `${made.draws} draws`)
})

test('flush draws what is to be drawn, and nothing else', (t) => {
  const made = clock(t, 0)
  made.clock.flush()
  assert.equal(made.draws, 0)
  made.clock.request()
  made.clock.flush()
  made.clock.flush()
  assert.equal(made.draws, 1)
  made.clock.request()
  made.clock.cancel()
  made.pass(1000)
  assert.equal(made.draws, 1)
})
