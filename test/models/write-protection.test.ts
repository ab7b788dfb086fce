/**
 * The protocol of wp-sync (native/trackers/fault_tracker.cc) and of mprotect, all interleavings of two writers and three
 * harvests of one page: with the order of the code no store is lost, and with each of the other orders one is.
 *
 * In wp-sync a writer that faults waits for the handler's thread; in mprotect the handler runs in the writer's own.
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
}

const handlerSteps = {
  lock: lock('handler'),
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
  unlock,
  read,
} satisfies Record<string, Action<ProtectedPage>>

/** What a fault does and what a harvest does, in this order. */
interface Orders {
  handler: (keyof typeof handlerSteps)[]
  harvest: (keyof typeof harvestSteps)[]
}

const code: Orders = {
  handler: ['lock', 'unprotect', 'record', 'unlock'],
  harvest: ['lock', 'protect', 'take', 'unlock', 'read'],
}

/** Names are those of a list, so one that comes twice is numbered. */
function named<Name extends string>(order: readonly Name[], steps: Record<Name, Action<ProtectedPage>>) {
  return order.map((name, index) => {
    const times = order.slice(0, index).filter((earlier) => earlier === name).length
    return [times > 0 ? `${name} again` : name, steps[name]] as const
  })
}

const initial: ProtectedPage = {
  ...freshPage(2),
  writable: false,
  events: 0,
  waits: { a: false, b: false },
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
  const events: Action<ProtectedPage> = (page) => {
    if (page.events === 0) return blocked
    page.events--
    return undefined
  }
  return {
    initial,
    threads: {
      'writer a': writer('a', 2, mayStore, fault('a')),
      'writer b': writer('b', 1, mayStore, fault('b')),
      handler: {
        serves: true,
        steps: inOrder([['read event', events], ...named(handler, handlerSteps)], 'read event'),
      },
      harvester: harvester(3, named(harvest, harvestSteps)),
    },
    wrongAtEnd: lostUpdate,
  }
}

function mprotect({ handler, harvest }: Orders): Model<ProtectedPage> {
  return {
    initial,
    threads: {
      'writer a': writer('a', 2, mayStore, named(handler, handlerSteps)),
      'writer b': writer('b', 1, mayStore, named(handler, handlerSteps)),
      harvester: harvester(3, named(harvest, harvestSteps)),
    },
    wrongAtEnd: lostUpdate,
  }
}

const wrong: Record<string, Orders> = {
  'a handler without the lock': { ...code, handler: ['unprotect', 'record'] },
  'record, then un-protect outside of the lock': {
    ...code,
    handler: ['lock', 'record', 'unlock', 'unprotect'],
  },
  'a handler that does not record': { ...code, handler: ['lock', 'unprotect', 'unlock'] },
  'a harvest without the lock': { ...code, harvest: ['protect', 'take', 'read'] },
  'the lock let go between protect and take': {
    ...code,
    harvest: ['lock', 'protect', 'unlock', 'take', 'read'],
  },
  'read before protect': { ...code, harvest: ['lock', 'take', 'read', 'protect', 'unlock'] },
  'take without protect': { ...code, harvest: ['lock', 'take', 'unlock', 'read'] },
}

const lateRecord: Orders = { ...code, handler: ['unprotect', 'lock', 'record', 'unlock'] }

/** Nobody can see what happens under the lock. */
const asGood: Record<string, Orders> = {
  'record before un-protect, under the lock': { ...code, handler: ['lock', 'record', 'unprotect', 'unlock'] },
  'read under the lock': { ...code, harvest: ['lock', 'protect', 'take', 'read', 'unlock'] },
}

for (const [mechanism, model] of Object.entries({ 'wp-sync': wpSync, mprotect })) {
  describe(`model of ${mechanism}`, () => {
    it('loses no store in the order of the code', () => {
      const { states, failure } = explore(model(code))
      assert.equal(failure, undefined, failure?.trace.join('\n'))
      assert.ok(states > 500, `${states} states`)
    })
    for (const [name, orders] of Object.entries(wrong)) {
      it(`loses one with ${name}`, () => assert.match(explore(model(orders)).failure?.what ?? '', /^lost/))
    }
    for (const [name, orders] of Object.entries(asGood)) {
      it(`loses none with ${name}`, () => assert.equal(explore(model(orders)).failure, undefined))
    }
  })
}

it('of the two, mprotect alone could do with a record that comes late: before its own writer goes on', () => {
  assert.match(explore(wpSync(lateRecord)).failure?.what ?? '', /^lost/)
  assert.equal(explore(mprotect(lateRecord)).failure, undefined)
})
