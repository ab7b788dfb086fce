import { InvalidArgumentError, TrackerUnavailableError } from '../errors.js'
import type { TrackerMechanism, TrackerProbe } from '../native/binding.js'
import { binding } from '../native/load.js'

export type TrackerName = TrackerMechanism | 'auto'

/** Which tracker was taken, and why not a better one. */
export interface TrackerChoice {
  readonly requested: TrackerName
  /** What tracks pages that are stored to now and then. */
  readonly mechanism: TrackerMechanism
  /** With 'auto': pages that are stored to all the time are compared instead, and a still surface is not polled. */
  readonly adaptive: boolean
  /** With 'auto': why the best mechanism was passed over. With a name: what it cannot do here. '' where there is nothing to say. */
  readonly reason: string
  /** Every mechanism, best first, with the reason of each that does not work here. */
  readonly probes: readonly TrackerProbe[]
}

let probes: readonly TrackerProbe[] | undefined

/** The round-trip self-test of every mechanism, best first. Made once a process: it depends on the machine alone. */
export function probeTrackers(): readonly TrackerProbe[] {
  probes ??= Object.freeze(binding.probeTrackers())
  return probes
}

/**
 * @throws TrackerUnavailableError a tracker that was asked for by name does not work here: never replaced in silence
 * @throws InvalidArgumentError no tracker has that name
 */
export function chooseTracker(requested: TrackerName): TrackerChoice {
  const probes = probeTrackers()
  const probe =
    requested === 'auto'
      ? probes.find(({ automatic, works, limits }) => automatic && works && limits.length === 0)
      : probes.find((p) => p.mechanism === requested)
  if (!probe) {
    const names = ['auto', ...probes.map(({ mechanism }) => mechanism)].join(', ')
    throw new InvalidArgumentError(`tracker: expected one of ${names}, received ${requested}`)
  }
  if (!probe.works) {
    throw new TrackerUnavailableError(
      `the tracker ${requested} does not work here: ${probe.reason}. Use "auto", or see "umfb doctor".`,
    )
  }
  const adaptive = requested === 'auto'
  const reason = adaptive ? whyNotBest(probe, probes) : limitsOf(probe)
  return { requested, mechanism: probe.mechanism, adaptive, reason, probes }
}

function limitsOf({ mechanism, limits }: TrackerProbe): string {
  return limits.length > 0 ? `${mechanism} works with limits: ${limits.join(', ')}` : ''
}

function whyNotBest(taken: TrackerProbe, probes: readonly TrackerProbe[]): string {
  const best = probes.find(({ automatic }) => automatic)
  if (!best || best === taken) return ''
  const { mechanism, works, reason } = best
  return works ? limitsOf(best) : `${mechanism} does not work here: ${reason}`
}
