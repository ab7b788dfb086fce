/** A short run of the native fuzz targets, by the driver that is always there; `npm run fuzz` runs them for longer. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { listen, start } from '../support/child.js'
import { repositoryRoot } from '../support/paths.js'
import { skipWithout } from '../support/programs.js'

for (const target of ['rings', 'kernels', 'frontend']) {
  test(`no input breaks the fuzz target "${target}"`, { skip: skipWithout('gcc', 'g++') }, async (t) => {
    const args = [join(repositoryRoot, 'tools/fuzz.mjs'), '--plain', '--seconds', '1', target]
    const fuzzer = start(t, process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    const said = listen(fuzzer.stderr)
    const [status] = await once(fuzzer, 'close')
    assert.equal(status, 0, said.text)
  })
}
