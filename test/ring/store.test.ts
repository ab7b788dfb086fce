import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createDeviceMemory } from '../../src/ring/memory.js'
import { PeerWords } from '../../src/ring/peer.js'
import {
  formatStore,
  parseStore,
  readStore,
  storeHas,
  storeNumber,
  writeStore,
} from '../../src/ring/store.js'

const parse = (text: string) => [...parseStore(Buffer.from(text, 'latin1'))]

describe('a store', () => {
  it('is read as it was written', () => {
    const { memory } = createDeviceMemory({ pixelsBytes: 4096 })
    assert.deepEqual([...readStore(memory, 'backend')!], [])
    writeStore(memory, 'backend', [
      ['feature-x', 1],
      ['name', 'a = b, ~'],
      ['empty', ''],
    ])
    assert.deepEqual(
      [...readStore(memory, 'backend')!],
      [
        ['feature-x', '1'],
        ['name', 'a = b, ~'],
        ['empty', ''],
      ],
    )
    assert.deepEqual([...readStore(memory, 'frontend')!], [])
    memory.close()
  })

  it('cannot be read while it is being written, even by one that died in the middle', () => {
    const { memory } = createDeviceMemory({ pixelsBytes: 4096 })
    const words = new PeerWords(memory, 'backend')
    words.store('storeSerial', 0xffffffff)
    assert.equal(readStore(memory, 'backend'), undefined)
    writeStore(memory, 'backend', [['a', 1]])
    assert.equal(words.load('storeSerial'), 0)
    assert.deepEqual([...readStore(memory, 'backend')!], [['a', '1']])
    writeStore(memory, 'backend', [])
    assert.equal(words.load('storeSerial'), 2)
    memory.close()
  })

  it('skips lines that are wrong', () => {
    assert.deepEqual(parse('a=1\nB=2\n=3\nd\ne=\x7f\nf=\xff\ng=a\tb\na=9\nh=x=y\n\0i=1\n'), [
      ['a', '1'],
      ['h', 'x=y'],
    ])
    assert.deepEqual(parse('a=1\nb=2'), [['a', '1']], 'not ended')
    assert.deepEqual(parse(''), [])
  })

  it('has numbers up to 2^32 - 1; what is none is 0', () => {
    const store = parseStore(
      Buffer.from('a=12\nb=4294967295\nc=4294967296\nd=-1\ne=0x1\nf=1e3\ng= 1\nh=00\n\0'),
    )
    const numbers = [...'abcdefghi'].map((key) => storeNumber(store, key))
    assert.deepEqual(numbers, [12, 4294967295, 0, 0, 0, 0, 0, 0, 0])
    assert.deepEqual([storeHas(store, 'a'), storeHas(store, 'h')], [true, false])
  })

  it('is written by its alphabet, and not beyond its room', () => {
    for (const [key, value] of [
      ['A', '1'],
      ['', '1'],
      ['a', 'ä'],
      ['a', 'x\ny=1'],
      ['a', 'x\0'],
    ] as const) {
      assert.throws(() => formatStore([[key, value]]), { code: 'UMFB_INVALID_ARGUMENT' })
    }
    assert.equal(parseStore(formatStore([['a', 'x'.repeat(1532)]])).get('a')!.length, 1532)
    assert.throws(() => formatStore([['a', 'x'.repeat(1533)]]), /fewer than 1536/)
  })

  it('is never more than what was there: random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1536 }), (bytes) => {
        for (const [key, value] of parseStore(bytes)) {
          assert.match(key, /^[a-z0-9-]+$/)
          assert.ok(Buffer.from(bytes).includes(`${key}=${value}`, 0, 'latin1'))
        }
      }),
      { numRuns: 1000 },
    )
  })
})
