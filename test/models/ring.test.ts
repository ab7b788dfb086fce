/**
 * The protocol of a ring's doorbell (native/ring/ring.h, docs/protocol.md): all interleavings of a producer that posts
 * batches and a consumer that takes, releases, and sleeps until the bell rings, where a store may reach the other side
 * later than a load that follows it, unless the two are one storeThenLoad. When the producer is silent and the consumer
 * sleeps, everything was taken.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Action, blocked, explore, inOrder, type Model } from '../support/model/explore.js'

interface Ring {
  prod: number
  cons: number
  /** Stores that the other side does not see yet. */
  lateProd?: number | undefined
  lateCons?: number | undefined
  /** The producer's own index, what it was before, and the other side's as it read it. */
  posted: number
  before: number
  seenCons: number
  /** The consumer's own index, and the other side's as it read it. */
  taken: number
  seenProd: number
  rung: boolean
}

const initial: Ring = {
  prod: 0,
  cons: 0,
  posted: 0,
  before: 0,
  seenCons: 0,
  taken: 0,
  seenProd: 0,
  rung: false,
}

/** Of one event and of two, more than the ring holds in all: it is full at times. */
const batches = [1, 2, 1, 2]
const slots = 3
const total = batches.reduce((sum, size) => sum + size, 0)

const producerSteps = {
  post: (size: number) => (ring: Ring) => {
    ring.before = ring.posted
    const waiting = ring.posted - ring.cons
    // In the model the producer waits for room: what the frontend does instead needs no doorbell.
    if (waiting + size > slots) return blocked
    ring.posted += size
    return undefined
  },
  'store prod': (ring: Ring) => {
    ring.lateProd = ring.posted
  },
  barrier: (ring: Ring) => {
    arrive(ring, 'prod')
  },
  'load cons': (ring: Ring) => {
    ring.seenCons = ring.cons
  },
  ring: (ring: Ring) => {
    if (ring.seenCons === ring.before) ring.rung = true
  },
} as const

function arrive(ring: Ring, index: 'prod' | 'cons'): void {
  const late = index === 'prod' ? 'lateProd' : 'lateCons'
  if (ring[late] !== undefined) ring[index] = ring[late]
  ring[late] = undefined
}

type ProducerStep = Exclude<keyof typeof producerSteps, 'post'>

const consumerSteps = {
  hear: (ring: Ring) => {
    ring.rung = false
  },
  take: (ring: Ring) => {
    ring.taken = ring.prod
  },
  'store cons': (ring: Ring) => {
    ring.lateCons = ring.taken
  },
  barrier: (ring: Ring) => {
    arrive(ring, 'cons')
  },
  'load prod': (ring: Ring) => {
    ring.seenProd = ring.prod
  },
} as const

type ConsumerStep = keyof typeof consumerSteps

interface Orders {
  producer: ProducerStep[]
  consumer: ConsumerStep[]
}

const code: Orders = {
  producer: ['store prod', 'barrier', 'load cons', 'ring'],
  consumer: ['hear', 'take', 'store cons', 'barrier', 'load prod'],
}

function model({ producer, consumer }: Orders): Model<Ring> {
  const posts = batches.flatMap((size, i) => [
    [`post ${i}`, producerSteps.post(size)] as [string, Action<Ring>],
    ...producer.map((name): [string, Action<Ring>] => [`${name} ${i}`, producerSteps[name]]),
  ])
  const looks = consumer.map((name, i) => {
    const step = consumerSteps[name]
    const next = consumer[i + 1] ?? 'decide'
    return [
      name,
      (ring: Ring) => {
        step(ring)
        return next
      },
    ] as const
  })
  return {
    initial,
    threads: {
      producer: { steps: inOrder<Ring>(posts) },
      consumer: {
        serves: true,
        steps: {
          ...Object.fromEntries(looks),
          decide: ({ seenProd, taken }) => (seenProd !== taken ? consumer[0] : 'sleep'),
          sleep: ({ rung }) => (rung ? consumer[0] : blocked),
        },
      },
      'store buffers': {
        serves: true,
        steps: {
          prod: (ring) => {
            if (ring.lateProd === undefined && ring.lateCons === undefined) return blocked
            if (ring.lateProd !== undefined) arrive(ring, 'prod')
            else arrive(ring, 'cons')
            return 'prod'
          },
        },
      },
    },
    wrongAtEnd: ({ taken }) =>
      taken < total ? `asleep, and ${total - taken} events were not taken` : undefined,
  }
}

const wrong: Record<string, Orders> = {
  "a producer's index that may arrive after it looked": {
    ...code,
    producer: ['store prod', 'load cons', 'ring'],
  },
  "a consumer's index that may arrive after it looked": {
    ...code,
    consumer: ['hear', 'take', 'store cons', 'load prod'],
  },
  'not looking once more before it sleeps': {
    ...code,
    consumer: ['hear', 'take', 'load prod', 'store cons', 'barrier'],
  },
  'looking at the consumer before the index is stored': {
    ...code,
    producer: ['load cons', 'store prod', 'barrier', 'ring'],
  },
  'hearing the bell after it looked': {
    ...code,
    consumer: ['take', 'store cons', 'barrier', 'load prod', 'hear'],
  },
}

describe("model of a ring's doorbell", () => {
  it('loses no wake-up in the order of the code', () => {
    const { states, failure } = explore(model(code))
    assert.equal(failure, undefined, failure?.trace.join('\n'))
    assert.ok(states > 1000, `${states} states`)
  })
  for (const [name, orders] of Object.entries(wrong)) {
    it(`loses one by ${name}`, () => {
      assert.match(explore(model(orders)).failure?.what ?? '', /^asleep|^wait for ever/)
    })
  }
})
