import type { TrackingReport } from '../tracking/session.js'
import { type Curve, curvesOf, drawCurves } from './curves.js'
import { dotRows, drawDots, drawLegend, rowHeight } from './dots.js'
import { group, svg, text } from './svg.js'

const width = 1240
const margin = 40
const axisWidth = 64
const curvesTop = 160
const curvesHeight = 380

/** Decades that hold all costs. */
function decades(costs: readonly number[]): [least: number, most: number] {
  const positive = costs.map((cost) => Math.max(1, cost))
  return [
    10 ** Math.floor(Math.log10(Math.min(...positive))),
    10 ** Math.ceil(Math.log10(Math.max(2, ...positive))),
  ]
}

function subtitle({ machine, trials, date, quick }: TrackingReport, size: string): string {
  const where = `${machine.cpu}, ${machine.cores} cores, Linux ${machine.kernel}, Node ${machine.node}`
  const how = `${size}, 32 bits a pixel, the writer in another process. Medians; bars: least to most of the trials`
  const partial = trials.done < trials.planned ? ` PARTIAL: ${trials.done} of ${trials.planned} trials.` : ''
  return `${where}. ${how}${quick ? ' (a quick run)' : ''}. ${date.slice(0, 10)}.${partial}`
}

/** @returns an SVG document; undefined where there is nothing to show */
export function drawPicture(report: TrackingReport): string | undefined {
  const { costs, workloads } = report
  const sweeps: [title: string, curves: Curve[]][] = [
    ['Whole rows, the same in every frame', curvesOf(costs, 'band')],
    ['Single stores, other pages in every frame', curvesOf(costs, 'pokes')],
  ]
  const shownSweeps = sweeps.filter(([, curves]) => curves.some(({ points }) => points.length > 1))
  const rows = dotRows(
    costs,
    workloads.map(({ name }) => name),
  )
  if (shownSweeps.length === 0 && rows.length === 0) return undefined

  const sweepCosts = shownSweeps.flatMap(([, curves]) =>
    curves.flatMap(({ points }) => points.map(({ cost }) => cost)),
  )
  const panelWidth = (width - 2 * margin) / 2 - axisWidth
  const panels = shownSweeps.map(([title, curves], i) =>
    group(
      margin + axisWidth + i * (panelWidth + axisWidth),
      curvesTop,
      drawCurves(title, curves, { width: panelWidth, height: curvesHeight, costs: decades(sweepCosts) }),
    ),
  )
  const dotsTop = panels.length > 0 ? curvesTop + curvesHeight + 130 : curvesTop
  const rowCosts = rows.flatMap((row) => row.rows.map(({ costUs }) => costUs.median))
  const trackers = [...new Set(rows.flatMap((row) => row.rows.map(({ tracker }) => tracker)))]
  const dots =
    rows.length === 0
      ? []
      : [
          group(margin + 100, dotsTop, drawDots(rows, width - 2 * margin - 120, decades(rowCosts))),
          group(margin + 460, dotsTop - 34, drawLegend(trackers, width - 2 * margin - 480)),
        ]
  const size = [...costs].find(({ writer }) => writer === 'other')?.size ?? ''
  const height = dotsTop + rows.length * rowHeight + 50
  return svg(
    width,
    height,
    text(margin, 48, 'What it costs to know which pages of a framebuffer are dirty', {
      'font-size': 22,
      'font-weight': 'bold',
    }),
    text(margin, 74, subtitle(report, size), { fill: '#555', 'font-size': 12 }),
    ...panels,
    ...dots,
  )
}
