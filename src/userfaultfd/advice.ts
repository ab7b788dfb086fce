import { isOlder, type SystemFacts, userfaultfdDevicePath } from './system-facts.js'

/** A system call that failed: its errno's name, what it is called in messages, and what it was called with. */
export interface Failure {
  readonly code: string
  readonly syscall: string
  readonly subject?: string | undefined
}

interface Rule {
  readonly syscall: RegExp
  readonly code: RegExp
  /** Default: any. */
  readonly subject?: RegExp
  readonly advice: string | ((facts: SystemFacts) => string)
}

/** The releases that brought what a kernel may lack. */
const history =
  'userModeOnly came with Linux 5.11, minor faults of shared memory with 5.14, its write protection with 5.19, wp-unpopulated ' +
  'with 6.4, poison with 6.6, wp-async and PAGEMAP_SCAN with 6.7, move with 6.8'

/** What an administrator, or the caller, can do about a call that fails so. The first rule that fits counts. */
const rules: readonly Rule[] = [
  { syscall: /^userfaultfd$/, code: /^(EPERM|EACCES)$/, advice: adviceOnRefusal },
  {
    syscall: /^userfaultfd$/,
    code: /^ENOSYS$/,
    // Filters of containers may answer so, too.
    advice: (facts) =>
      facts.seccomp === 2
        ? adviceOnRefusal(facts)
        : 'This kernel was built without CONFIG_USERFAULTFD. Use one that has it.',
  },
  {
    syscall: /^userfaultfd$/,
    code: /^EINVAL$/,
    advice: ({ kernel }) =>
      `A userfaultfd for user mode alone needs Linux 5.11; this is ${kernel}. Use a newer kernel.`,
  },
  {
    syscall: /UFFDIO_API/,
    code: /^EPERM$/,
    advice: 'The feature event-fork needs CAP_SYS_PTRACE.',
  },
  {
    syscall: /UFFDIO_(API|POISON)|PAGEMAP_SCAN/,
    code: /^(EINVAL|ENOTTY)$/,
    advice: ({ kernel }) => `A kernel of this age may lack it: ${history}; this is ${kernel}.`,
  },
  {
    syscall: /UFFDIO_MOVE/,
    code: /^EINVAL$/,
    advice: 'Expected private anonymous memory of this process, from a place as writable, and Linux 6.8.',
  },
  {
    syscall: /UFFDIO_/,
    code: /^EINVAL$/,
    advice:
      'The pages are not all mapped, not registered for this, or of a kind that does not allow it: private anonymous ' +
      'memory, shared memory (memfd, tmpfs) and hugetlbfs do, mappings of files on a disk do not.',
  },
  {
    syscall: /UFFDIO_REGISTER/,
    code: /^EBUSY$/,
    advice: 'Another userfaultfd has these pages: unregister them there first.',
  },
  {
    syscall: /UFFDIO_REGISTER/,
    code: /^EPERM$/,
    advice: 'The pages are a mapping of a file that this process may not write to.',
  },
  {
    syscall: /UFFDIO_/,
    code: /^EEXIST$/,
    advice: 'The page is there already: wake() those that wait for it.',
  },
  {
    syscall: /UFFDIO_/,
    code: /^EAGAIN$/,
    advice:
      'The process forks, or changes its mappings, until the event is read: read events, and try again.',
  },
  {
    syscall: /UFFDIO_CONTINUE/,
    code: /^EFAULT$/,
    advice: 'The memory has no such page yet: store to it by another mapping first.',
  },
  { syscall: /UFFDIO_/, code: /^ENOENT$/, advice: 'The pages are not registered so, or not mapped.' },
  { syscall: /UFFDIO_|PAGEMAP_SCAN/, code: /^ESRCH$/, advice: 'The process has exited.' },
  {
    syscall: /PAGEMAP_SCAN/,
    code: /^EPERM$/,
    advice: 'To re-arm pages, register them with a userfaultfd of the features of writeTracking first.',
  },
  {
    syscall: /^open$/,
    code: /^ENOENT$/,
    subject: /kvm$/,
    advice:
      'Load the kernel module kvm_intel or kvm_amd; in a virtual machine, its host has to allow nested ones.',
  },
  {
    syscall: /^open$/,
    code: /^(EACCES|EPERM)$/,
    subject: /kvm$/,
    advice: 'Join the group kvm, or give this user /dev/kvm (chmod or an access list).',
  },
  {
    syscall: /^open$/,
    code: /^(ENOENT|ESRCH)$/,
    subject: /pagemap$/,
    advice: 'There is no such process, or /proc is mounted with hidepid, or not at all.',
  },
  {
    syscall: /^open$/,
    code: /^(EACCES|EPERM)$/,
    subject: /pagemap$/,
    advice:
      'A pagemap is opened by the user of that process, as far as kernel.yama.ptrace_scope and its rights allow, or with ' +
      'CAP_SYS_PTRACE.',
  },
  {
    syscall: /^read/,
    code: /^EFAULT$/,
    advice: ({ unprivilegedUserfaultfd }) =>
      `Faults of the kernel were not handled: see ${userfaultfdDevicePath} and vm.unprivileged_userfaultfd (now ${unprivilegedUserfaultfd}).`,
  },
  {
    syscall: /sigaction/,
    code: /^EBUSY$/,
    advice: 'Install the other handler before the first tracker, or remove it.',
  },
  {
    syscall: /./,
    code: /^(EMFILE|ENFILE)$/,
    advice: 'Too many descriptors are open: raise "ulimit -n", or close some.',
  },
  {
    syscall: /./,
    code: /^ENOMEM$/,
    advice:
      'Memory is short, or a limit is reached: see "ulimit -v", the memory of the container, vm.max_map_count.',
  },
]

/** What to do where the system call and the device both refuse a userfaultfd, or one for the kernel's faults. */
export function adviceOnRefusal(facts: SystemFacts): string {
  if (facts.seccomp === 2) {
    return (
      'A seccomp filter denies userfaultfd, as the default one of Docker does. Start the container with a profile that ' +
      `allows it (--security-opt seccomp=FILE), or give it ${userfaultfdDevicePath} (--device ${userfaultfdDevicePath}).`
    )
  }
  if (isOlder(facts.kernel, [4, 3])) return `It needs Linux 4.3; this is ${facts.kernel}. Use a newer kernel.`
  if (facts.ptraceCapability) {
    return 'A security module (SELinux, AppArmor) denies it: allow this program userfaultfd there.'
  }
  const device = facts.userfaultfdDevice
  const deviceState = device ? `its mode is ${device.mode}` : 'from Linux 6.1 on'
  return (
    `Give this user ${userfaultfdDevicePath} (chmod or an access list; ${deviceState}), set vm.unprivileged_userfaultfd to 1 ` +
    `(sysctl(8); now ${facts.unprivilegedUserfaultfd ?? 'not there'}), or grant CAP_SYS_PTRACE. ` +
    'One for the faults of user mode alone needs none of these from Linux 5.11 on.'
  )
}

/** @returns '' where nothing better than the error itself is known */
export function adviceOn({ code, syscall, subject = '' }: Failure, facts: () => SystemFacts): string {
  const rule = rules.find(
    (each) => each.syscall.test(syscall) && each.code.test(code) && (each.subject?.test(subject) ?? true),
  )
  if (!rule) return ''
  return typeof rule.advice === 'string' ? rule.advice : rule.advice(facts())
}
