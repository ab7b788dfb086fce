import type { LatencySpec } from './latency.js'
import { latencyStates } from './latency.js'
import type { PeerSpec } from './peers.js'
import { peers } from './peers.js'
import type { RectsSpec } from './rects.js'
import { findSize, type Size, sizes } from './size.js'
import { type StillSpec, stillStates } from './still.js'
import { canTrack, none, whyNoKvmGuest } from './trackers.js'
import type { TrialSpec } from './trial.js'
import { type Sweep, sweepPercents, sweeps, workloads, writersOf } from './workloads.js'
import type { WriterKind } from './writer-kind.js'

/** What runs in a Node process of its own. */
export type NodeSpec = TrialSpec | LatencySpec | RectsSpec | StillSpec
export type Spec = NodeSpec | PeerSpec

export interface PlanOptions {
  /** Names of workloads, and of `parts`. Empty: all there is. */
  readonly what: readonly string[]
  /** Those that work here. */
  readonly trackers: readonly string[]
  /** The first one gets everything, the others the workloads that are named, or a few. Empty: the usual ones. */
  readonly sizes: readonly Size[]
  /** A minute instead of twenty. */
  readonly quick: boolean
}

/** What is measured beside the workloads: the curves of the picture, the time from store to damage, and still surfaces. */
export const parts = ['sweep', 'latency', 'still'] as const

/** Enough to see how costs grow with the surface. */
const workloadsOfOtherSizes = ['idle', 'video-30%', 'pokes-1%']

/** One store to every page: next to nothing but faults. */
export const firstStores = 'pokes-100%'

const efforts = {
  full: { budgetMs: 150, rounds: 3, sizeRounds: 1, sweepRounds: 2, peerRounds: 1, samples: 96, seconds: 3 },
  quick: { budgetMs: 30, rounds: 1, sizeRounds: 1, sweepRounds: 1, peerRounds: 1, samples: 8, seconds: 1 },
} as const

const quickPercents: readonly number[] = [0.3, 3, 30, 100]

interface Group {
  readonly workload: string
  readonly size: Size
  readonly writer: WriterKind
  readonly rounds: number
  readonly peers: boolean
}

/** Of the trials of still surfaces. */
const stillRounds = 2

const mainSize = '1080p'

function usualSizes(quick: boolean): Size[] {
  const main = findSize(mainSize)
  return quick
    ? [main, findSize('800x600'), findSize('4K')]
    : [main, ...sizes.filter((size) => size !== main)]
}

function possibleWriters(workload: string): readonly WriterKind[] {
  return writersOf(workload).filter((writer) => writer !== 'kvm' || whyNoKvmGuest() === '')
}

function groupsOf({ what, sizes: wanted, quick }: PlanOptions): Group[] {
  const effort = quick ? efforts.quick : efforts.full
  const all = what.length === 0
  const [main, ...others] = wanted.length > 0 ? wanted : all ? usualSizes(quick) : [findSize(mainSize)]
  const named = what.filter((name) => !(parts as readonly string[]).includes(name))
  const names = all ? workloads.map(({ name }) => name) : named
  const groups: Group[] = names.flatMap((workload) =>
    possibleWriters(workload)
      .filter((writer) => !quick || writer !== 'same' || workload === 'idle')
      .map((writer) => ({
        workload,
        size: main!,
        writer,
        rounds: effort.rounds,
        peers: writer === 'same' || (quick && writer === 'other'),
      })),
  )
  for (const size of others) {
    const fewer = all ? (quick ? ['idle'] : workloadsOfOtherSizes) : names
    for (const workload of fewer) {
      const writers = possibleWriters(workload).filter((writer) => writer !== 'same' || workload === 'idle')
      for (const writer of writers)
        groups.push({ workload, size, writer, rounds: effort.sizeRounds, peers: false })
    }
  }
  if (all || what.includes('sweep')) {
    for (const sweep of Object.keys(sweeps) as Sweep[]) {
      for (const percent of sweepPercents.filter((each) => !quick || quickPercents.includes(each))) {
        const workload = sweeps[sweep](percent).name
        if (
          groups.some(
            (group) => group.workload === workload && group.size === main && group.writer === 'other',
          )
        )
          continue
        groups.push({ workload, size: main!, writer: 'other', rounds: effort.sweepRounds, peers: false })
      }
    }
  }
  if (all || what.includes('sweep')) {
    // What a first store costs: ours beside the peers, which draw in their own process.
    groups.push({
      workload: firstStores,
      size: main!,
      writer: 'same',
      rounds: effort.sweepRounds,
      peers: true,
    })
  }
  return groups
}

/** Trials of one round of one group, one after another: what a machine does meanwhile, it does to all of them. */
function roundOf(group: Group, round: number, { trackers, quick }: PlanOptions): Spec[] {
  const effort = quick ? efforts.quick : efforts.full
  const { workload, size, writer } = group
  const budgetMs = effort.budgetMs
  const ours: Spec[] = [none, ...trackers.filter((tracker) => canTrack(tracker, writer))].map((tracker) => ({
    kind: 'cost',
    workload,
    size,
    writer,
    tracker,
    budgetMs,
  }))
  const theirs: Spec[] = group.peers && round < effort.peerRounds ? peerRound(workload, size, budgetMs) : []
  const specs = [...ours, ...theirs]
  // Another one begins in each round.
  const first = round % specs.length
  return [...specs.slice(first), ...specs.slice(0, first)]
}

function peerRound(workload: string, size: Size, budgetMs: number): Spec[] {
  const names = peers()
    .filter(({ reason }) => reason === '')
    .map(({ name }) => name)
  if (names.length === 0) return []
  return [none, ...names].map((tracker) => ({ kind: 'peer', workload, size, tracker, budgetMs }))
}

/** Rounds are outermost: who stops early has a little of everything. */
export function plan(options: PlanOptions): Spec[] {
  const groups = groupsOf(options)
  const most = Math.max(stillRounds, ...groups.map(({ rounds }) => rounds))
  const specs: Spec[] = []
  for (let round = 0; round < most; round++) {
    for (const group of groups) if (round < group.rounds) specs.push(...roundOf(group, round, options))
    if (round === 0) specs.push(...rectsPlan(options), ...latencyPlan(options))
    if (round < (options.quick ? 1 : stillRounds)) specs.push(...stillPlan(options))
  }
  return specs
}

function rectsPlan({ what }: PlanOptions): Spec[] {
  const names = workloads.map(({ name }) => name).filter((name) => what.length === 0 || what.includes(name))
  return names.map((workload) => ({ kind: 'rects', workload }))
}

function latencyPlan({ what, sizes: wanted, trackers, quick }: PlanOptions): Spec[] {
  if (what.length > 0 && !what.includes('latency')) return []
  const size = wanted[0] ?? findSize(mainSize)
  const samples = (quick ? efforts.quick : efforts.full).samples
  const seen = trackers.filter((tracker) => canTrack(tracker, 'other'))
  return seen.flatMap((tracker) =>
    latencyStates.map((state) => ({ kind: 'latency' as const, size, tracker, state, samples })),
  )
}

function stillPlan({ what, sizes: wanted, trackers, quick }: PlanOptions): Spec[] {
  if (what.length > 0 && !what.includes('still')) return []
  const size = wanted[0] ?? findSize(mainSize)
  const { seconds } = quick ? efforts.quick : efforts.full
  const seen = trackers.filter((tracker) => canTrack(tracker, 'other'))
  return stillStates.flatMap((state) =>
    seen.map((tracker) => ({ kind: 'still' as const, size, tracker, state, seconds })),
  )
}
