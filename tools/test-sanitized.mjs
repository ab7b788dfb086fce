/**
 * npm run test:sanitized [-- address] [-- threads]: the tests of the native core, built with sanitizers.
 *
 *   address   AddressSanitizer and UndefinedBehaviorSanitizer
 *   threads   ThreadSanitizer
 *
 * Node itself is not built with them: their library is loaded before it.
 */

import { execFileSync, spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesBelow } from './setup/fingerprint.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Configurations of binding.gyp. */
const kinds = {
  address: {
    configuration: 'Debug',
    library: 'libasan.so',
    // Node frees little at its end.
    env: { ASAN_OPTIONS: 'detect_leaks=0' },
    folders: ['conformance', 'native', 'invariants', 'lifecycle', 'userfaultfd', 'ring'],
  },
  threads: {
    configuration: 'Threads',
    library: 'libtsan.so',
    // Of a process that ends in the middle of its work there may be threads left.
    env: { TSAN_OPTIONS: `report_thread_leaks=0:suppressions=${join(root, 'tools/tsan-suppressions.txt')}` },
    // Not the tests of signals and endings: those look at all that a process says, and how it dies.
    folders: ['conformance', 'invariants'],
  },
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

function test({ configuration, library, env, folders }) {
  if (!run('make', ['-s', '-C', 'build', `BUILDTYPE=${configuration}`, '-j2', ...targets])) return false
  const compiler = process.env.CC || 'gcc'
  const preload = execFileSync(compiler, [`-print-file-name=${library}`], { encoding: 'utf8' }).trim()
  const files = folders.flatMap((folder) =>
    filesBelow(root, `dist/test/${folder}`, (name) => name.endsWith('.test.js')),
  )
  return run('node', ['--enable-source-maps', '--test', '--test-reporter=spec', ...files], {
    ...env,
    LD_PRELOAD: preload,
    UMFB_ADDON: join(root, 'build', configuration, 'umfb.node'),
  })
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(kinds)
const unknown = chosen.find((name) => !Object.hasOwn(kinds, name))
if (unknown !== undefined) {
  console.error(`test-sanitized: expected some of ${Object.keys(kinds).join(', ')}, received ${unknown}`)
  process.exitCode = 2
} else {
  for (const name of chosen) {
    if (!test(kinds[name])) process.exitCode = 1
  }
}
