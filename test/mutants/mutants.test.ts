/** What this holds: `npm run mutate` can be trusted. Its whole list takes minutes; this is what it rests on. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { repositoryRoot } from '../support/paths.js'
import { skipReason } from '../support/tracked-memory.js'
import { type Mutation, mutations } from './mutations.js'
import { tryOut } from './trial.js'
import { mutate, StaleMutation, Workshop } from './workshop.js'

describe('mutations of the native core', () => {
  for (const mutation of mutations) {
    it(`apply: ${mutation.name}`, () => {
      const source = readFileSync(join(repositoryRoot, mutation.file), 'utf8')
      assert.notEqual(mutate(source, mutation), source)
    })
  }

  it('are told when they do not apply', () => {
    const mutation: Mutation = { name: 'a', file: 'b', edits: [['x', 'y']], trackers: 'compare' }
    assert.throws(() => mutate('nothing of it', mutation), StaleMutation)
    assert.throws(() => mutate('x x', mutation), StaleMutation)
    assert.equal(mutate('x$', { ...mutation, edits: [['x', '$&']] }), '$&$')
  })

  it('are noticed where they break something, and only there', { skip: skipReason('wp-async') }, async () => {
    const workshop = new Workshop()
    try {
      const breaking = mutations[0]!
      const { killer } = await tryOut(await workshop.build(breaking), breaking.trackers)
      assert.match(killer ?? 'nobody', /^scenario "many runs": .* runs reported$/)

      const harmless: Mutation = {
        name: 'a comment',
        file: breaking.file,
        edits: [[breaking.edits[0]![0], `/* the same */ ${breaking.edits[0]![0]}`]],
        trackers: breaking.trackers,
      }
      assert.equal((await tryOut(await workshop.build(harmless), harmless.trackers, 3000)).killer, undefined)
    } finally {
      workshop.close()
    }
  })
})
