import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InvalidArgumentError } from '../../src/errors.js'
import { createMode, modeBytes } from '../../src/surface/mode.js'

test('defaults: xrgb8888, no padding, no offset', () => {
  const mode = createMode({ width: 5, height: 3 })
  assert.equal(mode.format.name, 'xrgb8888')
  assert.equal(mode.strideBytes, 20)
  assert.equal(mode.offsetBytes, 0)
  assert.equal(modeBytes(mode), 60)
})

test('the padding of the last row is not needed', () => {
  assert.equal(modeBytes(createMode({ width: 5, height: 3, format: 'rgb888', strideBytes: 64 })), 2 * 64 + 15)
})

for (const [what, options] of [
  ['a width of 0', { width: 0, height: 1 }],
  ['a height of 100000', { width: 1, height: 100000 }],
  ['a fraction', { width: 1.5, height: 1 }],
  ['not a number', { width: Number.NaN, height: 1 }],
  ['a stride shorter than a row', { width: 10, height: 1, strideBytes: 39 }],
  ['a negative offset', { width: 1, height: 1, offsetBytes: -1 }],
  ['an unknown format', { width: 1, height: 1, format: 'toString' as 'c8' }],
] as const) {
  test(`${what} is refused, with what was expected and received`, () => {
    assert.throws(
      () => createMode(options),
      (error: Error) => {
        assert.ok(error instanceof InvalidArgumentError)
        assert.match(error.message, /expected .* received /)
        return true
      },
    )
  })
}
