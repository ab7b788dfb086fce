import { access, constants, readFile, stat } from 'node:fs/promises'
import { release } from 'node:os'
import { probeTrackers, type TrackerChoice } from './surface/tracker-choice.js'

type TrackerProbe = TrackerChoice['probes'][number]

/** What this machine lets umfb do, and what to do about the rest. */
export interface Diagnosis {
  /** Best first. */
  readonly trackers: readonly (TrackerProbe & { readonly advice: string })[]
  readonly system: SystemFacts
  /** What guests need besides the addon, and whether it was built. */
  readonly built: Readonly<Record<string, boolean>>
}

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
}

const devicePath = '/dev/userfaultfd'

async function readSystemFacts(): Promise<SystemFacts> {
  const [sysctl, status, device, accessible] = await Promise.all([
    readFile('/proc/sys/vm/unprivileged_userfaultfd', 'utf8').catch(() => undefined),
    readFile('/proc/self/status', 'utf8').catch(() => ''),
    stat(devicePath).catch(() => undefined),
    access(devicePath, constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    ),
  ])
  return {
    kernel: release(),
    uid: process.getuid!(),
    ...(sysctl !== undefined && { unprivilegedUserfaultfd: Number(sysctl) }),
    ...(device && { userfaultfdDevice: { mode: (device.mode & 0o777).toString(8), accessible } }),
    seccomp: Number(/^Seccomp:\s*(\d)/m.exec(status)?.[1] ?? 0),
  }
}

/** The release that brought UFFD_FEATURE_WP_ASYNC and PAGEMAP_SCAN. */
const wpAsyncKernel = [6, 7] as const

function isOlder(kernel: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10))
  return ownMajor < major || (ownMajor === major && ownMinor < minor)
}

/**
 * What to do about a tracker that does not work. The reason comes first from the machine: the kernel's release, a
 * filter on system calls, permissions; only then from what failed.
 * @returns '' for one that works
 */
export function adviceFor({ mechanism, works, reason }: TrackerProbe, system: SystemFacts): string {
  if (works) return ''
  if (mechanism === 'wp-async') {
    if (isOlder(system.kernel, wpAsyncKernel)) {
      return `It needs Linux ${wpAsyncKernel.join('.')}; this is ${system.kernel}. Use a newer kernel.`
    }
    const refused = /EPERM|EACCES|ENOSYS/.test(reason) && /userfaultfd/.test(reason)
    if (refused && system.seccomp === 2) {
      return (
        'A seccomp filter denies userfaultfd, as the default one of Docker does. Start the container with a profile that ' +
        `allows it (--security-opt seccomp=FILE), or give it ${devicePath} (--device ${devicePath}).`
      )
    }
    if (refused && /ENOSYS/.test(reason)) {
      return 'This kernel was built without CONFIG_USERFAULTFD. Use one that has it.'
    }
    if (refused) {
      return `Give this user ${devicePath} (chmod or an access list), or set vm.unprivileged_userfaultfd to 1 (sysctl(8)).`
    }
  }
  return 'This is not known to happen: please report it, with all of this output.'
}

/** The shim that gives a program its /dev/fb0, and what starts and ends that program. */
const guestPrograms = ['umfb-preload.so', 'umfb-guard']

async function isBuilt(name: string): Promise<boolean> {
  const there = await stat(new URL(`../../build/Release/${name}`, import.meta.url)).catch(() => undefined)
  return there !== undefined
}

/**
 * Tries every tracker by a round trip, and looks at what decides whether they can work.
 *
 * Takes milliseconds; trackers are probed once a process.
 */
export async function diagnose(): Promise<Diagnosis> {
  const system = await readSystemFacts()
  const trackers = probeTrackers().map((probe) => ({ ...probe, advice: adviceFor(probe, system) }))
  const built = await Promise.all(guestPrograms.map(async (name) => [name, await isBuilt(name)] as const))
  return { trackers, system, built: Object.fromEntries(built) }
}
