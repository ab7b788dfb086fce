/**
 * npm run fuzz [-- --seconds N] [-- TARGET…]: the native parsers under inputs that nobody would send, built with
 * AddressSanitizer and UndefinedBehaviorSanitizer. By libFuzzer where clang is installed, which looks for new ways through
 * the code and keeps what it found in build/fuzz/corpus; else by test/fuzz/driver.cc.
 *
 *   --seconds N   for each target; default 60
 *   --plain       by the driver, whatever is installed
 *   TARGET        a name in test/fuzz/targets
 *
 * What kills a target is in build/fuzz: run build/fuzz/TARGET FILE to see it again. Exit status 1 then.
 */

import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
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

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: output, stdio: 'inherit' })
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

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, plain: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const chosen = positionals.length > 0 ? positionals : Object.keys(sources)
const unknown = chosen.find((name) => !Object.hasOwn(sources, name))
if (unknown !== undefined || !(Number(values.seconds) > 0)) {
  console.error(
    `fuzz: expected --seconds above 0 and some of ${Object.keys(sources).join(', ')}, received ${unknown ?? values.seconds}`,
  )
  process.exit(2)
}
mkdirSync(output, { recursive: true })
const byLibFuzzer = !values.plain && findProgram('clang') !== undefined
for (const name of chosen) {
  const program = build(name, byLibFuzzer)
  const corpus = join(output, 'corpus', name)
  mkdirSync(corpus, { recursive: true })
  console.log(`fuzz: ${name}, ${values.seconds} s, by ${byLibFuzzer ? 'libFuzzer' : 'its own driver'}`)
  const limit = `-max_total_time=${values.seconds}`
  const args = byLibFuzzer ? [limit, '-print_final_stats=1', '-verbosity=0', corpus] : [limit]
  if (!run(program, args)) process.exitCode = 1
}
