import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { binding } from '../../src/native/load.js'

const { pageSize } = binding

function createMemory() {
  const memory = new binding.DeviceMemory(pageSize)
  return { memory, words: new Uint32Array(memory.untracked) }
}

describe('words of device memory', () => {
  it('are loaded, stored and exchanged whole', () => {
    const { memory, words } = createMemory()
    binding.storeWord(memory, 8, 0xfedcba98)
    assert.equal(words[2], 0xfedcba98)
    assert.equal(binding.loadWord(memory, 8), 0xfedcba98)
    assert.equal(binding.exchangeWord(memory, 8, 1), 0xfedcba98)
    assert.equal(words[2], 1)
  })

  it('lie inside of it, and are aligned', () => {
    const { memory } = createMemory()
    for (const offset of [-4, 2, pageSize - 2, pageSize, 2 ** 40, Number.NaN]) {
      assert.throws(() => binding.loadWord(memory, offset), RangeError)
      assert.throws(() => binding.storeWord(memory, offset, 0), RangeError)
      assert.throws(() => binding.exchangeWord(memory, offset, 0), RangeError)
    }
    for (const value of [-1, 2 ** 32, 0.5])
      assert.throws(() => binding.storeWord(memory, 0, value), RangeError)
    assert.throws(() => binding.loadWord({} as typeof memory, 0), TypeError)
    memory.close()
    assert.throws(() => binding.loadWord(memory, 0), { code: 'ERR_CLOSED' })
  })
})

describe('the dirty bitmap', () => {
  it('gives back the pages that were marked, as longest runs, once', () => {
    const pages = 300
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(pages - 1), fc.integer({ min: 0, max: 80 }))),
        fc.integer({ min: 1, max: 8 }),
        (marks, capacity) => {
          const { memory, words } = createMemory()
          const expected = new Set<number>()
          for (const [first, most] of marks) {
            const count = Math.min(most, pages - first)
            binding.markBitmap(memory, 64, pages, first, count)
            for (let page = first; page < first + count; page++) expected.add(page)
          }
          const taken: number[] = []
          const runs = new Uint32Array(2 * capacity)
          for (;;) {
            const count = binding.takeBitmap(memory, 64, pages, runs)
            for (let i = 0; i < count; i++) {
              const [first, length] = [runs[2 * i]!, runs[2 * i + 1]!]
              assert.ok(i === 0 || first > taken.at(-1)! + 1, 'ascending, not adjacent')
              for (let page = first; page < first + length; page++) taken.push(page)
            }
            if (count < capacity) break
          }
          assert.deepEqual(
            taken,
            [...expected].sort((a, b) => a - b),
          )
          assert.ok(words.every((word) => word === 0))
        },
      ),
    )
  })

  it('has no pages behind its last one', () => {
    const { memory, words } = createMemory()
    words[0] = 0xffffffff
    words[1] = 0xffffffff
    const runs = new Uint32Array(8)
    assert.equal(binding.takeBitmap(memory, 0, 35, runs), 1)
    assert.deepEqual([...runs.subarray(0, 2)], [0, 35])
    assert.equal(binding.takeBitmap(memory, 0, 0, runs), 0)
  })

  it('leaves all where there is no room for a run', () => {
    const { memory, words } = createMemory()
    words[1] = 6
    assert.equal(binding.takeBitmap(memory, 0, 64, new Uint32Array(1)), 0)
    assert.equal(words[1], 6)
  })

  it('lies inside of the memory', () => {
    const { memory } = createMemory()
    const runs = new Uint32Array(2)
    const most = pageSize * 8
    assert.throws(() => binding.takeBitmap(memory, 0, most + 1, runs), RangeError)
    assert.throws(() => binding.takeBitmap(memory, 4, most, runs), RangeError)
    assert.throws(() => binding.takeBitmap(memory, 1, 1, runs), RangeError)
    assert.throws(() => binding.takeBitmap(memory, 0, 2 ** 32 - 1, runs), RangeError)
    assert.throws(() => binding.markBitmap(memory, 0, 100, 90, 11), RangeError)
    assert.throws(() => binding.markBitmap(memory, 0, 100, 101, 0), RangeError)
  })
})
