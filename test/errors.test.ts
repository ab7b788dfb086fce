import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import * as errors from '../src/errors.js'
import { repositoryRoot } from './support/paths.js'

const { errorCodes, UmfbError } = errors

/** Every class with a code of its own. */
const classes = Object.values(errors).filter(
  (value): value is typeof errors.UsageError =>
    typeof value === 'function' && value !== UmfbError && value.prototype instanceof UmfbError,
)

test('each code has one class, and each class a code', () => {
  assert.deepEqual(classes.map((each) => new each('x').code).sort(), Object.keys(errorCodes).sort())
})

test('an error has the name of its class, its message and its cause', () => {
  const cause = new Error('why')
  const error = new errors.OutputError('what', { cause })
  assert.ok(error instanceof UmfbError)
  assert.deepEqual([error.name, error.message, error.cause], ['OutputError', 'what', cause])
})

test('docs/errors.md lists the same codes, classes and meanings', () => {
  const text = readFileSync(join(repositoryRoot, 'docs/errors.md'), 'utf8')
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| `UMFB_'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, code, name, meaning]) => ({ code, name, meaning }))
  const expected = classes.map((each) => {
    const { code } = new each('x')
    return { code: code as string, name: each.name, meaning: errorCodes[code] as string }
  })
  const byCode = (a: { code?: string }, b: { code?: string }) => a.code!.localeCompare(b.code!)
  assert.deepEqual(rows.sort(byCode), expected.sort(byCode))
})
