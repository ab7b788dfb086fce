/**
 * The protocol of the doorbell (native/sys/doorbell.h, DeviceTracker::watch()): all interleavings of a writer, the fault
 * handler, and an event loop that harvests, asks to be told, and sleeps until the bell rings. No wake-up is lost: when
 * the writer is silent and the event loop sleeps, everything was shown.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { blocked, explore, inOrder, type Model, type Step } from '../support/model/explore.js'

interface Bell {
  stored: number
  shown: number
  faults: boolean
  /** And so writable: what is not recorded is protected. */
  recorded: boolean
  awaited: boolean
  /** The eventfd is readable. */
  rung: boolean
}

const initial: Bell = {
  stored: 0,
  shown: 0,
  faults: false,
  recorded: false,
  awaited: false,
  rung: false,
}

const handlerSteps = {
  record: (bell: Bell) => {
    bell.recorded = true
    bell.faults = false
  },
  ring: (bell: Bell) => {
    if (bell.awaited) bell.rung = true
    bell.awaited = false
  },
}

/** A turn of the event loop. */
const loopSteps = {
  silence: (bell: Bell) => {
    bell.rung = false
  },
  harvest: (bell: Bell) => {
    bell.recorded = false
    bell.shown = bell.stored
  },
  await: (bell: Bell) => {
    bell.awaited = true
  },
  /** Tracker::rings(). Where it does not, the next turn begins at once. */
  ask: (bell: Bell) => {
    if (bell.recorded) bell.awaited = false
    return bell.recorded ? 'again' : undefined
  },
  sleep: (bell: Bell) => (bell.rung ? undefined : blocked),
}

interface Orders {
  handler: (keyof typeof handlerSteps)[]
  loop: (keyof typeof loopSteps)[]
}

const code: Orders = {
  handler: ['record', 'ring'],
  loop: ['silence', 'harvest', 'await', 'ask', 'sleep'],
}

const stores = 3

function writer(): Record<string, Step<Bell>> {
  const steps: Record<string, Step<Bell>> = {}
  for (let stamp = 1; stamp <= stores; stamp++) {
    steps[`store ${stamp}`] = (bell) => {
      bell.faults = !bell.recorded
      if (bell.faults) return `wait ${stamp}`
      bell.stored = stamp
      return stamp < stores ? `store ${stamp + 1}` : undefined
    }
    steps[`wait ${stamp}`] = ({ faults }) => (faults ? blocked : `store ${stamp}`)
  }
  return steps
}

function model({ handler, loop }: Orders): Model<Bell> {
  const turn: Record<string, Step<Bell>> = {}
  loop.forEach((name, index) => {
    turn[name] = (bell) => {
      const result = loopSteps[name](bell)
      if (result === blocked) return blocked
      return result === 'again' ? loop[0] : loop[(index + 1) % loop.length]
    }
  })
  const handle = handler.map((name) => [name, handlerSteps[name]] as const)
  return {
    initial,
    threads: {
      writer: { steps: writer() },
      handler: {
        serves: true,
        steps: inOrder<Bell>(
          [['read event', ({ faults }) => (faults ? undefined : blocked)], ...handle],
          'read event',
        ),
      },
      'event loop': { serves: true, steps: turn },
    },
    wrongAtEnd: ({ shown }) => (shown < stores ? `asleep, and store ${stores} is not shown` : undefined),
  }
}

const wrong: Record<string, Orders> = {
  'asking before the bell is awaited': {
    ...code,
    loop: ['silence', 'harvest', 'ask', 'await', 'sleep'],
  },
  'awaiting the bell before the harvest, which forgets it': {
    ...code,
    loop: ['harvest', 'await', 'ask', 'silence', 'sleep'],
  },
  'not asking at all': { ...code, loop: ['silence', 'harvest', 'await', 'sleep'] },
  'ringing before the record': { ...code, handler: ['ring', 'record'] },
}

describe('model of the doorbell', () => {
  it('loses no wake-up in the order of the code', () => {
    const { states, failure } = explore(model(code))
    assert.equal(failure, undefined, failure?.trace.join('\n'))
    assert.ok(states > 50, `${states} states`)
  })
  for (const [name, orders] of Object.entries(wrong)) {
    it(`loses one by ${name}`, () => assert.match(explore(model(orders)).failure?.what ?? '', /^asleep/))
  }
})
