import type { DeviceMemory, RingConsumer, RingPlace, RingProducer } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { eventBytes } from '../../src/ring/layout.js'

/** Both ends of a ring in a memory of its own; an event is a number. */
export interface TestRing {
  readonly memory: DeviceMemory
  /** The page, by words. */
  readonly words: Uint32Array
  readonly producer: RingProducer
  readonly consumer: RingConsumer
  /** @returns how many found room */
  post(values: readonly number[]): number
  /** Without releasing them. @param most default: all that there are */
  take(most?: number): number[]
}

/** @param index where both indices start */
export function createRing(place: RingPlace, index = 0): TestRing {
  const memory = new binding.DeviceMemory(binding.pageSize)
  const words = new Uint32Array(memory.untracked, 0, 1024)
  words[place.cons / 4] = index
  words[place.prod / 4] = index
  return { memory, words, ...ringEnds(memory, place) }
}

/** Both ends of a ring in this memory's first page. */
export function ringEnds(memory: DeviceMemory, place: RingPlace): Omit<TestRing, 'memory' | 'words'> {
  const producer = new binding.RingProducer(memory, 0, place)
  const consumer = new binding.RingConsumer(memory, 0, place)
  return {
    producer,
    consumer,
    post(values) {
      const events = new Uint32Array((values.length * eventBytes) / 4)
      for (const [i, value] of values.entries()) events.fill(value, i * 10, i * 10 + 10)
      return producer.post(new Uint8Array(events.buffer), values.length)
    },
    take(most = place.slots) {
      const events = new Uint32Array((most * eventBytes) / 4)
      const count = consumer.take(new Uint8Array(events.buffer))
      const words = events.subarray(0, Math.max(0, count) * 10)
      if (words.some((word, i) => word !== words[i - (i % 10)])) throw new Error('a torn event')
      return Array.from({ length: words.length / 10 }, (_, i) => words[i * 10]!)
    },
  }
}
