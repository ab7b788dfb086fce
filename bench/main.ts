/**
 * npm run bench [-- SUITE|WORKLOAD|sweep|latency…] [OPTIONS]: the suites of single figures, and the trackers on their workloads.
 * Exits with 1 if a promised figure was missed. bench/README.md tells the method.
 */
import { UmfbError } from '../src/index.js'
import { runBench } from './command-line.js'
import type { Suite } from './harness.js'
import { textConsole } from './suites/console.js'
import { draw } from './suites/draw.js'
import { frame } from './suites/frame.js'
import { harvest } from './suites/harvest.js'
import { idle } from './suites/idle.js'
import { memory } from './suites/memory.js'
import { pan } from './suites/pan.js'
import { ring } from './suites/ring.js'
import { stores } from './suites/stores.js'

const suites: Readonly<Record<string, Suite>> = {
  harvest,
  stores,
  frame,
  draw,
  console: textConsole,
  ring,
  pan,
  'idle-device': idle,
  memory,
}

try {
  process.exitCode = await runBench(process.argv.slice(2), suites)
} catch (error) {
  if (!(error instanceof UmfbError)) throw error
  console.error(`bench: ${error.message}. Suites: ${Object.keys(suites).join(', ')}. See bench/README.md.`)
  process.exitCode = 2
}
