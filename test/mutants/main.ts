/**
 * npm run mutate [-- WORD…]: breaks the native core in every way of mutations.ts, one at a time and in a copy, and
 * says which test noticed. Exit status 1 where nobody did, or where a mutation does not apply any more; 2 where no mutation
 * has that name.
 *
 *   WORD   only mutations with this in their name
 */

import { join } from 'node:path'
import { repositoryRoot } from '../support/paths.js'
import { mutations } from './mutations.js'
import { limitMs, requireHealthy, tryOut } from './trial.js'
import { StaleMutation, Workshop } from './workshop.js'

const words = process.argv.slice(2)
const chosen = mutations.filter(({ name }) => words.every((word) => name.includes(word)))
if (chosen.length === 0) {
  const names = mutations.map(({ name }) => `    ${name}`).join('\n')
  console.error(`mutate: expected words of one of these names, received ${words.join(' ')}\n${names}`)
  process.exit(2)
}
const workshop = new Workshop()
const start = performance.now()
let killed = 0

try {
  const trackers = [...new Set(chosen.map((mutation) => mutation.trackers))]
  await requireHealthy(join(repositoryRoot, 'build/Release/umfb-soak'), trackers.join(','))
  for (const mutation of chosen) {
    try {
      const { killer, seconds } = await tryOut(await workshop.build(mutation), mutation.trackers)
      if (killer) killed++
      const end = killer ? `killed in ${seconds.toFixed(1)} s by ${killer}` : `SURVIVED ${limitMs / 1000} s`
      console.log(`${mutation.name}\n    ${end}`)
    } catch (error) {
      if (!(error instanceof StaleMutation)) throw error
      console.log(`${mutation.name}\n    DOES NOT APPLY: ${error.message}`)
    }
  }
} finally {
  workshop.close()
}
const seconds = ((performance.now() - start) / 1000).toFixed(0)
console.log(`${killed} of ${chosen.length} mutations were noticed, in ${seconds} s`)
process.exitCode = killed === chosen.length ? 0 : 1
