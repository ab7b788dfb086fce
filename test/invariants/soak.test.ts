/**
 * Invariant: no lost update, as hard as a few seconds allow: the soak program (test/support/native/soak) over every tracker
 * and the adaptive policy. `npm run soak` does the same for as long as one likes.
 */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { capture } from '../support/child.js'
import { builtProgram } from '../support/paths.js'
import { mechanisms, skipReason } from '../support/tracked-memory.js'

const [stores, rounds] = [5_000_000, 5_000]

interface Line {
  event: 'scenario' | 'case' | 'skipped' | 'total'
  tracker: string
  failure?: string | null
  loss?: string | null
  stores: number
  rounds: number
  losses: number
}

it(`loses nothing of ${stores} stamped stores and ${rounds} one-shot rounds`, async (t) => {
  const args = ['--json', '--stores', `${stores}`, '--rounds', `${rounds}`]
  const output = await capture(builtProgram('umfb-soak'), args)
  const lines = output
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  for (const line of lines) assert.equal(line.failure ?? line.loss ?? null, null, JSON.stringify(line))

  const total = lines.at(-1)!
  assert.equal(total.event, 'total')
  t.diagnostic(`${total.stores} stamped stores, ${total.rounds} one-shot rounds, ${total.losses} losses`)
  assert.ok(total.stores >= stores)
  assert.ok(total.rounds >= rounds)

  const tried = new Set(lines.filter(({ event }) => event === 'case').map(({ tracker }) => tracker))
  // kvm-log sees a virtual machine's processors alone: test/conformance/kvm stores by one.
  const expected = mechanisms.filter((name) => name !== 'kvm-log' && skipReason(name) === false)
  for (const mechanism of expected) assert.ok(tried.has(mechanism), `${mechanism} was not tried`)
  if (expected.includes('wp-async')) assert.ok(tried.has('wp-async+adaptive'))
})
