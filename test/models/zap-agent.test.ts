/**
 * The protocol of zap with another process (native/trackers/zap_remote.h), all interleavings of a writer, that process's
 * agent and four harvests of one page. The agent is never waited for: a page is reported by every harvest from its fault
 * until its unmapping is known.
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
  unlock,
  writer,
} from '../support/model/page.js'

interface RemotePage extends Page {
  mapped: boolean
  event: boolean
  waits: boolean
  /** The page is in question, and was not mapped again since. */
  asked: boolean
  /** A question is on its way. */
  waiting: boolean
  question: boolean
  answer: boolean
}

/** begin(): what is mapped already is stored to without a fault, so it is in the record, and asked for. */
const initial: RemotePage = {
  ...freshPage(1),
  mapped: true,
  recorded: true,
  event: false,
  waits: false,
  asked: true,
  waiting: true,
  question: true,
  answer: false,
}

const handlerSteps = {
  lock: lock('handler'),
  resolve: (page) => {
    page.mapped = true
    page.waits = false
  },
  record: (page) => {
    page.recorded = true
  },
  'take off the question': (page) => {
    page.asked = false
  },
  unlock,
} satisfies Record<string, Action<RemotePage>>

const harvestSteps = {
  lock: lock('harvest'),
  report: (page) => {
    page.dirty ||= page.recorded
  },
  'look for the answer': (page) => {
    if (!page.answer) return
    page.answer = false
    page.waiting = false
    if (page.asked) page.recorded = false
    page.asked = false
  },
  ask: (page) => {
    if (page.waiting || !page.recorded) return
    page.asked = true
    page.waiting = true
    page.question = true
  },
  /** Wrong: the page is taken although it may still be mapped. */
  'ask and take': (page) => {
    if (page.waiting || !page.recorded) return
    page.recorded = false
    page.waiting = true
    page.question = true
  },
  unlock,
  read,
} satisfies Record<string, Action<RemotePage>>

const agentSteps = {
  receive: (page) => {
    if (!page.question) return blocked
    page.question = false
    return undefined
  },
  unmap: (page) => {
    page.mapped = false
  },
  answer: (page) => {
    page.answer = true
  },
} satisfies Record<string, Action<RemotePage>>

interface Orders {
  handler: (keyof typeof handlerSteps)[]
  harvest: (keyof typeof harvestSteps)[]
  agent: (keyof typeof agentSteps)[]
}

const fault = [
  [
    'fault',
    (page: RemotePage) => {
      page.event = !page.mapped
      page.waits = !page.mapped
    },
  ],
  ['wait', (page: RemotePage) => (page.waits ? blocked : undefined)],
] as const

function model({ handler, harvest, agent }: Orders): Model<RemotePage> {
  const event: Action<RemotePage> = (page) => {
    if (!page.event) return blocked
    page.event = false
    return undefined
  }
  return {
    initial,
    threads: {
      writer: writer('a', 3, ({ mapped }) => mapped, fault),
      handler: {
        serves: true,
        steps: inOrder([['read event', event], ...sequence(handler, handlerSteps)], 'read event'),
      },
      agent: { serves: true, steps: inOrder(sequence(agent, agentSteps), agent[0]) },
      harvester: harvester(Array(4).fill(sequence(harvest, harvestSteps))),
    },
    wrongAtEnd: lostUpdate,
  }
}

const code: Orders = {
  handler: ['lock', 'resolve', 'record', 'take off the question', 'unlock'],
  harvest: ['lock', 'report', 'look for the answer', 'ask', 'unlock', 'read'],
  agent: ['receive', 'unmap', 'answer'],
}

const wrong: Record<string, Orders> = {
  'a fault that leaves its page in question': { ...code, handler: ['lock', 'resolve', 'record', 'unlock'] },
  'a page that leaves the record with the question': {
    ...code,
    harvest: ['lock', 'report', 'look for the answer', 'ask and take', 'unlock', 'read'],
  },
  'a page that leaves the record unreported': {
    ...code,
    harvest: ['lock', 'look for the answer', 'report', 'ask', 'unlock', 'read'],
  },
  'a handler without the lock': { ...code, handler: ['resolve', 'record', 'take off the question'] },
  'an agent that answers before it unmaps': { ...code, agent: ['receive', 'answer', 'unmap'] },
}

describe("model of zap's agent", () => {
  it('loses no store in the order of the code', () => {
    const { states, failure } = explore(model(code))
    assert.equal(failure, undefined, failure?.trace.join('\n'))
    assert.ok(states > 500, `${states} states`)
  })
  it('loses none if the agent never answers', () =>
    assert.equal(explore(model({ ...code, agent: ['receive', 'unmap'] })).failure, undefined))
  for (const [name, orders] of Object.entries(wrong)) {
    it(`loses one with ${name}`, () => assert.match(explore(model(orders)).failure?.what ?? '', /^lost/))
  }
})
