/** trial-main SPEC: one trial, told by JSON, in this process of its own. Prints the result as JSON. */
import { runTrial } from './trial.js'

process.stdout.write(`${JSON.stringify(await runTrial(JSON.parse(process.argv[2]!)))}\n`)
