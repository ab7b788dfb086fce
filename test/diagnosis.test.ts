import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adviceFor, diagnose, type SystemFacts } from '../src/diagnosis.js'

const system: SystemFacts = { kernel: '6.12.1', uid: 1000, seccomp: 0 }
const failed = (reason: string) =>
  ({ mechanism: 'wp-async', automatic: true, limits: [], works: false, reason }) as const
const refused = failed('EPERM: operation not permitted, userfaultfd')

const cases: [name: string, reason: ReturnType<typeof failed>, system: SystemFacts, advice: RegExp][] = [
  [
    'an old kernel',
    failed('EINVAL: invalid argument, ioctl(UFFDIO_API)'),
    { ...system, kernel: '6.1.0-31-amd64' },
    /needs Linux 6\.7; this is 6\.1\.0/,
  ],
  [
    'an old kernel that refuses, too',
    refused,
    { ...system, kernel: '5.10.0', seccomp: 2 },
    /needs Linux 6\.7/,
  ],
  ['a container', refused, { ...system, seccomp: 2 }, /seccomp filter denies userfaultfd/],
  ['no permission', refused, system, /\/dev\/userfaultfd .*vm\.unprivileged_userfaultfd/],
  [
    'a kernel without it',
    failed('ENOSYS: function not implemented, userfaultfd'),
    system,
    /CONFIG_USERFAULTFD/,
  ],
  ['what nobody has seen', failed('a store: not reported as it should be'), system, /please report/],
]
for (const [name, probe, facts, advice] of cases) {
  test(`advice for ${name}`, () => assert.match(adviceFor(probe, facts), advice))
}

test('a tracker that works needs no advice', () => {
  assert.equal(
    adviceFor({ mechanism: 'wp-async', automatic: true, limits: [], works: true, reason: '' }, system),
    '',
  )
})

test('this machine: each tracker works, or says why not and what to do; comparing always works', async () => {
  const { trackers, system } = await diagnose()
  assert.match(system.kernel, /^\d+\.\d+/)
  for (const { works, reason, advice } of trackers) {
    assert.equal(works, reason === '')
    assert.equal(works, advice === '')
  }
  assert.equal(trackers.find(({ mechanism }) => mechanism === 'compare')?.works, true)
})
