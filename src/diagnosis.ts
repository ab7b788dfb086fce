import { stat } from 'node:fs/promises'
import { SystemError } from './errors.js'
import { probeTrackers, type TrackerChoice } from './surface/tracker-choice.js'
import { adviceOn, adviceOnRefusal } from './userfaultfd/advice.js'
import { isOlder, readSystemFacts, type SystemFacts } from './userfaultfd/system-facts.js'
import { Userfaultfd } from './userfaultfd/userfaultfd.js'

export type { SystemFacts } from './userfaultfd/system-facts.js'

type TrackerProbe = TrackerChoice['probes'][number]

/** What this machine lets umfb do, and what to do about the rest. */
export interface Diagnosis {
  /** Best first. */
  readonly trackers: readonly (TrackerProbe & { readonly advice: string })[]
  /** Whether the first store to a still surface can wake it, or it has to be looked at from time to time. */
  readonly idleTripwire: { readonly works: boolean; readonly reason: string; readonly advice: string }
  readonly system: SystemFacts
  /** What guests need besides the addon, and whether it was built. */
  readonly built: Readonly<Record<string, boolean>>
}

/** Before these releases a tracker cannot work, whatever fails first: its pages cannot be protected. */
const since: Readonly<Record<string, readonly [number, number]>> = {
  'wp-async': [6, 7],
  'wp-sync': [5, 19],
  zap: [6, 4],
  'zap-reads': [5, 14],
}

/** As the addon words a failed system call: "EPERM: operation not permitted, userfaultfd 'subject'". */
const failedCall = /^(?<code>E[A-Z0-9]+): [^,]*, (?<syscall>[^']+?)(?: '(?<subject>.*)')?$/

const unheardOf = 'This is not known to happen: please report it, with all of this output.'

/**
 * What to do about a tracker that does not work, or not for all: by what failed, and by the machine.
 * @returns '' where there is nothing to be done
 */
export function adviceFor({ mechanism, works, reason, limits }: TrackerProbe, system: SystemFacts): string {
  if (works) {
    // A userfaultfd for user mode alone: one for all faults was refused. mprotect has none, and is limited anywhere.
    const refused = mechanism !== 'mprotect' && limits.some((limit) => limit.includes('EFAULT'))
    return refused ? adviceOnRefusal(system) : ''
  }
  const release = since[mechanism]
  if (release && isOlder(system.kernel, release)) {
    return `It needs Linux ${release.join('.')}; this is ${system.kernel}. Use a newer kernel.`
  }
  const { code, syscall, subject } = failedCall.exec(reason)?.groups ?? {}
  return (code && syscall && adviceOn({ code, syscall, subject }, () => system)) || unheardOf
}

/** It has to stop whoever stores, the kernel included: only a userfaultfd for all faults does. */
function diagnoseIdleTripwire(system: SystemFacts): Diagnosis['idleTripwire'] {
  try {
    const supported = Userfaultfd.supportedFeatures({ userModeOnly: false })
    if (supported.includes('wp-async')) return { works: true, reason: '', advice: '' }
    const reason = 'the kernel lacks wp-async'
    return {
      works: false,
      reason,
      advice: `It needs Linux 6.7; this is ${system.kernel}. Use a newer kernel.`,
    }
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    const { code = '', syscall = '', message } = error.cause as NodeJS.ErrnoException
    return { works: false, reason: message, advice: adviceOn({ code, syscall }, () => system) || unheardOf }
  }
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
  const system = readSystemFacts()
  const trackers = probeTrackers().map((probe) => ({ ...probe, advice: adviceFor(probe, system) }))
  const built = await Promise.all(guestPrograms.map(async (name) => [name, await isBuilt(name)] as const))
  const idleTripwire = diagnoseIdleTripwire(system)
  return { trackers, idleTripwire, system, built: Object.fromEntries(built) }
}
