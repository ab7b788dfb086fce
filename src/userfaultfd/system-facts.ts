import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { release } from 'node:os'

/** What decides whether this process may use userfaultfd. */
export interface SystemFacts {
  /** As uname(2) says it: '6.18.44'. */
  readonly kernel: string
  readonly uid: number
  /** vm.unprivileged_userfaultfd; undefined where the kernel has no such setting. */
  readonly unprivilegedUserfaultfd?: number
  /** undefined where there is no such file. */
  readonly userfaultfdDevice?: { readonly mode: string; readonly accessible: boolean }
  /** Of this process (proc(5), "Seccomp"): 0 none, 1 strict, 2 a filter, as containers have. */
  readonly seccomp: number
  /** Whether this process has CAP_SYS_PTRACE, which allows a userfaultfd for the kernel's faults. */
  readonly ptraceCapability: boolean
}

export const userfaultfdDevicePath = '/dev/userfaultfd'

/** linux/capability.h */
const capSysPtrace = 19n

/** Looks them up anew: an administrator may have changed them. */
export function readSystemFacts(): SystemFacts {
  const sysctl = attempted(() => readFileSync('/proc/sys/vm/unprivileged_userfaultfd', 'utf8'))
  const status = attempted(() => readFileSync('/proc/self/status', 'utf8')) ?? ''
  const device = attempted(() => statSync(userfaultfdDevicePath))
  const accessible = attempted(
    () => accessSync(userfaultfdDevicePath, constants.R_OK | constants.W_OK) ?? true,
  )
  const capabilities = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`)
  return {
    kernel: release(),
    uid: process.getuid!(),
    ...(sysctl !== undefined && { unprivilegedUserfaultfd: Number(sysctl) }),
    ...(device && {
      userfaultfdDevice: { mode: (device.mode & 0o777).toString(8), accessible: accessible ?? false },
    }),
    seccomp: Number(/^Seccomp:\s*(\d)/m.exec(status)?.[1] ?? 0),
    ptraceCapability: ((capabilities >> capSysPtrace) & 1n) === 1n,
  }
}

function attempted<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}

/** Whether a kernel's release, as uname(2) says it, is before `major.minor`. */
export function isOlder(kernel: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10))
  return ownMajor < major || (ownMajor === major && ownMinor < minor)
}
