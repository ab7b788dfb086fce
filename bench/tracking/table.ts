/** Trials as text: one table a workload, size and writer; one of latencies. */
import type { CostRow, LatencyRow, TrackingResults } from './results.js'
import { groupBy, type Spread } from './statistics.js'
import { findWorkload } from './workloads.js'

function digits(value: number): string {
  if (value === 0) return '0'
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 3 })
}

function withSpread({ median, min, max }: Spread): string {
  return min === max ? digits(median) : `${digits(median)} (${digits(min)}…${digits(max)})`
}

/** A ratio of two counts; nothing where there is nothing to compare with. */
function ratio(a: number, b: number): string {
  return b > 0 ? digits(a / b) : a > 0 ? '∞' : '-'
}

function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const costTitle = [
  'tracker',
  'cost µs',
  'tracker µs',
  'slow-down',
  'pages over',
  'pixels over',
  'rects',
  'lost',
]

function costCells(row: CostRow): string[] {
  if (row.unable !== undefined) return [row.tracker, row.unable, ...costTitle.slice(2).map(() => '')]
  const { exactness } = row
  return [
    row.tracker,
    withSpread(row.costUs),
    withSpread(row.trackerUs),
    row.slowdown === undefined ? '-' : `${digits(row.slowdown)}×`,
    exactness ? ratio(exactness.pagesReported, exactness.pagesWritten) : '-',
    exactness ? ratio(exactness.pixelsReported, exactness.pixelsChanged) : '-',
    exactness ? digits(exactness.rects) : '-',
    exactness ? digits(exactness.losses) : '-',
  ]
}

function costTables(costs: readonly CostRow[]): string[] {
  return groupBy(costs, ({ workload, size, writer }) => `${workload} ${size} ${writer}`).map((rows) => {
    const { workload, size, writer } = rows[0]!
    const alone = rows.find((row) => row.tracker === 'none')
    const title = `${workload}, ${size}, writer in ${writer === 'same' ? 'this process' : 'another process'}: ${findWorkload(workload).meaning}`
    const without = alone ? `; the writer alone ${digits(alone.writerUs.median)} µs a frame` : ''
    const shown = rows.filter((row) => row.tracker !== 'none')
    return `${title}${without}\n${formatTable([costTitle, ...shown.map(costCells)])}`
  })
}

function latencyTable(rows: readonly LatencyRow[]): string[] {
  if (rows.length === 0) return []
  const cells = rows.map(({ tracker, state, samples, p50Ms, p99Ms, unable }) =>
    unable === undefined
      ? [tracker, state, digits(p50Ms), digits(p99Ms), `${samples}`]
      : [tracker, state, unable, '', ''],
  )
  return [
    `from a store to its damage, writer in another process\n${formatTable([['tracker', 'surface', 'p50 ms', 'p99 ms', 'stores'], ...cells])}`,
  ]
}

export function trackingTables({ costs, latencies }: TrackingResults): string {
  return [...costTables(costs), ...latencyTable(latencies)].join('\n\n')
}
