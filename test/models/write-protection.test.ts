/**
 * The protocols of wp-sync (native/trackers/fault_tracker.cc) and of mprotect, all interleavings of two writers and three
 * harvests of one page: with the order of the code no store is lost, and with each of the other orders one is.
 *
 * In wp-sync a writer that faults waits for the handler's thread. In mprotect the handler runs in the writer's own, and
 * a harvest looks at a flag before it takes the lock.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Action, blocked, explore, inOrder, type Model } from '../support/model/explore.js'
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

interface ProtectedPage extends Page {
  writable: boolean
  /** Fault events that wait for the handler. */
  events: number
  waits: { a: boolean; b: boolean }
  /** Something is recorded, or about to be. */
  flag: boolean
  skipped: boolean
}

const handlerSteps = {
  lock: lock('handler'),
  raise: (page) => {
    page.flag = true
  },
  /** And wakes who waits. */
  unprotect: (page) => {
    page.writable = true
    page.waits = { a: false, b: false }
  },
  record: (page) => {
    page.recorded = true
  },
  unlock,
} satisfies Record<string, Action<ProtectedPage>>

const harvestSteps = {
  lock: lock('harvest'),
  /** Of the record's pages alone. */
  protect: (page) => {
    if (page.recorded) page.writable = false
  },
  take,
  lower: (page) => {
    page.flag = false
  },
  unlock,
  read,
} satisfies Record<string, Action<ProtectedPage>>

/** What a fault does and what a harvest does, in this order. */
interface Orders {
  handler: (keyof typeof handlerSteps)[]
  harvest: (keyof typeof harvestSteps)[]
}

const initial: ProtectedPage = {
  ...freshPage(2),
  writable: false,
  events: 0,
  waits: { a: false, b: false },
  flag: false,
  skipped: false,
}
const mayStore = ({ writable }: ProtectedPage) => writable

function wpSync({ handler, harvest }: Orders): Model<ProtectedPage> {
  const fault = (word: Word) =>
    [
      [
        'fault',
        (page: ProtectedPage) => {
          if (page.writable) return
          page.events++
          page.waits[word] = true
        },
      ],
      ['wait', (page: ProtectedPage) => (page.waits[word] ? blocked : undefined)],
    ] as const
  const event: Action<ProtectedPage> = (page) => (page.events === 0 ? blocked : page.events--)
  return {
    initial,
    threads: {
      'writer a': writer('a', 2, mayStore, fault('a')),
      'writer b': writer('b', 1, mayStore, fault('b')),
      handler: {
        serves: true,
        steps: inOrder([['read event', event], ...sequence(handler, handlerSteps)], 'read event'),
      },
      harvester: harvester(Array(3).fill(sequence(harvest, harvestSteps))),
    },
    wrongAtEnd: lostUpdate,
  }
}

function mprotect({ handler, harvest }: Orders): Model<ProtectedPage> {
  const look: Action<ProtectedPage> = (page) => {
    page.skipped = !page.flag
  }
  const unlessSkipped = sequence(harvest, harvestSteps).map(
    ([name, action]) => [name, (page: ProtectedPage) => (page.skipped ? undefined : action(page))] as const,
  )
  return {
    initial,
    threads: {
      'writer a': writer('a', 2, mayStore, sequence(handler, handlerSteps)),
      'writer b': writer('b', 1, mayStore, sequence(handler, handlerSteps)),
      harvester: harvester(Array(3).fill([['look', look], ...unlessSkipped])),
    },
    wrongAtEnd: lostUpdate,
  }
}

const code: Orders = {
  handler: ['lock', 'raise', 'unprotect', 'record', 'unlock'],
  harvest: ['lock', 'protect', 'take', 'lower', 'unlock', 'read'],
}

const wrong: Record<string, Orders> = {
  'a handler without the lock': { ...code, handler: ['raise', 'unprotect', 'record'] },
  'record, then un-protect outside of the lock': {
    ...code,
    handler: ['lock', 'raise', 'record', 'unlock', 'unprotect'],
  },
  'un-protect outside of the lock, then record': {
    ...code,
    handler: ['raise', 'unprotect', 'lock', 'record', 'unlock'],
  },
  'a handler that does not record': { ...code, handler: ['lock', 'raise', 'unprotect', 'unlock'] },
  'a harvest without the lock': { ...code, harvest: ['protect', 'take', 'lower', 'read'] },
  'the lock let go between protect and take': {
    ...code,
    harvest: ['lock', 'protect', 'unlock', 'take', 'lower', 'read'],
  },
  'read before protect': { ...code, harvest: ['lock', 'take', 'read', 'protect', 'lower', 'unlock'] },
  'take without protect': { ...code, harvest: ['lock', 'take', 'lower', 'unlock', 'read'] },
}

/** Nobody can see what happens under the lock. */
const asGood: Record<string, Orders> = {
  'record before un-protect, under the lock': {
    ...code,
    handler: ['lock', 'raise', 'record', 'unprotect', 'unlock'],
  },
  'read under the lock': { ...code, harvest: ['lock', 'protect', 'take', 'lower', 'read', 'unlock'] },
}

/** Of the flag, which mprotect alone has. */
const wrongFlag: Record<string, Orders> = {
  'the flag raised after the page is writable': {
    ...code,
    handler: ['lock', 'unprotect', 'record', 'raise', 'unlock'],
  },
  'the flag lowered outside of the lock': {
    ...code,
    harvest: ['lock', 'protect', 'take', 'unlock', 'lower', 'read'],
  },
}

function losesOne(orders: Record<string, Orders>, model: (orders: Orders) => Model<ProtectedPage>): void {
  for (const [name, each] of Object.entries(orders)) {
    it(`loses one with ${name}`, () => assert.match(explore(model(each)).failure?.what ?? '', /^lost/))
  }
}

for (const [mechanism, model] of Object.entries({ 'wp-sync': wpSync, mprotect })) {
  describe(`model of ${mechanism}`, () => {
    it('loses no store in the order of the code', () => {
      const { states, failure } = explore(model(code))
      assert.equal(failure, undefined, failure?.trace.join('\n'))
      assert.ok(states > 500, `${states} states`)
    })
    losesOne(wrong, model)
    if (model === mprotect) losesOne(wrongFlag, model)
    for (const [name, orders] of Object.entries(asGood)) {
      it(`loses none with ${name}`, () => assert.equal(explore(model(orders)).failure, undefined))
    }
  })
}
