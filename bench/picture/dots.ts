/** The workloads, a row each: what every tracker costs, on one logarithmic axis. */
import { scaleLog } from 'd3-scale'
import type { CostRow } from '../tracking/results.js'
import { formatUs, lookOf } from './style.js'
import { element, line, text } from './svg.js'

export const rowHeight = 26

/** Rows of one size and writer that have a cost, by workload in the order of `names`. */
export function dotRows(
  costs: readonly CostRow[],
  names: readonly string[],
): { name: string; rows: CostRow[] }[] {
  const shown = costs.filter(
    (row) => row.writer === 'other' && !row.peer && row.tracker !== 'none' && !row.unable,
  )
  const main = shown[0]?.size
  return names
    .map((name) => ({ name, rows: shown.filter((row) => row.workload === name && row.size === main) }))
    .filter(({ rows }) => rows.length > 0)
}

export function drawDots(
  table: readonly { readonly name: string; readonly rows: readonly CostRow[] }[],
  width: number,
  costs: readonly [least: number, most: number],
): string {
  const x = scaleLog().domain(costs).range([0, width]).clamp(true)
  const height = table.length * rowHeight
  const parts: string[] = [
    text(-100, -34, 'The workloads', { 'font-weight': 'bold', 'font-size': 15 }),
    text(-100, -16, 'CPU time a frame, writer + tracker', { fill: '#555', 'font-size': 12 }),
  ]
  for (let cost = 10 ** Math.ceil(Math.log10(costs[0])); cost <= costs[1]; cost *= 10) {
    parts.push(line(x(cost), 0, x(cost), height, { stroke: '#ddd' }))
    parts.push(
      text(x(cost), height + 18, formatUs(cost), { 'text-anchor': 'middle', fill: '#555', 'font-size': 12 }),
    )
  }
  table.forEach(({ name, rows }, i) => {
    const y = (i + 0.5) * rowHeight
    parts.push(line(0, y, width, y, { stroke: '#eee' }), text(-10, y + 4, name, { 'text-anchor': 'end' }))
    for (const { tracker, costUs } of rows) {
      const { colour, width: stroke } = lookOf(tracker)
      parts.push(line(x(costUs.min), y, x(costUs.max), y, { stroke: colour, 'stroke-width': 1.5 }))
      parts.push(
        element('circle', { cx: x(costUs.median), cy: y, r: 3 + stroke, fill: colour, 'fill-opacity': 0.85 }),
      )
    }
  })
  return parts.join('')
}

/** Names in their colours, side by side. */
export function drawLegend(trackers: readonly string[], width: number): string {
  const step = width / Math.max(1, trackers.length)
  return trackers
    .map((tracker, i) => {
      const { colour } = lookOf(tracker)
      const x = i * step
      return (
        element('circle', { cx: x + 6, cy: -4, r: 5, fill: colour }) +
        text(x + 16, 0, tracker, { fill: colour, 'font-weight': 'bold' })
      )
    })
    .join('')
}
