/**
 * npm run fuzz [-- --seconds N] [-- TARGET…]: the native parsers under inputs that nobody would send, built with
 * AddressSanitizer and UndefinedBehaviorSanitizer. By libFuzzer where clang is installed, which looks for new ways through
 * the code and keeps what it found in build/fuzz/corpus; else by test/fuzz/driver.cc.
 *
 *   --seconds N   for each target; default 60
 *   --plain       by the driver, whatever is installed
 *   TARGET        a name in test/fuzz/targets; or scribbler: a frontend that writes anything to all of device memory, at a
 *                 backend whose addon is built with sanitizers, and which serves viewers (test/ring/scribbler.test.ts)
 *
 * What kills a target is in build/fuzz: run build/fuzz/TARGET FILE to see it again. Exit status 1 then.
 */

import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { configurations, makeArguments, sanitizedEnvironment } from './sanitized.mjs'
import { filesBelow } from './setup/fingerprint.mjs'
import { findProgram } from './setup/run.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const output = join(root, 'build/fuzz')

/** What each target is linked with. */
const sources = {
  rings: { cc: ['native/ring'] },
  kernels: { cc: ['native/pixels'] },
  frontend: { c: ['native/client/device', 'native/client/socket.c', 'native/client/system.c'] },
}
const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined']
const flags = ['-g', '-O1', '-D_GNU_SOURCE', `-I${join(root, 'native')}`, ...sanitizers]

function run(command, args, cwd = output, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  })
  if (error) throw error
  return status === 0
}

function filesOf(paths = [], ending) {
  return paths.flatMap((path) =>
    path.endsWith(ending)
      ? [join(root, path)]
      : filesBelow(root, path, (name) => name.endsWith(ending)).map((f) => join(root, f)),
  )
}

function compile(compiler, language, files, ...more) {
  return files.map((file) => {
    const object = join(output, `${basename(dirname(file))}-${basename(file)}.o`)
    if (!run(compiler, [...language, ...flags, ...more, '-c', file, '-o', object])) process.exit(1)
    return object
  })
}

function build(name, byLibFuzzer) {
  const [c, cxx] = byLibFuzzer ? ['clang', 'clang++'] : [process.env.CC || 'gcc', process.env.CXX || 'g++']
  const guided = byLibFuzzer ? ['-fsanitize=fuzzer-no-link'] : []
  const main = byLibFuzzer ? [] : [join(root, 'test/fuzz/driver.cc')]
  const objects = [
    ...compile(c, ['-std=gnu11'], filesOf(sources[name].c, '.c'), ...guided),
    ...compile(
      cxx,
      ['-std=gnu++20'],
      [...filesOf(sources[name].cc, '.cc'), join(root, `test/fuzz/targets/${name}.cc`), ...main],
      ...guided,
    ),
  ]
  const program = join(output, name)
  const link = byLibFuzzer ? ['-fsanitize=fuzzer'] : []
  if (!run(cxx, [...sanitizers, ...link, ...objects, '-o', program])) process.exit(1)
  return program
}

function fuzz(name, seconds, byLibFuzzer) {
  const program = build(name, byLibFuzzer)
  const corpus = join(output, 'corpus', name)
  mkdirSync(corpus, { recursive: true })
  console.log(`fuzz: ${name}, ${seconds} s, by ${byLibFuzzer ? 'libFuzzer' : 'its own driver'}`)
  const limit = `-max_total_time=${seconds}`
  return run(program, byLibFuzzer ? [limit, '-print_final_stats=1', '-verbosity=0', corpus] : [limit])
}

function scribble(seconds) {
  const { address } = configurations
  if (!run('make', makeArguments(address, ['umfb']), root)) return false
  const args = ['--enable-source-maps', '--test-reporter=spec', 'dist/test/ring/scribbler.test.js']
  const env = { UMFB_SCRIBBLE_SECONDS: seconds, UMFB_SCRIBBLE_SEED: `${Date.now()}` }
  console.log(`fuzz: scribbler, ${seconds} s, seed ${env.UMFB_SCRIBBLE_SEED}`)
  return run('node', args, root, { ...sanitizedEnvironment(root, address), ...env })
}

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, plain: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const names = [...Object.keys(sources), 'scribbler']
const chosen = positionals.length > 0 ? positionals : names
const unknown = chosen.find((name) => !names.includes(name))
if (unknown !== undefined || !/^[1-9]\d*$/.test(values.seconds)) {
  console.error(
    `fuzz: expected --seconds above 0 and some of ${names.join(', ')}, received ${unknown ?? values.seconds}`,
  )
  process.exit(2)
}
mkdirSync(output, { recursive: true })
const byLibFuzzer = !values.plain && findProgram('clang') !== undefined
for (const name of chosen) {
  const isRight = name === 'scribbler' ? scribble(values.seconds) : fuzz(name, values.seconds, byLibFuzzer)
  if (!isRight) process.exitCode = 1
}
