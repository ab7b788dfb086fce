/** trial-main SPEC: one trial, told by JSON, in this process of its own. Prints the result as JSON. */
import { type LatencyResult, runLatency } from './latency.js'
import type { NodeSpec } from './plan.js'
import { type RectsResult, runRects } from './rects.js'
import { runStill, type StillResult } from './still.js'
import { runTrial, type TrialResult } from './trial.js'

const spec: NodeSpec = JSON.parse(process.argv[2]!)
process.stdout.write(`${JSON.stringify(await run(spec))}\n`)

function run(spec: NodeSpec): Promise<TrialResult | LatencyResult | RectsResult | StillResult> {
  switch (spec.kind) {
    case 'cost':
      return runTrial(spec)
    case 'latency':
      return runLatency(spec)
    case 'rects':
      return runRects(spec)
    case 'still':
      return runStill(spec)
  }
}
