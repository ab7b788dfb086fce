/**
 * Which changes of device memory each tracker sees: the table of docs/trackers.md, a test a cell, by a writer in this
 * process and by one in another process.
 */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { TrackerMechanism } from '../../src/native/binding.js'
import {
  mechanisms,
  pageSize,
  probeOf,
  settled,
  skipReason,
  type TrackedMemory,
} from '../support/tracked-memory.js'
import { ways } from '../support/ways.js'
import { type Outcome, readWhoIsSeen } from '../support/who-is-seen.js'
import { Writer } from '../support/writer.js'

const page = 5
const valueThere = 7

/** What stands behind each row of the table: a way of test/support/native/ways.c. */
const wayOf: Record<string, { way: string; value?: number; leaves?: number }> = {
  'a store': { way: 'store' },
  'a store of the value that is there': { way: 'store', value: valueThere },
  'a load': { way: 'load', leaves: valueThere },
  'a store after a load': { way: 'load-store' },
  'a store after `madvise(MADV_DONTNEED)` of the page': { way: 'dontneed-store' },
  'a store through a second mapping': { way: 'second-mapping' },
  "a fork's child, through the mapping that it inherited": { way: 'fork-child' },
  '`read(2)` into the mapping': { way: 'read' },
  '`process_vm_writev(2)`': { way: 'process-vm-writev' },
  '`/proc/PID/mem`': { way: 'proc-mem' },
  '`pwrite(2)` on the memfd': { way: 'pwrite' },
  'a hole that is punched': { way: 'punch-hole', leaves: 0 },
  'io_uring into a fixed buffer': { way: 'fixed-buffer' },
}

/** Somebody who changes the memory, by a way; answers '' or the name of an error. */
interface Changer {
  prepare(way: string): Promise<string>
  change(way: string, value: number): Promise<string>
}

const table = readWhoIsSeen()
const forbidden = ['EPERM', 'ENOSYS', 'EACCES']

function localChanger({ memory }: TrackedMemory): Changer {
  return {
    prepare: async (way) => ways.prepare(way, memory.buffer, memory.fd, page),
    change: async (way, value) => ways.change(way, memory.buffer, memory.fd, page, value),
  }
}

/** Attaches a mapping of another process. */
async function remoteChanger(t: TestContext, { memory, tracker }: TrackedMemory): Promise<Changer> {
  const writer = await Writer.start(t)
  const first = page - 2
  const mapping = await writer.map(memory.fd, first, 16)
  mapping.attach(tracker)
  mapping.close()
  const tell = async (command: string) => {
    const { text } = await writer.tell(command)
    return text === 'ok' ? '' : text
  }
  return {
    prepare: (way) => tell(`prepare ${way} ${page - first}`),
    change: (way, value) => tell(`change ${way} ${page - first} ${value}`),
  }
}

/** Of outcomes that depend on the system, the one of this system: see Mechanism's limits. */
function here(mechanism: TrackerMechanism, outcomes: readonly Outcome[]): Outcome {
  const limited = probeOf(mechanism).limits.some((limit) => limit.includes('EFAULT'))
  return outcomes[limited ? outcomes.length - 1 : 0]!
}

for (const mechanism of mechanisms) {
  for (const place of ['this process', 'another process'] as const) {
    describe(`tracker ${mechanism}, a writer in ${place}`, { skip: skipReason(mechanism) }, () => {
      for (const { what, seenBy } of table) {
        it(what, async (t) => {
          const { way, value, leaves } = wayOf[what] ?? assert.fail(`no test stands behind the row: ${what}`)
          const outcomes = seenBy.get(mechanism) ?? assert.fail(`docs/trackers.md has no column ${mechanism}`)
          const device = settled(mechanism)
          const changer = place === 'this process' ? localChanger(device) : await remoteChanger(t, device)
          // What nobody can arm from outside is compared.
          const compared = place === 'another process' && device.tracker.status().compared > 0
          const expected = here(mechanism, compared ? seenBy.get('compare')! : outcomes)

          device.pixels.fill(0, page * pageSize, (page + 1) * pageSize)
          const refusal = await changer.prepare(way)
          if (forbidden.includes(refusal)) return t.skip(`${way} is forbidden here: ${refusal}`)
          for (const round of [1, 2]) {
            device.pixels[page * pageSize] = valueThere
            device.frame()
            await device.fallSilent()
            const stored = value ?? valueThere + round
            const error = refusal || (await changer.change(way, stored))
            assert.equal(error, /^E/.test(expected) ? expected : '')
            const left = error ? valueThere : (leaves ?? stored)
            assert.equal(device.view[page * pageSize], left)
            assert.deepEqual(device.frame(), expected === 'yes' ? [[page, 1]] : [], `round ${round}`)
            await device.fallSilent()
          }
          device.close()
        })
      }
    })
  }
}

it('the table has a row for each test, and a column for each tracker', () => {
  assert.deepEqual(
    table.map(({ what }) => what),
    Object.keys(wayOf),
  )
  for (const { seenBy } of table) assert.deepEqual([...seenBy.keys()].sort(), [...mechanisms].sort())
})
