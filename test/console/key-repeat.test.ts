import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { KeyRepeat } from '../../src/console/key-repeat.js'

function repeating(t: TestContext) {
  let now = 0
  t.mock.method(performance, 'now', () => now)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const repeated: number[] = []
  const pass = (ms: number) => {
    for (let i = 0; i < ms; i++) {
      now++
      t.mock.timers.tick(1)
    }
  }
  return { keys: new KeyRepeat((code) => repeated.push(code)), repeated, pass }
}

test('the last key that went down repeats until it goes up', (t) => {
  const { keys, repeated, pass } = repeating(t)
  keys.pressed(30)
  pass(700)
  assert.deepEqual(repeated, [])
  keys.pressed(31)
  pass(1000)
  assert.ok(repeated.length >= 3 && repeated.every((code) => code === 31))
  keys.released(30)
  const count = repeated.length
  pass(200)
  assert.ok(repeated.length > count, 'another key means nothing')
  keys.released(31)
  const end = repeated.length
  pass(2000)
  assert.equal(repeated.length, end)
})

test('one whose release is lost stops in the end', (t) => {
  const { keys, repeated, pass } = repeating(t)
  keys.pressed(30)
  pass(40_000)
  const count = repeated.length
  pass(10_000)
  assert.equal(repeated.length, count)
})
