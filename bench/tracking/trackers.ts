import { InvalidArgumentError, probeTrackers, type TrackerName } from '../../src/index.js'
import type { WriterKind } from './writer-kind.js'

/** The policy of a surface that chooses by itself (`--tracker auto`), on top of the best mechanism. */
export const adaptive = 'adaptive'

/** No tracker at all: what the writer costs by itself. */
export const none = 'none'

/** Tracks the memory of a KVM guest, and no process's mapping. */
export const kvmLog = 'kvm-log'

/** Tracks this process's own stores; what others map is compared, and would be measured as if it were tracked. */
const mprotect = 'mprotect'

export interface TrackerEntry {
  readonly name: string
  /** Empty where it works; else why it is not measured. */
  readonly reason: string
}

/** Every tracker that this build has, and the adaptive policy. */
export function listTrackers(): TrackerEntry[] {
  const entries = probeTrackers().map(({ mechanism, works, reason }) => ({
    name: mechanism,
    reason: works ? '' : reason,
  }))
  return [...entries, { name: adaptive, reason: '' }]
}

/** Why there can be no KVM guest here; '' where there can. */
export function whyNoKvmGuest(): string {
  return probeTrackers().find(({ mechanism }) => mechanism === kvmLog)!.reason
}

/** Whether it can see what this kind of writer stores at all. */
export function canTrack(tracker: string, writer: WriterKind): boolean {
  if (tracker === kvmLog) return writer === 'kvm'
  return tracker !== mprotect || writer !== 'other'
}

/** What a surface is to be created with. Without a tracker, one that arms nothing is there, and never asked. */
export function surfaceTracker(name: string): TrackerName {
  if (name === adaptive) return 'auto'
  return name === none ? 'compare' : (name as TrackerName)
}

/**
 * Those of the names that work; all where there is none.
 * @throws InvalidArgumentError for an unknown one
 */
export function chooseTrackers(names: readonly string[]): TrackerEntry[] {
  const all = listTrackers()
  const unknown = names.find((name) => !all.some((entry) => entry.name === name))
  if (unknown !== undefined) {
    throw new InvalidArgumentError(
      `tracker: expected some of ${all.map(({ name }) => name).join(', ')}, received ${unknown}`,
    )
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name))
}
