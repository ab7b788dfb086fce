/** Trials become rows: the trials of one kind together, medians with their spread, costs less the writer's own. */

import type { LatencyResult, LatencySpec, LatencyState } from './latency.js'
import type { PeerSpec } from './peers.js'
import type { RectsResult, RectsSpec } from './rects.js'
import type { Outcome } from './run.js'
import { findSize, pagesOf } from './size.js'
import { groupBy, quantile, regression, type Spread, spread } from './statistics.js'
import type { StillResult, StillSpec, StillState } from './still.js'
import { adaptive, none } from './trackers.js'
import type { Exactness, TrialResult, TrialSpec } from './trial.js'
import type { WriterKind } from './writer-kind.js'

export interface CostRow {
  readonly workload: string
  readonly size: string
  readonly writer: WriterKind
  readonly tracker: string
  /** True for a C program of bench/peers. */
  readonly peer: boolean
  readonly trials: number
  /** Why there are no figures. */
  readonly unable?: string
  /** Microseconds a frame on a processor: the tracker's, and what the writer takes more than without a tracker. */
  readonly costUs: Spread
  /** The same of each trial that worked, in the order of the rounds: what is compared within a round is `pairedRatio`. */
  readonly trialCostsUs: readonly number[]
  readonly trackerUs: Spread
  readonly writerUs: Spread
  /** By the clock: where faults are handled by another thread, the writer waits. */
  readonly writerWallUs: Spread
  /** The writer's time by the clock for a frame ÷ the same without a tracker. Not where it hardly stores. */
  readonly slowdown?: number
  /** Of the first trial; `losses` of all. */
  readonly exactness?: Exactness
}

export interface LatencyRow {
  readonly tracker: string
  readonly state: LatencyState
  readonly samples: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly unable?: string
}

export interface StillRow {
  readonly tracker: string
  readonly state: StillState
  /** On a processor, the host's and the writer's. */
  readonly usASecond: Spread
  readonly unable?: string
}

export interface RectsRow extends RectsResult {
  readonly workload: string
}

export interface TrackingResults {
  readonly costs: readonly CostRow[]
  readonly rects: readonly RectsRow[]
  readonly latencies: readonly LatencyRow[]
  readonly stills: readonly StillRow[]
}

/** A writer that takes less is measured with the clock's own noise. */
const leastWriterUs = 5

const us = (values: readonly number[]) => spread(values.map((ns) => ns / 1000))

type CostOutcome = { spec: TrialSpec | PeerSpec; result: TrialResult }

/** Peers draw in their own process, as the writer of kind 'same' does. */
const writerOf = ({ spec }: CostOutcome): WriterKind => (spec.kind === 'peer' ? 'same' : spec.writer)

/** @param alone trials of the same writer without a tracker */
function costRow(trials: readonly CostOutcome[], alone: readonly CostOutcome[]): CostRow {
  const { spec } = trials[0]!
  const worked = trials.filter(({ result }) => result.unable === undefined).map(({ result }) => result)
  const unable = worked.length === 0 ? trials[0]!.result.unable : undefined
  const aloneUs = us(alone.map(({ result }) => result.writerNs)).median
  const aloneWallUs = us(alone.map(({ result }) => result.writerWallNs)).median
  const exactness = worked.find((result) => result.exactness)?.exactness
  const losses = worked.reduce((sum, result) => sum + (result.exactness?.losses ?? 0), 0)
  const wallUs = us(worked.map(({ writerWallNs }) => writerWallNs)).median
  const trialCostsUs = worked.map(({ trackerNs, writerNs }) => (trackerNs + writerNs) / 1000 - aloneUs)
  return {
    workload: spec.workload,
    size: spec.size.name,
    writer: writerOf(trials[0]!),
    tracker: spec.tracker,
    peer: spec.kind === 'peer',
    trials: worked.length,
    ...(unable !== undefined && { unable }),
    costUs: spread(trialCostsUs),
    trialCostsUs,
    trackerUs: us(worked.map(({ trackerNs }) => trackerNs)),
    writerUs: us(worked.map(({ writerNs }) => writerNs)),
    writerWallUs: us(worked.map(({ writerWallNs }) => writerWallNs)),
    ...(aloneWallUs >= leastWriterUs && worked.length > 0 && { slowdown: wallUs / aloneWallUs }),
    ...(exactness && { exactness: { ...exactness, losses } }),
  }
}

function costRows(outcomes: readonly CostOutcome[]): CostRow[] {
  const kindOf = (o: CostOutcome) => `${o.spec.workload} ${o.spec.size.name} ${o.spec.kind} ${writerOf(o)}`
  return groupBy(outcomes, kindOf).flatMap((kind) => {
    const alone = kind.filter(({ spec }) => spec.tracker === none)
    if (alone.length === 0) return []
    return groupBy(kind, ({ spec }) => spec.tracker).map((trials) => costRow(trials, alone))
  })
}

function latencyRow(trials: readonly Outcome[]): LatencyRow {
  const { tracker, state } = trials[0]!.spec as LatencySpec
  const results = trials.map(({ result }) => result as LatencyResult)
  const all = results.flatMap(({ latenciesMs }) => latenciesMs)
  const unable = results.find((result) => result.unable !== undefined)?.unable
  return {
    tracker,
    state,
    samples: all.length,
    p50Ms: quantile(all, 0.5),
    p99Ms: quantile(all, 0.99),
    ...(unable !== undefined && { unable }),
  }
}

function stillRow(trials: readonly Outcome[]): StillRow {
  const { tracker, state } = trials[0]!.spec as StillSpec
  const results = trials.map(({ result }) => result as StillResult)
  const worked = results.filter((result) => result.unable === undefined)
  const unable = worked.length === 0 ? results[0]!.unable : undefined
  return {
    tracker,
    state,
    usASecond: spread(worked.map(({ usASecond }) => usASecond)),
    ...(unable !== undefined && { unable }),
  }
}

/**
 * What one tracker costs against another, round by round: trials of one round lie next to each other, so that what a machine
 * does for minutes cancels out.
 */
export function pairedRatio(row: CostRow, other: CostRow): Spread {
  const ratios = row.trialCostsUs.flatMap((cost, round) => {
    const against = other.trialCostsUs[round]
    return against === undefined ? [] : [cost / against]
  })
  return spread(ratios)
}

export function summarize(outcomes: readonly Outcome[]): TrackingResults {
  const ofKind = (...kinds: Outcome['spec']['kind'][]) =>
    outcomes.filter(({ spec }) => kinds.includes(spec.kind))
  return {
    costs: costRows(ofKind('cost', 'peer') as CostOutcome[]),
    rects: ofKind('rects').map(({ spec, result }) => ({
      workload: (spec as RectsSpec).workload,
      ...(result as RectsResult),
    })),
    stills: groupBy(ofKind('still'), ({ spec }) => JSON.stringify(spec)).map(stillRow),
    latencies: groupBy(ofKind('latency'), ({ spec }) => JSON.stringify(spec)).map(latencyRow),
  }
}

/** What a surface costs where nothing moves: fixed, and for each page. Of the adaptive policy, in this process. */
export function idleTick(costs: readonly CostRow[]) {
  const rows = costs.filter(
    (row) => row.workload === 'idle' && row.writer === 'same' && row.tracker === adaptive,
  )
  const points = rows.map((row) => [pagesOf(findSize(row.size)), row.trackerUs.median * 1000] as const)
  return points.length < 2 ? undefined : regression(points)
}
