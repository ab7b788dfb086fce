import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { test } from 'node:test'
import { systemReason } from '../../src/util/system-reason.js'

test('the reason alone, without the call and the path', () => {
  try {
    statSync('/nonexistent/file')
    assert.fail('there is no such file')
  } catch (error) {
    assert.equal(systemReason(error), 'no such file or directory')
  }
})

test("the addon's errors have positive numbers", () => {
  assert.equal(systemReason(Object.assign(new Error('bind'), { errno: 98 })), 'address already in use')
})

test("an error that is no system call's says its message", () => {
  assert.equal(systemReason(new Error('by itself')), 'by itself')
})
