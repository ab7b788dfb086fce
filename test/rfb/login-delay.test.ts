import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LoginDelay } from '../../src/rfb/login-delay.js'

describe('LoginDelay', () => {
  it('lets the first answer go at once, and each one after a failure wait longer', () => {
    const delay = new LoginDelay(100)
    assert.equal(delay.reserve('a', false, 0), 0)
    assert.equal(delay.reserve('a', false, 0), 100)
    assert.equal(delay.reserve('a', false, 0), 300)
    assert.equal(delay.reserve('b', false, 0), 0, 'another address is another matter')
    assert.equal(delay.reserve('a', true, 500), 200)
    assert.equal(delay.reserve('a', false, 500), 0, 'a success forgives')
  })

  it('counts the time that has passed', () => {
    const delay = new LoginDelay(100)
    delay.reserve('a', false, 0)
    assert.equal(delay.reserve('a', false, 1000), 0)
  })

  it('never waits longer than 10 s, and remembers a bounded number of addresses', () => {
    const delay = new LoginDelay(100)
    for (let i = 0; i < 40; i++) delay.reserve('a', false, 0)
    assert.equal(delay.reserve('a', false, 0), 10_000)
    for (let i = 0; i < 2000; i++) delay.reserve(`other ${i}`, false, 0)
    assert.equal(delay.reserve('a', false, 0), 0)
  })
})
