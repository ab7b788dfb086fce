import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repositoryRoot } from './paths.js'

const run = await import(join(repositoryRoot, 'tools/setup/run.mjs'))
const debian = await import(join(repositoryRoot, 'tools/setup/debian.mjs'))

/** The path of a program, or undefined where the search path has none. */
export const findProgram: (name: string) => string | undefined = run.findProgram

/**
 * For a test's `skip` option: false where all programs are there, else the reason.
 *
 * @example test('fbi draws', { skip: skipWithout('fbi', 'gvnccapture') }, async () => { … })
 */
export function skipWithout(...programs: string[]): string | false {
  const missing = programs.filter((program) => findProgram(program) === undefined)
  if (missing.length === 0) return false
  const names = missing.map((program) => `${program} (Debian package ${packageOf(program)})`)
  return `not installed: ${names.join(', ')}. As root, "node tools/setup.mjs --for-tests" installs it`
}

function packageOf(program: string): string {
  const list = readFileSync(join(repositoryRoot, debian.packageList), 'utf8')
  const packages: Map<string, string[]> = debian.parsePackageList(list)
  const owner = [...packages].find(([, programs]) => programs.includes(program))
  if (!owner) throw new Error(`${program} is not in ${debian.packageList}: add its package there`)
  return owner[0]
}

/** For a test's `skip` option: false for root, else the reason. */
export function skipUnlessRoot(why: string): string | false {
  return process.getuid?.() === 0 ? false : `needs root: ${why}`
}

/** For a test's `skip` option: false where an ordinary user may read this repository, else the reason. */
export function skipUnlessReadableByAll(): string | false {
  const [readAndEnter, enter] = [0o5, 0o1]
  for (let path = repositoryRoot; path !== dirname(path); path = dirname(path)) {
    const needed = path === repositoryRoot ? readAndEnter : enter
    if ((statSync(path).mode & needed) !== needed) return `other users may not read ${path}`
  }
  return false
}
