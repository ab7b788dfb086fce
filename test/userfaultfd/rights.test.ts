/** What this holds: whoever may not use userfaultfd is told so by an error that says what an administrator can change. */
import assert from 'node:assert/strict'
import { chmod } from 'node:fs/promises'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { adviceOn } from '../../src/userfaultfd/advice.js'
import type { SystemFacts } from '../../src/userfaultfd/system-facts.js'
import { capture } from '../support/child.js'
import { compile } from '../support/compile.js'
import { skipUnlessReadableByAll, skipUnlessRoot, skipWithout } from '../support/programs.js'
import { skipWithoutKernelFaults } from '../support/userfaultfd.js'

const module = new URL('../../src/userfaultfd.js', import.meta.url).href
const script = (body: string) => [
  process.execPath,
  '--input-type=module',
  '-e',
  `import * as uffd from '${module}'
  const told = (call) => { try { call(); return 'works' } catch (error) { return [error.code, error.systemCode, error.message].join(' ') } }
  ${body}`,
]
const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--']
const skipAsNobody =
  skipUnlessRoot('it becomes another user') || skipWithout('setpriv') || skipUnlessReadableByAll()

async function output(command: string[]): Promise<string> {
  return (await capture(command[0]!, command.slice(1))).toString().trim()
}

test('an ordinary user', { skip: skipAsNobody || skipWithoutKernelFaults() }, async () => {
  const lines = await output([
    ...asNobody,
    ...script(`
      console.log(told(() => uffd.Userfaultfd.open({ features: [] })))
      console.log(told(() => uffd.Userfaultfd.open({ features: [], userModeOnly: false })))
      console.log(told(() => uffd.Userfaultfd.open({ features: ['event-fork'] })))
      console.log(told(() => uffd.Pagemap.open(1)))`),
  ])
  const [userMode, all, fork, pagemap] = lines.split('\n')
  assert.equal(userMode, 'works')
  // Where the administrator has allowed it, there is nothing to tell.
  if (all !== 'works') {
    assert.match(
      all!,
      /^UMFB_SYSTEM EPERM .*\/dev\/userfaultfd.*vm\.unprivileged_userfaultfd to 1.*user mode alone/,
    )
  }
  assert.match(fork!, /^UMFB_SYSTEM EPERM .*CAP_SYS_PTRACE/)
  assert.match(pagemap!, /^UMFB_SYSTEM EACCES .*ptrace_scope/)
})

test('a container whose filter denies it', { skip: skipWithout('gcc') }, async (t) => {
  const filter = await compile(t, 'without-userfaultfd')
  await chmod(dirname(filter), 0o755)
  const refusal = /^UMFB_SYSTEM EPERM .*seccomp filter.*--security-opt seccomp=/
  const commands = script(`
    console.log(told(() => uffd.Userfaultfd.open()))
    console.log(told(() => uffd.Userfaultfd.supportedFeatures()))
    console.log(told(() => new uffd.WriteWatch(new Uint8Array(1))))`)
  for (const line of (await output([...(skipAsNobody ? [] : asNobody), filter, ...commands])).split('\n')) {
    assert.match(line, refusal)
  }
})

const facts: SystemFacts = {
  kernel: '6.12.1',
  uid: 1000,
  seccomp: 0,
  ptraceCapability: false,
  unprivilegedUserfaultfd: 0,
  userfaultfdDevice: { mode: '600', accessible: false },
}
for (const [name, code, syscall, system, expected] of [
  ['no permission', 'EPERM', 'userfaultfd', facts, /mode is 600.*now 0/],
  ['a filter', 'EPERM', 'userfaultfd', { ...facts, seccomp: 2 }, /seccomp/],
  [
    'refused with every right',
    'EPERM',
    'userfaultfd',
    { ...facts, ptraceCapability: true },
    /security module/,
  ],
  [
    'a kernel without it',
    'ENOSYS',
    'userfaultfd',
    { ...facts, ptraceCapability: true },
    /CONFIG_USERFAULTFD/,
  ],
  ['an old kernel', 'EINVAL', 'userfaultfd', { ...facts, kernel: '5.10.0-8' }, /5\.11; this is 5\.10\.0-8/],
  [
    'a feature it lacks',
    'EINVAL',
    'ioctl(UFFDIO_API)',
    { ...facts, kernel: '6.1.0' },
    /6\.7.*this is 6\.1\.0/,
  ],
  [
    'a scan it lacks',
    'ENOTTY',
    'ioctl(PAGEMAP_SCAN)',
    { ...facts, kernel: '6.1.0' },
    /6\.7.*this is 6\.1\.0/,
  ],
  ['too many descriptors', 'EMFILE', 'pipe', facts, /ulimit -n/],
  ['what nobody has seen', 'EXDEV', 'userfaultfd', facts, /^$/],
] as const) {
  test(`advice on ${name}`, () =>
    assert.match(
      adviceOn({ code, syscall }, () => system),
      expected,
    ))
}
