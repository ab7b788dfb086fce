/**
 * npm run bench [-- SUITE…] [--json FILE]: runs the suites, prints a table, and writes the figures with the machine.
 * Exits with 1 if a promised figure was missed. bench/README.md tells the method.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Figure, machine, meetsTarget, type Suite, table } from './harness.js'
import { frame } from './suites/frame.js'
import { harvest } from './suites/harvest.js'
import { idle } from './suites/idle.js'
import { memory } from './suites/memory.js'
import { stores } from './suites/stores.js'

const suites: Readonly<Record<string, Suite>> = { harvest, stores, frame, idle, memory }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
})
const unknown = positionals.filter((name) => !Object.hasOwn(suites, name))
if (values.help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`no suite is called ${unknown.join(', ')}`)
  console.error(`usage: npm run bench -- [${Object.keys(suites).join('|')}]… [--json FILE]`)
  process.exit(unknown.length > 0 ? 2 : 0)
}

const chosen = positionals.length > 0 ? positionals : Object.keys(suites)
const figures: Figure[] = []
for (const name of chosen) {
  console.error(`${name} …`)
  figures.push(...(await suites[name]()))
}
console.log(table(figures))
if (values.json) {
  writeFileSync(values.json, `${JSON.stringify({ machine: machine(), figures }, undefined, 2)}\n`)
}
process.exitCode = figures.every(meetsTarget) ? 0 : 1
