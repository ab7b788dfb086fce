import { InvalidArgumentError, probeTrackers } from '../../src/index.js'
import type { TrackerMechanism } from '../../src/native/binding.js'

/** The policy that a surface uses with `--tracker auto`, on top of the best mechanism. */
export const adaptive = 'adaptive'

/** No tracker at all: what the writer costs by itself. */
export const none = 'none'

/** Tracks a KVM memory slot, and no process's mapping. */
const forGuestsOnly = 'kvm-log'

export interface TrackerEntry {
  readonly name: string
  /** Empty where it works; else why it is not measured. */
  readonly reason: string
}

/** Every tracker that this build has, and the adaptive policy. */
export function listTrackers(): TrackerEntry[] {
  const entries = probeTrackers()
    .filter(({ mechanism }) => (mechanism as string) !== forGuestsOnly)
    .map(({ mechanism, works, reason }) => ({ name: mechanism, reason: works ? '' : reason }))
  return [...entries, { name: adaptive, reason: '' }]
}

export function mechanismOf(name: string): TrackerMechanism {
  if (name !== adaptive) return name as TrackerMechanism
  return probeTrackers().find(({ works }) => works)!.mechanism
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
