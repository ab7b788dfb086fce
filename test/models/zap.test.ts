/**
 * The protocol of zap (native/trackers/zap.cc), all interleavings of one or two writers, a reader and two or three harvests of
 * one page: with the order of the code no store is lost, and with each of the other orders one is.
 *
 * A page is unmapped, mapped for loads alone, or for stores too. Whoever accesses it otherwise waits for the handler.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Action, blocked, explore, inOrder, type Model, type Step } from '../support/model/explore.js'
import {
  freshPage,
  harvester,
  lock,
  lostUpdate,
  type Page,
  read,
  sequence,
  take,
  unlock,
  type Word,
  writer,
} from '../support/model/page.js'

type Fault = 'load' | 'store' | 'write protection'

interface ZappedPage extends Page {
  mapped: 'not' | 'for loads' | 'for stores'
  events: Fault[]
  /** What the handler is at. */
  fault: Fault | ''
  waits: { a: boolean; b: boolean; reader: boolean }
}

/** How a load is served: zap's way, zap-reads', and the trap of a mapping that is writable after a load. */
type Loads = 'protected' | 'counted' | 'writable'

const initial: ZappedPage = {
  ...freshPage(2),
  mapped: 'not',
  events: [],
  fault: '',
  waits: { a: false, b: false, reader: false },
}

const handlerSteps = (loads: Loads) =>
  ({
    lock: lock('handler'),
    /** UFFDIO_CONTINUE or UFFDIO_WRITEPROTECT; wakes who waits. */
    resolve: (page) => {
      if (page.fault !== 'load' || loads === 'counted') page.mapped = 'for stores'
      else if (page.mapped === 'not') page.mapped = loads === 'writable' ? 'for stores' : 'for loads'
      page.waits = { a: false, b: false, reader: false }
    },
    record: (page) => {
      if (page.fault !== 'load' || loads === 'counted') page.recorded = true
    },
    unlock,
  }) satisfies Record<string, Action<ZappedPage>>

const harvestSteps = {
  lock: lock('harvest'),
  /** MADV_DONTNEED of the record's pages. */
  zap: (page) => {
    if (page.recorded) page.mapped = 'not'
  },
  take,
  unlock,
  read,
} satisfies Record<string, Action<ZappedPage>>

interface Orders {
  loads: Loads
  handler: (keyof ReturnType<typeof handlerSteps>)[]
  harvest: (keyof typeof harvestSteps)[]
}

function fault(page: ZappedPage, kind: Fault, who: Word | 'reader'): void {
  page.events.push(kind)
  page.waits[who] = true
}

function storeFault(word: Word) {
  return [
    [
      'fault',
      (page: ZappedPage) => {
        if (page.mapped === 'not') fault(page, 'store', word)
        if (page.mapped === 'for loads') fault(page, 'write protection', word)
      },
    ],
    ['wait', (page: ZappedPage) => (page.waits[word] ? blocked : undefined)],
  ] as const
}

const reader: Record<string, Step<ZappedPage>> = {
  load: (page) => {
    if (page.mapped !== 'not') return undefined
    fault(page, 'load', 'reader')
    return 'wait'
  },
  wait: ({ waits }) => (waits.reader ? blocked : 'load'),
}

/** Stores of each writer, and harvests: all at once would be millions of states. */
const casts = [
  { a: 2, b: 0, harvests: 3 },
  { a: 1, b: 1, harvests: 2 },
]

function model({ loads, handler, harvest }: Orders, stores: (typeof casts)[number]): Model<ZappedPage> {
  const mayStore = ({ mapped }: ZappedPage) => mapped === 'for stores'
  const event: Action<ZappedPage> = (page) => {
    const next = page.events.shift()
    if (!next) return blocked
    page.fault = next
    return undefined
  }
  const writers = {
    'writer a': writer('a', stores.a, mayStore, storeFault('a')),
    ...(stores.b > 0 && { 'writer b': writer('b', stores.b, mayStore, storeFault('b')) }),
  }
  return {
    initial: { ...initial, writing: Object.keys(writers).length },
    threads: {
      ...writers,
      reader: { steps: reader },
      handler: {
        serves: true,
        steps: inOrder([['read event', event], ...sequence(handler, handlerSteps(loads))], 'read event'),
      },
      harvester: harvester(Array(stores.harvests).fill(sequence(harvest, harvestSteps))),
    },
    wrongAtEnd: lostUpdate,
  }
}

const code: Orders = {
  loads: 'protected',
  handler: ['lock', 'resolve', 'record', 'unlock'],
  harvest: ['lock', 'zap', 'take', 'unlock', 'read'],
}

const wrong: Record<string, Orders> = {
  'a page that is writable after a load': { ...code, loads: 'writable' },
  'record, then map outside of the lock: the way of xenfb': {
    ...code,
    handler: ['lock', 'record', 'unlock', 'resolve'],
  },
  'map outside of the lock, then record': { ...code, handler: ['resolve', 'lock', 'record', 'unlock'] },
  'the record taken before the lock, then zap: the way of the old UML driver': {
    ...code,
    harvest: ['take', 'read', 'lock', 'zap', 'unlock'],
  },
  'the lock let go between zap and take': { ...code, harvest: ['lock', 'zap', 'unlock', 'take', 'read'] },
  'read before zap': { ...code, harvest: ['lock', 'take', 'read', 'zap', 'unlock'] },
  'take without zap': { ...code, harvest: ['lock', 'take', 'unlock', 'read'] },
}

describe('model of zap', () => {
  for (const loads of ['protected', 'counted'] as const) {
    it(`loses no store in the order of the code, loads ${loads}`, () => {
      for (const stores of casts) {
        const { states, failure } = explore(model({ ...code, loads }, stores))
        assert.equal(failure, undefined, failure?.trace.join('\n'))
        assert.ok(states > 500, `${states} states`)
      }
    })
  }
  for (const [name, orders] of Object.entries(wrong)) {
    it(`loses one with ${name}`, () => {
      const failures = casts.map((stores) => explore(model(orders, stores)).failure?.what ?? '')
      assert.match(failures.join('\n'), /^lost/m)
    })
  }
})
