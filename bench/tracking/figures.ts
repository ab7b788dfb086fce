/** The promises that the trials are held to, as figures with their targets. */
import { binding } from '../../src/native/load.js'
import type { Figure } from '../harness.js'
import { type CostRow, idleTick, type TrackingResults } from './results.js'
import { findSize, sizeBytes } from './size.js'
import { adaptive, none } from './trackers.js'

/** The size at which promises are given. */
const promisedSize = '1080p'
/** Times the best single tracker. */
const mostOverBest = 1.2

const pagesOf = (size: string) => Math.ceil(sizeBytes(findSize(size)) / binding.pageSize)

function idleFigures(costs: readonly CostRow[]): Figure[] {
  const tick = costs.find(
    (row) => isAdaptive(row) && row.workload === 'idle' && row.size === promisedSize && row.writer === 'same',
  )
  const line = idleTick(costs, pagesOf)
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

const isAdaptive = (row: CostRow) => row.tracker === adaptive && row.unable === undefined
const isSingle = (row: CostRow) =>
  !row.peer && ![adaptive, none].includes(row.tracker) && row.unable === undefined

function adaptiveFigures(costs: readonly CostRow[]): Figure[] {
  return costs
    .filter((row) => isAdaptive(row) && row.size === promisedSize)
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
      return [
        {
          name: `${row.workload}, writer in ${place(row)}: adaptive / best (${best.tracker})`,
          value: row.costUs.median / best.costUs.median,
          unit: '×',
          target: { atMost },
        },
      ]
    })
}

const place = ({ writer }: CostRow) => (writer === 'same' ? 'this process' : 'another')

/** First stores: a frame that touches every page once costs nearly nothing but the faults. */
function storeFigures(costs: readonly CostRow[]): Figure[] {
  return costs
    .filter(
      (row) =>
        row.workload === 'pokes-100%' && row.size === promisedSize && !row.unable && row.tracker !== none,
    )
    .flatMap((row) => {
      const alone = costs.find((other) => other.tracker === none && sameKind(other, row))
      if (!alone) return []
      const ns = ((row.writerUs.median - alone.writerUs.median) * 1000) / pagesOf(row.size)
      return [
        {
          name: `first store to a page, ${row.tracker}`,
          value: Math.max(0, ns),
          unit: 'ns',
          note: 'writer in another process',
        },
      ]
    })
}

function sameKind(a: CostRow, b: CostRow): boolean {
  return a.workload === b.workload && a.size === b.size && a.writer === b.writer
}

export function trackingFigures({ costs }: TrackingResults): Figure[] {
  const losses = costs.reduce((sum, row) => sum + (row.exactness?.losses ?? 0), 0)
  const trials = costs.reduce((sum, row) => sum + (row.exactness ? row.trials : 0), 0)
  return [
    ...idleFigures(costs),
    ...adaptiveFigures(costs),
    ...storeFigures(costs),
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
