import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { binding } from '../../src/native/load.js'
import { eventBytes, framebufferPage, keyboardPage } from '../../src/ring/layout.js'
import { createRing } from '../support/ring.js'

const places = {
  'framebuffer in': framebufferPage.in,
  'framebuffer out': framebufferPage.out,
  'keyboard in': keyboardPage.in,
  'keyboard out': keyboardPage.out,
}

for (const [name, place] of Object.entries(places)) {
  const { slots } = place

  describe(`the ${name} ring, of ${slots} slots`, () => {
    it('takes what was posted, from every slot, in batches of every size', () => {
      const { post, take, consumer } = createRing(place)
      for (let size = 1; size <= slots; size++) {
        for (let start = 0; start < slots; start++) {
          const batch = Array.from({ length: size }, (_, i) => start * 1000 + i)
          assert.equal(post(batch), size)
          assert.deepEqual(take(), batch)
          assert.equal(consumer.release(size), false)
        }
      }
    })

    it('goes on where the indices wrap from 2^32 - 1 to 0, and the slot jumps', () => {
      for (let before = 0; before <= slots; before++) {
        for (let size = 1; size <= slots; size++) {
          const { post, take, consumer, words } = createRing(place, 2 ** 32 - before)
          for (let next = 0; next < 2 * slots; ) {
            const posted = post(Array.from({ length: size }, (_, i) => next + i))
            assert.ok(posted > 0)
            // What is behind the jump waits where its slot is still in use.
            assert.deepEqual(
              take(),
              Array.from({ length: posted }, (_, i) => next + i),
            )
            consumer.release(posted)
            next += posted
            assert.equal(words[place.prod / 4], (next - before) >>> 0)
            assert.equal(words[place.cons / 4], words[place.prod / 4])
          }
        }
      }
    })

    it('has room for as many events as it has slots, and says how many found room', () => {
      const { post, take, consumer } = createRing(place, 2 ** 31)
      assert.equal(post(Array.from({ length: slots + 3 }, (_, i) => i)), slots)
      assert.equal(post([7]), 0)
      assert.equal(take().length, slots)
      assert.equal(post([7]), 0, 'taken, and not yet released')
      consumer.release(2)
      assert.equal(post([7, 8, 9]), 2)
    })

    it('leaves events in the ring until they are released, and takes the rest again', () => {
      const { post, take, consumer } = createRing(place)
      post([1, 2, 3])
      assert.deepEqual(take(2), [1, 2])
      assert.equal(consumer.release(1), true)
      assert.deepEqual(take(), [2, 3])
      assert.throws(() => consumer.release(3), RangeError)
      assert.equal(consumer.release(2), false)
      assert.throws(() => consumer.release(1), RangeError)
    })

    it('refuses a batch that is larger than the ring, and goes on behind it', () => {
      for (const claimed of [slots + 1, 2 ** 31, 2 ** 32 - 1]) {
        const { take, consumer, words } = createRing(place, 10)
        words[place.prod / 4] = 10 + claimed
        assert.equal(consumer.take(new Uint8Array(slots * eventBytes)), -1)
        assert.equal(words[place.cons / 4], (10 + claimed) >>> 0)
        assert.deepEqual(take(), [])
      }
    })

    it("takes a consumer's index that cannot be for a full ring", () => {
      for (const cons of [11, 10 - slots - 1, 10 + 2 ** 31]) {
        const { post, words } = createRing(place, 10)
        words[place.cons / 4] = cons
        assert.equal(post([1]), 0)
      }
    })

    it('keeps its own index, whatever the page says', () => {
      const { post, take, consumer, words } = createRing(place)
      post([1])
      words[place.cons / 4] = 12345
      assert.deepEqual(take(), [1])
      consumer.release(1)
      words[place.prod / 4] = 777
      assert.equal(post([2]), 1)
      assert.equal(words[place.prod / 4], 2)
      assert.deepEqual(take(), [2])
    })

    it('rings where the ring was empty, once', () => {
      const { post, take, consumer, producer } = createRing(place)
      assert.equal(producer.takeBell(), false)
      post([1])
      assert.equal(producer.takeBell(), true)
      assert.equal(producer.takeBell(), false)
      post([2])
      assert.equal(producer.takeBell(), false, 'who has not looked has been rung for')
      take()
      consumer.release(2)
      post([])
      assert.equal(producer.takeBell(), false)
      post([3])
      assert.equal(producer.takeBell(), true)
    })

    it('starts over behind the newest event', () => {
      const { post, take, consumer } = createRing(place)
      post([1, 2])
      assert.equal(consumer.skip(), false)
      assert.deepEqual(take(), [])
      post([3])
      assert.deepEqual(take(), [3])
    })
  })
}

describe('a ring', () => {
  it('is looked for inside of the memory alone', () => {
    const memory = new binding.DeviceMemory(binding.pageSize)
    const ring = (offset: unknown, place: unknown) =>
      new binding.RingConsumer(memory, offset as number, place as typeof keyboardPage.in)
    const place = keyboardPage.in
    assert.throws(() => ring(binding.pageSize, place), RangeError)
    assert.throws(() => ring(-4096, place), RangeError)
    assert.throws(() => ring(8, place), RangeError)
    assert.throws(() => ring(0, undefined), TypeError)
    for (const [field, value] of [
      ['cons', 4096],
      ['cons', 2],
      ['prod', -4],
      ['events', 4064],
      ['slots', 0],
      ['slots', 77],
      ['slots', Number.NaN],
      ['slots', 2 ** 32 + 1],
      ['events', '8'],
    ] as const) {
      assert.throws(() => ring(0, { ...place, [field]: value }), RangeError, `${field} ${value}`)
    }
    memory.close()
    assert.throws(() => ring(0, place), { code: 'ERR_CLOSED' })
  })

  it('works on after the memory was closed: it holds it', () => {
    const { post, take, memory } = createRing(keyboardPage.in)
    memory.close()
    post([5])
    assert.deepEqual(take(), [5])
  })

  it('posts no more events than it was given', () => {
    const { producer } = createRing(keyboardPage.in)
    assert.throws(() => producer.post(new Uint8Array(79), 2), RangeError)
    assert.throws(() => producer.post(new Uint8Array(80), 1.5), RangeError)
  })
})
