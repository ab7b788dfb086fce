/** Trials as text: a table for each workload and size, and some for all of them. */
import { firstStores } from './plan.js'
import { rectPixels } from './rect-cost.js'
import type { CostRow, LatencyRow, RectsRow, StillRow, TrackingResults } from './results.js'
import { findSize, pagesOf } from './size.js'
import { groupBy, type Spread } from './statistics.js'
import { none } from './trackers.js'
import { findWorkload } from './workloads.js'
import { writerPlaces } from './writer-kind.js'

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

function placeOf({ peer, writer }: CostRow): string {
  return peer ? 'a C program' : writerPlaces[writer]
}

const costTitle = [
  'tracker',
  'writer in',
  'cost µs',
  'tracker µs',
  'slow-down',
  'pages over',
  'pixels over',
  'rects',
  'lost',
]

function costCells(row: CostRow): string[] {
  const { exactness } = row
  return [
    row.tracker,
    placeOf(row),
    withSpread(row.costUs),
    withSpread(row.trackerUs),
    row.slowdown === undefined ? '-' : `${digits(row.slowdown)}×`,
    exactness ? ratio(exactness.pagesReported, exactness.pagesWritten) : '-',
    exactness ? ratio(exactness.pixelsReported, exactness.pixelsChanged) : '-',
    exactness ? digits(exactness.rects) : '-',
    exactness ? digits(exactness.losses) : '-',
  ]
}

function costTable(rows: readonly CostRow[]): string {
  const { workload, size } = rows[0]!
  const alone = rows.filter(({ tracker }) => tracker === none)
  const without = alone.map((row) => `${digits(row.writerUs.median)} µs in ${placeOf(row)}`)
  const tracked = rows.filter(({ tracker }) => tracker !== none)
  const shown = tracked.filter(({ unable }) => unable === undefined)
  const notes = tracked
    .filter(({ unable }) => unable !== undefined)
    .map((row) => `${row.tracker}, writer in ${placeOf(row)}: no figures: ${row.unable}`)
  return [
    `${workload}, ${size}: ${findWorkload(workload).meaning}`,
    `a frame costs the writer alone ${without.join(', ')}`,
    ...(shown.length > 0 ? [formatTable([costTitle, ...shown.map(costCells)])] : []),
    ...notes,
  ].join('\n')
}

function costTables(costs: readonly CostRow[]): string[] {
  return groupBy(costs, ({ workload, size }) => `${workload} ${size}`).map(costTable)
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

function stillTable(rows: readonly StillRow[]): string[] {
  if (rows.length === 0) return []
  const cells = rows.map(({ tracker, state, usASecond, unable }) => [
    tracker,
    state,
    unable ?? withSpread(usASecond),
  ])
  return [
    `a surface that is hardly stored to, by its own clock, a second on a processor\n${formatTable([['tracker', 'surface', 'µs'], ...cells])}`,
  ]
}

/** What the writer pays a page where it stores to every page once, by the clock and on a processor. */
function firstStoreTable(costs: readonly CostRow[]): string[] {
  const all = costs.filter(({ workload, unable }) => workload === firstStores && unable === undefined)
  const cells = all.flatMap((row) => {
    const alone = all.find((other) => other.tracker === none && placeOf(other) === placeOf(row))
    if (row.tracker === none || !alone) return []
    const nsAPage = (us: number) => Math.max(0, (us * 1000) / pagesOf(findSize(row.size)))
    const wallNs = nsAPage(row.writerWallUs.median - alone.writerWallUs.median)
    const cpuNs = nsAPage(row.writerUs.median - alone.writerUs.median)
    return [
      [row.tracker, placeOf(row), digits(wallNs), digits(cpuNs), wallNs < 20 ? '-' : digits(1e9 / wallNs)],
    ]
  })
  if (cells.length === 0) return []
  const title = ['tracker', 'writer in', 'ns, by the clock', 'ns, on a processor', 'faults a second']
  return [`the first store to a page, ${all[0]!.size}\n${formatTable([title, ...cells])}`]
}

function rectsTable(rows: readonly RectsRow[]): string[] {
  const cells = rows
    .filter(({ rects, unable }) => rects > 0 && unable === undefined)
    .map(({ workload, rects, leastRects, costRatio }) => [
      workload,
      digits(rects),
      digits(leastRects),
      digits(costRatio),
    ])
  if (cells.length === 0) return []
  const title = ['workload', 'rects', 'minimum partition', 'cost ÷ its cost']
  return [
    `rects of a frame on a small picture, ${rectPixels} pixels for a rect\n${formatTable([title, ...cells])}`,
  ]
}

export function trackingTables({ costs, rects, latencies, stills }: TrackingResults): string {
  return [
    ...costTables(costs),
    ...firstStoreTable(costs),
    ...rectsTable(rects),
    ...latencyTable(latencies),
    ...stillTable(stills),
  ].join('\n\n')
}
