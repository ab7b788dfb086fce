/**
 * npm run test:sanitized [-- address] [-- threads]: the tests of the native core, built with sanitizers.
 *
 *   address   AddressSanitizer and UndefinedBehaviorSanitizer
 *   threads   ThreadSanitizer
 */

import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configurations, makeArguments, sanitizedEnvironment } from './sanitized.mjs'
import { filesBelow } from './setup/fingerprint.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const folders = {
  address: ['conformance', 'native', 'invariants', 'lifecycle', 'userfaultfd', 'ring'],
  // Not the tests of signals and endings: those look at all that a process says, and how it dies.
  threads: ['conformance', 'invariants'],
}

const targets = ['umfb', 'umfb-soak']

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  })
  return status === 0
}

function test(name) {
  const configuration = configurations[name]
  if (!run('make', makeArguments(configuration, targets))) return false
  const files = folders[name].flatMap((folder) =>
    filesBelow(root, `dist/test/${folder}`, (file) => file.endsWith('.test.js')),
  )
  const args = ['--enable-source-maps', '--test', '--test-reporter=spec', ...files]
  return run('node', args, sanitizedEnvironment(root, configuration))
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(folders)
const unknown = chosen.find((name) => !Object.hasOwn(folders, name))
if (unknown !== undefined) {
  console.error(`test-sanitized: expected some of ${Object.keys(folders).join(', ')}, received ${unknown}`)
  process.exitCode = 2
} else {
  for (const name of chosen) {
    if (!test(name)) process.exitCode = 1
  }
}
