/** A run of the tracking benchmark from its options to its report: what `umfb bench` and `npm run bench` share. */
import { type Figure, machine } from '../harness.js'
import { requireBuilt } from './built.js'
import { trackingFigures } from './figures.js'
import { peers } from './peers.js'
import { type PlanOptions, plan, type Spec } from './plan.js'
import { Progress } from './progress.js'
import { type CostRow, type LatencyRow, type RectsRow, type StillRow, summarize } from './results.js'
import { runTrials } from './run.js'
import { chooseTrackers } from './trackers.js'
import { workloads } from './workloads.js'

export interface TrackingOptions extends Omit<PlanOptions, 'trackers'> {
  /** Names; empty: all that work. */
  readonly trackers: readonly string[]
}

/** What --json writes: docs/cli.md promises its names. */
export interface TrackingReport {
  readonly machine: Record<string, string | number>
  readonly date: string
  readonly quick: boolean
  readonly trials: { readonly planned: number; readonly done: number }
  /** Trackers and peers that were not measured, and why. */
  readonly passedOver: readonly { readonly name: string; readonly reason: string }[]
  readonly workloads: readonly { readonly name: string; readonly meaning: string }[]
  readonly costs: readonly CostRow[]
  readonly rects: readonly RectsRow[]
  readonly latencies: readonly LatencyRow[]
  readonly stills: readonly StillRow[]
  readonly figures: readonly Figure[]
}

function label(spec: Spec): string {
  if (spec.kind === 'rects') return `${spec.workload}, rects`
  const what = 'state' in spec ? `${spec.kind}, ${spec.state}` : spec.workload
  return `${what}, ${spec.size.name}, ${spec.tracker}`
}

/**
 * @param signal ends the run: what is done is reported
 * @throws InvalidArgumentError for a workload or tracker that there is not
 * @throws AddonError where the native part of the benchmark was not built
 */
export async function runTracking(options: TrackingOptions, signal: AbortSignal): Promise<TrackingReport> {
  requireBuilt()
  const chosen = chooseTrackers(options.trackers)
  const trackers = chosen.filter(({ reason }) => reason === '').map(({ name }) => name)
  const specs = plan({ ...options, trackers })
  const progress = new Progress(specs.length)
  const outcomes = await runTrials(specs, signal, (spec, done) => progress.show(done, label(spec)))
  progress.end()
  const results = summarize(outcomes)
  return {
    machine: machine(),
    date: new Date().toISOString(),
    quick: options.quick,
    trials: { planned: specs.length, done: outcomes.length },
    passedOver: [...chosen, ...peers()]
      .filter(({ reason }) => reason !== '')
      .map(({ name, reason }) => ({ name, reason })),
    workloads: workloads.map(({ name, meaning }) => ({ name, meaning })),
    ...results,
    figures: trackingFigures(results),
  }
}
