import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InvalidArgumentError } from '../../src/errors.js'
import { formatAddress, parseAddress } from '../../src/util/address.js'

const good: Record<string, { host: string; port: number }> = {
  '127.0.0.1:5900': { host: '127.0.0.1', port: 5900 },
  '[::1]:0': { host: '::1', port: 0 },
  'localhost:65535': { host: 'localhost', port: 65535 },
}
for (const [text, address] of Object.entries(good)) {
  test(`${text} is read and written`, () => {
    assert.deepEqual(parseAddress(text), address)
    assert.equal(formatAddress(address), text)
  })
}

for (const text of [
  '',
  '5900',
  ':5900',
  'localhost',
  'host:65536',
  'host:-1',
  '::1:5900',
  '[host]:1',
  'a:1:2',
  '[]:1',
]) {
  test(`${JSON.stringify(text)} is refused`, () => {
    assert.throws(() => parseAddress(text), InvalidArgumentError)
  })
}
