/** trial-main SPEC: one trial, told by JSON, in this process of its own. Prints the result as JSON. */
import { runLatency } from './latency.js'
import type { NodeSpec } from './plan.js'
import { runTrial } from './trial.js'

const spec: NodeSpec = JSON.parse(process.argv[2]!)
const result = spec.kind === 'latency' ? await runLatency(spec) : await runTrial(spec)
process.stdout.write(`${JSON.stringify(result)}\n`)
