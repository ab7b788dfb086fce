import { fileURLToPath } from 'node:url'
import type { LatencyResult } from './latency.js'
import { runPeerTrial } from './peers.js'
import type { NodeSpec, Spec } from './plan.js'
import { runProgram } from './process.js'
import type { RectsResult } from './rects.js'
import type { StillResult } from './still.js'
import type { TrialResult } from './trial.js'

export interface Outcome {
  readonly spec: Spec
  readonly result: TrialResult | LatencyResult | RectsResult | StillResult
}

const trialProgram = fileURLToPath(new URL('trial-main.js', import.meta.url))

function runInNode(spec: NodeSpec, signal: AbortSignal): Promise<string> {
  return runProgram(process.execPath, [trialProgram, JSON.stringify(spec)], signal)
}

/** Of every kind of trial. */
const nothing = {
  frames: 0,
  trackerNs: 0,
  writerNs: 0,
  writerWallNs: 0,
  latenciesMs: [],
  usASecond: 0,
  rects: 0,
  leastRects: 0,
  costRatio: 0,
}

async function runOne(spec: Spec, signal: AbortSignal): Promise<Outcome> {
  try {
    const printed = await (spec.kind === 'peer' ? runPeerTrial(spec, signal) : runInNode(spec, signal))
    return { spec, result: JSON.parse(printed) }
  } catch (error) {
    signal.throwIfAborted()
    const unable = (error as Error).message
    return { spec, result: { ...nothing, unable } }
  }
}

/**
 * Runs trials one after another, a process each. A trial that fails has `unable` for a result.
 * @param signal ends it: what is done is returned
 * @param onTrial before each trial, with how many are done
 */
export async function runTrials(
  specs: readonly Spec[],
  signal: AbortSignal,
  onTrial: (spec: Spec, done: number) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const spec of specs) {
    if (signal.aborted) break
    onTrial(spec, outcomes.length)
    try {
      outcomes.push(await runOne(spec, signal))
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
  return outcomes
}
