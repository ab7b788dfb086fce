/** What this holds: the examples of the README and of docs/userfaultfd.md run as they stand, and print what they say. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { capture } from '../support/child.js'
import { repositoryRoot } from '../support/paths.js'
import { skipReason } from '../support/tracked-memory.js'

/** The comment behind a console.log() is what it prints. */
const printing = /console\.log\(.*\) \/\/ (.*)$/gm

function examplesOf(file: string): string[] {
  const text = readFileSync(join(repositoryRoot, file), 'utf8')
  return [...text.matchAll(/^```js\n(.*?)^```$/gms)]
    .map(([, example]) => example!)
    .filter((example) => example.includes("'umfb/userfaultfd'"))
}

for (const [file, count] of [
  ['README.md', 1],
  ['docs/userfaultfd.md', 4],
] as const) {
  const examples = examplesOf(file)
  test(`${file} has examples`, () => assert.equal(examples.length, count))
  for (const [i, example] of examples.entries()) {
    test(`${file}, example ${i + 1}`, { skip: skipReason('wp-async') }, async (t) => {
      // Inside the package: it imports itself by its name.
      const folder = mkdtempSync(join(repositoryRoot, 'dist', 'example-'))
      t.after(() => rmSync(folder, { recursive: true }))
      const path = join(folder, 'example.mjs')
      writeFileSync(path, example)
      const expected = [...example.matchAll(printing)].map(([, line]) => `${line}\n`)
      assert.ok(expected.length > 0)
      assert.equal((await capture(process.execPath, [path])).toString(), expected.join(''))
    })
  }
}
