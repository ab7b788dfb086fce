/**
 * The protocol of pages that are left open (native/trackers/hot_pages.h, Tracker::harvest): a page is armed, then open, then
 * armed again, all interleavings of two writers and the harvests. To open a page is only to leave it out of the scans;
 * it is compared until it is closed, and told once more by the scan that closes it.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Action, explore, type Model } from '../support/model/explore.js'
import { freshPage, harvester, lostUpdate, type Page, read, sequence, writer } from '../support/model/page.js'

interface OpenablePage extends Page {
  protected: boolean
}

const steps = {
  /** PAGEMAP_SCAN: takes and protects, in one. */
  scan: (page) => {
    page.dirty ||= !page.protected
    page.protected = true
  },
  compare: (page) => {
    page.dirty ||= page.memory.a !== page.shadow.a || page.memory.b !== page.shadow.b
  },
  /** Wrong: re-armed, and what was stored since the comparison is forgotten. */
  'protect alone': (page) => {
    page.protected = true
  },
  read,
} satisfies Record<string, Action<OpenablePage>>

/** What the harvests do while the page is armed, while it is open, and when it is closed. */
interface Orders {
  armed: (keyof typeof steps)[]
  open: (keyof typeof steps)[]
  closing: (keyof typeof steps)[]
}

function model({ armed, open, closing }: Orders): Model<OpenablePage> {
  const mayStore = (page: OpenablePage) => !page.protected
  // wp-async: the kernel resolves the fault by itself.
  const fault = [
    [
      'fault',
      (page: OpenablePage) => {
        page.protected = false
      },
    ],
  ] as const
  const turns = [armed, open, open, closing, armed]
  return {
    initial: { ...freshPage(2), protected: true },
    threads: {
      'writer a': writer('a', 3, mayStore, fault),
      'writer b': writer('b', 2, mayStore, fault),
      harvester: harvester(turns.map((turn) => sequence(turn, steps))),
    },
    wrongAtEnd: lostUpdate,
  }
}

const code: Orders = { armed: ['scan', 'read'], open: ['compare', 'read'], closing: ['scan', 'read'] }

const wrong: Record<string, Orders> = {
  'a page that is open and not compared': { ...code, open: ['read'] },
  'a page that is closed without being told': { ...code, closing: ['compare', 'read', 'protect alone'] },
}

describe('model of pages that are left open', () => {
  it('loses no store in the order of the code', () => {
    const { states, failure } = explore(model(code))
    assert.equal(failure, undefined, failure?.trace.join('\n'))
    assert.ok(states > 500, `${states} states`)
  })
  for (const [name, orders] of Object.entries(wrong)) {
    it(`loses one with ${name}`, () => assert.match(explore(model(orders)).failure?.what ?? '', /^lost/))
  }
})
