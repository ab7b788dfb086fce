/**
 * The protocol of the idle tripwire (native/trackers/idle_tripwire.h): a mapping goes from wp-async to a synchronous
 * userfaultfd and back, all interleavings of two writers and the steps of it. The sides have no moment in common in which
 * both see a store; what falls between is found because all pages count as dirty once.
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

interface HandedPage extends Page {
  /** Whose registration the mapping has. */
  side: 'dense' | 'none' | 'sparse'
  protected: boolean
  event: boolean
  waits: { a: boolean; b: boolean }
}

const initial: HandedPage = {
  ...freshPage(2),
  side: 'dense',
  protected: true,
  event: false,
  waits: { a: false, b: false },
}

const handlerSteps = {
  lock: lock('handler'),
  /** After the registration is gone the kernel refuses. */
  unprotect: (page) => {
    if (page.side !== 'sparse') return
    page.protected = false
    page.waits = { a: false, b: false }
  },
  record: (page) => {
    page.recorded = true
  },
  unlock,
} satisfies Record<string, Action<HandedPage>>

const steps = {
  /** PAGEMAP_SCAN: takes and protects, in one. */
  scan: (page) => {
    page.dirty ||= !page.protected
    page.protected = true
  },
  'disarm dense': (page) => {
    page.side = 'none'
    page.protected = false
  },
  'register sparse': (page) => {
    page.side = 'sparse'
  },
  protect: (page) => {
    page.protected = true
  },
  'all dirty': (page) => {
    page.dirty = true
  },
  lock: lock('harvest'),
  'protect what is recorded': (page) => {
    if (page.recorded) page.protected = true
  },
  take,
  unlock,
  /** Whoever waits in a fault waits on. */
  'unregister sparse': (page) => {
    page.side = 'none'
    page.protected = false
  },
  wake: (page) => {
    page.waits = { a: false, b: false }
  },
  'forget the record': (page) => {
    page.recorded = false
  },
  'register dense': (page) => {
    page.side = 'dense'
  },
  read,
} satisfies Record<string, Action<HandedPage>>

type StepName = keyof typeof steps

interface Orders {
  settle: StepName[]
  harvestSparse: StepName[]
  leave: StepName[]
}

function storeFault(word: Word) {
  return [
    [
      'fault',
      (page: HandedPage) => {
        // The kernel resolves it by itself.
        if (page.side === 'dense') page.protected = false
        if (page.side !== 'sparse' || !page.protected) return
        page.event = true
        page.waits[word] = true
      },
    ],
    ['wait', (page: HandedPage) => (page.waits[word] ? blocked : undefined)],
  ] as const
}

function model({ settle, harvestSparse, leave }: Orders): Model<HandedPage> {
  const mayStore = (page: HandedPage) => !page.protected
  const event: Action<HandedPage> = (page) => {
    if (!page.event) return blocked
    page.event = false
    return undefined
  }
  const turns: StepName[][] = [
    ['scan', 'read'],
    [...settle, 'read'],
    harvestSparse,
    [...leave, 'scan', 'read'],
    ['scan', 'read'],
  ]
  return {
    initial,
    threads: {
      'writer a': writer('a', 2, mayStore, storeFault('a')),
      'writer b': writer('b', 1, mayStore, storeFault('b')),
      handler: {
        serves: true,
        steps: inOrder(
          [['read event', event], ...sequence(['lock', 'unprotect', 'record', 'unlock'], handlerSteps)],
          'read event',
        ),
      },
      harvester: harvester(turns.map((turn) => sequence(turn, steps))),
    },
    wrongAtEnd: lostUpdate,
  }
}

const code: Orders = {
  settle: ['disarm dense', 'register sparse', 'protect', 'all dirty'],
  harvestSparse: ['lock', 'protect what is recorded', 'take', 'unlock', 'read'],
  leave: ['unregister sparse', 'wake', 'forget the record', 'register dense', 'all dirty'],
}

const losing: Record<string, Orders> = {
  'nothing compared on the way there': {
    ...code,
    settle: ['disarm dense', 'register sparse', 'protect'],
  },
  'a comparison before the synchronous side is armed': {
    ...code,
    settle: ['disarm dense', 'all dirty', 'read', 'register sparse', 'protect'],
  },
  'nothing compared on the way back, and what the fresh registration says not believed': {
    ...code,
    leave: ['unregister sparse', 'wake', 'forget the record', 'register dense', 'protect'],
  },
}

describe('model of the hand-over', () => {
  it('loses no store, and leaves nobody waiting, in the order of the code', () => {
    const { states, failure } = explore(model(code))
    assert.equal(failure, undefined, failure?.trace.join('\n'))
    assert.ok(states > 500, `${states} states`)
  })
  for (const [name, orders] of Object.entries(losing)) {
    it(`loses a store with ${name}`, () => assert.match(explore(model(orders)).failure?.what ?? '', /^lost/))
  }
  it('leaves a writer in its fault for ever without the wake', () => {
    const leave = code.leave.filter((name) => name !== 'wake')
    assert.match(explore(model({ ...code, leave })).failure?.what ?? '', /^wait for ever: writer/)
  })
})
