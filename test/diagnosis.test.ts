import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adviceFor, diagnose, type SystemFacts } from '../src/diagnosis.js'
import type { TrackerMechanism } from '../src/native/binding.js'

const system: SystemFacts = { kernel: '6.12.1', uid: 1000, seccomp: 0, ptraceCapability: false }
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

for (const [mechanism, reason, facts, advice] of [
  [
    'wp-sync',
    "EINVAL: invalid argument, ioctl(UFFDIO_API) 'a feature'",
    { ...system, kernel: '5.15.0' },
    /needs Linux 5\.19/,
  ],
  ['wp-sync', 'EPERM: operation not permitted, userfaultfd', system, /vm\.unprivileged_userfaultfd/],
  [
    'mprotect',
    "EBUSY: resource busy or locked, sigaction(SIGSEGV) 'a handler that was installed after umfb's'",
    system,
    /before the first tracker/,
  ],
  ['kvm-log', "ENOENT: no such file or directory, open '/dev/kvm'", system, /^Load the kernel module/],
  ['kvm-log', "EACCES: permission denied, open '/dev/kvm'", system, /^Join the group kvm/],
  ['wp-async', "ENOENT: no such file or directory, open '/proc/self/pagemap'", system, /\/proc is mounted/],
  ['one of tomorrow', 'EMFILE: too many open files, pipe', system, /ulimit -n/],
  ['one of tomorrow', 'EXDEV: cross-device link not permitted, rename', system, /please report/],
] as const) {
  test(`advice for ${mechanism}: ${reason}`, () => {
    const probe = {
      mechanism: mechanism as TrackerMechanism,
      automatic: false,
      works: false,
      reason,
      limits: [],
    }
    assert.match(adviceFor(probe, facts), advice)
  })
}

const working = { mechanism: 'wp-async', automatic: true, works: true, reason: '', limits: [] } as const

test('a tracker that works needs no advice', () => assert.equal(adviceFor(working, system), ''))

test('what mprotect cannot do, nobody can allow', () => {
  const limits = ['read(2) into the memory fails with EFAULT']
  assert.equal(adviceFor({ ...working, mechanism: 'mprotect', automatic: false, limits }, system), '')
})

test('one that works, but not for the kernel, needs a userfaultfd for all faults', () => {
  const limits = ['read(2) into the memory fails with EFAULT']
  assert.match(adviceFor({ ...working, limits }, system), /\/dev\/userfaultfd .*vm\.unprivileged_userfaultfd/)
})

test('this machine: each tracker works, or says why not and what to do; comparing always works', async () => {
  const { trackers, idleTripwire, system } = await diagnose()
  assert.match(system.kernel, /^\d+\.\d+/)
  for (const { works, reason, limits, advice } of [...trackers, { ...idleTripwire, limits: [] }]) {
    assert.equal(works, reason === '')
    if (limits.length === 0) assert.equal(works, advice === '')
  }
  assert.equal(trackers.find(({ mechanism }) => mechanism === 'compare')?.works, true)
})
