/** The promises that the trials are held to, as figures with their targets. */
import type { Figure } from '../harness.js'
import {
  type CostRow,
  idleTick,
  type LatencyRow,
  pairedRatio,
  type StillRow,
  type TrackingResults,
} from './results.js'
import { stillStates } from './still.js'
import { adaptive, kvmLog, none } from './trackers.js'
import { workloads } from './workloads.js'
import { writerPlaces } from './writer-kind.js'

/** The size at which promises are given. */
const promisedSize = '1080p'
/** Times the best single tracker. */
const mostOverBest = 1.2
/** Microseconds a second on a processor: what is less is the noise of a process that waits, and counts as this. */
const stillNoiseUs = 200
/** From a store to a surface that rests to its damage. */
const mostToFirstDamageMs = 2
/** Their frames hardly store: what they cost is told by the clock. */
const stillWorkloads: readonly string[] = ['idle', 'cursor']

function idleFigures(costs: readonly CostRow[]): Figure[] {
  const tick = costs.find(
    (row) => isAdaptive(row) && row.workload === 'idle' && row.size === promisedSize && row.writer === 'same',
  )
  const line = idleTick(costs)
  const figures: Figure[] = []
  if (tick)
    figures.push({
      name: 'idle tick at 1080p',
      value: tick.trackerUs.median,
      unit: 'µs',
      target: { atMost: 10 },
    })
  if (line) {
    figures.push({ name: 'idle tick: fixed', value: line.at0 / 1000, unit: 'µs' })
    figures.push({
      name: 'idle tick: a clean page',
      value: line.slope,
      unit: 'ns',
      target: { atMost: 5 },
      note: 'over the sizes',
    })
  }
  return figures
}

const isPromised = (name: string) =>
  !stillWorkloads.includes(name) && workloads.some((workload) => workload.name === name)
const isAdaptive = (row: CostRow) => row.tracker === adaptive && row.unable === undefined
/** kvm-log is told which machine the pages are of, and no rival of what a surface does by itself. */
const isSingle = (row: CostRow) =>
  !row.peer && ![adaptive, none, kvmLog].includes(row.tracker) && row.unable === undefined

function adaptiveFigures(costs: readonly CostRow[]): Figure[] {
  return costs
    .filter((row) => isAdaptive(row) && row.size === promisedSize && isPromised(row.workload))
    .flatMap((row): Figure[] => {
      const rivals = costs.filter(
        (other) =>
          isSingle(other) &&
          other.workload === row.workload &&
          other.size === row.size &&
          other.writer === row.writer,
      )
      if (rivals.length === 0) return []
      const best = rivals.reduce((a, b) => (b.costUs.median < a.costUs.median ? b : a))
      const atMost = row.workload === 'mix' ? 1 : mostOverBest
      const ratio = pairedRatio(row, best)
      return [
        {
          name: `${row.workload}, writer in ${writerPlaces[row.writer]}: adaptive / best (${best.tracker})`,
          value: ratio.median,
          unit: '×',
          target: { atMost },
          note: `${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)} in ${row.trials} rounds`,
        },
      ]
    })
}

function stillFigures(rows: readonly StillRow[]): Figure[] {
  return stillStates.flatMap((state): Figure[] => {
    const worked = rows.filter((row) => row.state === state && row.unable === undefined)
    const ours = worked.find(({ tracker }) => tracker === adaptive)
    const rivals = worked.filter(({ tracker }) => tracker !== adaptive)
    if (!ours || rivals.length === 0) return []
    const cost = ({ usASecond }: StillRow) => Math.max(stillNoiseUs, usASecond.median)
    const best = rivals.reduce((a, b) => (cost(b) < cost(a) ? b : a))
    return [
      {
        name: `${state} surface, a second by its own clock: adaptive / best (${best.tracker})`,
        value: cost(ours) / cost(best),
        unit: '×',
        target: { atMost: mostOverBest },
      },
    ]
  })
}

function latencyFigures(rows: readonly LatencyRow[]): Figure[] {
  return rows
    .filter(({ tracker, state, unable }) => tracker === adaptive && state === 'idle' && unable === undefined)
    .map(({ p50Ms, p99Ms, samples }) => ({
      name: 'first store to a still surface → damage, median',
      value: p50Ms,
      unit: 'ms',
      target: { atMost: mostToFirstDamageMs },
      note: `99 % of ${samples} within ${p99Ms.toFixed(2)} ms`,
    }))
}

export function trackingFigures({ costs, stills, latencies }: TrackingResults): Figure[] {
  const losses = costs.reduce((sum, row) => sum + (row.exactness?.losses ?? 0), 0)
  const trials = costs.reduce((sum, row) => sum + (row.exactness ? row.trials : 0), 0)
  return [
    ...idleFigures(costs),
    ...adaptiveFigures(costs),
    ...stillFigures(stills),
    ...latencyFigures(latencies),
    ...(trials > 0
      ? [
          {
            name: `pages lost in ${trials} trials`,
            value: losses,
            unit: '',
            target: { atMost: 0 },
          } satisfies Figure,
        ]
      : []),
  ]
}
