/** Cost against the share of dirty pages: a line a tracker, both axes logarithmic, and where comparing begins to win. */
import { scaleLog } from 'd3-scale'
import type { CostRow } from '../tracking/results.js'
import { groupBy } from '../tracking/statistics.js'
import { spreadLabels } from './labels.js'
import { formatUs, lookOf } from './style.js'
import { element, line, text } from './svg.js'

export interface Point {
  readonly percent: number
  /** Microseconds a frame. */
  readonly cost: number
  readonly low: number
  readonly high: number
}

export interface Curve {
  readonly tracker: string
  readonly points: readonly Point[]
}

/** Noise of the clock: what is cheaper is drawn as costing this. */
const leastUs = 1

/** @param prefix of the sweep's workloads, as in 'band-10%' */
export function curvesOf(costs: readonly CostRow[], prefix: string): Curve[] {
  const rows = costs.filter(
    (row) =>
      row.workload.startsWith(`${prefix}-`) &&
      row.writer === 'other' &&
      !row.peer &&
      row.tracker !== 'none' &&
      !row.unable,
  )
  const main = rows[0]?.size
  return groupBy(
    rows.filter((row) => row.size === main),
    (row) => row.tracker,
  ).map((group) => ({
    tracker: group[0]!.tracker,
    points: group
      .map(({ workload, costUs }) => ({
        percent: Number.parseFloat(workload.slice(prefix.length + 1)),
        cost: Math.max(leastUs, costUs.median),
        low: Math.max(leastUs, costUs.min),
        high: Math.max(leastUs, costUs.max),
      }))
      .sort((a, b) => a.percent - b.percent),
  }))
}

/** Where `rising` gets dearer than `other`, between two measured shares: both taken for straight in the picture. */
export function crossover(rising: Curve, other: Curve): { percent: number; cost: number } | undefined {
  const both = rising.points.flatMap((point) => {
    const match = other.points.find(({ percent }) => percent === point.percent)
    return match ? [{ x: Math.log(point.percent), a: Math.log(point.cost), b: Math.log(match.cost) }] : []
  })
  for (let i = 1; i < both.length; i++) {
    const [from, to] = [both[i - 1]!, both[i]!]
    if (from.a > from.b || to.a <= to.b) continue
    const t = (from.b - from.a) / (from.b - from.a + to.a - to.b)
    return { percent: Math.exp(from.x + t * (to.x - from.x)), cost: Math.exp(from.a + t * (to.a - from.a)) }
  }
  return undefined
}

const labelWidth = 96
const percentTicks = [0.1, 0.3, 1, 3, 10, 30, 100]

export interface Frame {
  readonly width: number
  readonly height: number
  /** Microseconds: the same in all panels. */
  readonly costs: readonly [least: number, most: number]
}

function gridOf(
  x: (percent: number) => number,
  y: (cost: number) => number,
  plotWidth: number,
  { height, costs }: Frame,
): string[] {
  const grid: string[] = []
  for (let cost = 10 ** Math.ceil(Math.log10(costs[0])); cost <= costs[1]; cost *= 10) {
    grid.push(line(0, y(cost), plotWidth, y(cost), { stroke: '#ddd' }))
    grid.push(text(-8, y(cost) + 4, formatUs(cost), { 'text-anchor': 'end', fill: '#555', 'font-size': 12 }))
  }
  for (const percent of percentTicks) {
    grid.push(line(x(percent), height, x(percent), height + 5, { stroke: '#555' }))
    grid.push(
      text(x(percent), height + 20, `${percent} %`, {
        'text-anchor': 'middle',
        fill: '#555',
        'font-size': 12,
      }),
    )
  }
  grid.push(line(0, height, plotWidth, height, { stroke: '#555' }))
  return grid
}

function drawCurve(
  { tracker, points }: Curve,
  x: (percent: number) => number,
  y: (cost: number) => number,
): string {
  const { colour, width } = lookOf(tracker)
  const path = points.map(
    ({ percent, cost }, i) => `${i === 0 ? 'M' : 'L'}${x(percent).toFixed(1)} ${y(cost).toFixed(1)}`,
  )
  const spans = points.map(({ percent, low, high }) =>
    line(x(percent), y(low), x(percent), y(high), { stroke: colour, 'stroke-width': 1 }),
  )
  const dots = points.map(({ percent, cost }) =>
    element('circle', { cx: x(percent), cy: y(cost), r: 3, fill: colour }),
  )
  return [
    element('path', { d: path.join(' '), fill: 'none', stroke: colour, 'stroke-width': width }),
    ...spans,
    ...dots,
  ].join('')
}

export function drawCurves(title: string, curves: readonly Curve[], frame: Frame): string {
  const { width, height, costs } = frame
  const plotWidth = width - labelWidth
  const x = scaleLog().domain([percentTicks[0]!, 100]).range([0, plotWidth])
  const y = scaleLog().domain(costs).range([height, 0])
  const ends = curves.map(({ points }) => points.at(-1)!)
  const places = spreadLabels(
    ends.map(({ cost }) => y(cost)),
    15,
    4,
    height,
  )
  const labels = curves.map(({ tracker }, i) => {
    const { colour } = lookOf(tracker)
    const from = ends[i]!
    return [
      line(x(from.percent) + 5, y(from.cost), plotWidth + 13, places[i]!, {
        stroke: colour,
        'stroke-width': 0.8,
      }),
      text(plotWidth + 16, places[i]! + 4, tracker, { fill: colour, 'font-weight': 'bold', 'font-size': 12 }),
    ].join('')
  })
  return [
    text(0, -30, title, { 'font-weight': 'bold', 'font-size': 15 }),
    text(0, -12, 'CPU time a frame, writer + tracker', { fill: '#555', 'font-size': 12 }),
    text(plotWidth / 2, height + 40, 'share of the pages that a frame dirties', {
      'text-anchor': 'middle',
      fill: '#555',
      'font-size': 12,
    }),
    ...gridOf(x, y, plotWidth, frame),
    ...curves.map((curve) => drawCurve(curve, x, y)),
    ...labels,
    drawCrossover(curves, x, y, height),
  ].join('')
}

function drawCrossover(
  curves: readonly Curve[],
  x: (percent: number) => number,
  y: (cost: number) => number,
  height: number,
): string {
  const faults = curves.find(({ tracker }) => tracker === 'wp-async')
  const compare = curves.find(({ tracker }) => tracker === 'compare')
  const at = faults && compare && crossover(faults, compare)
  if (!at) return ''
  const percent = `${Number(at.percent.toPrecision(2))} %`
  return [
    line(x(at.percent), y(at.cost), x(at.percent), height, { stroke: '#222', 'stroke-dasharray': '4 3' }),
    element('circle', {
      cx: x(at.percent),
      cy: y(at.cost),
      r: 6,
      fill: 'none',
      stroke: '#222',
      'stroke-width': 1.5,
    }),
    text(x(at.percent) - 6, height - 24, `above ${percent}`, { 'font-size': 12, 'text-anchor': 'end' }),
    text(x(at.percent) - 6, height - 9, 'comparing is cheaper', { 'font-size': 12, 'text-anchor': 'end' }),
  ].join('')
}
