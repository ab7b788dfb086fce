import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram, firstLine, run } from './run.mjs'

export const packageList = 'tools/debian-packages.txt'

/** The package list as a map from a package to its programs. */
export function parsePackageList(text) {
  const packages = new Map()
  for (const line of text.split('\n')) {
    const [name, ...programs] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (name) packages.set(name, programs)
  }
  return packages
}

export function readPackageList(root) {
  return parsePackageList(readFileSync(join(root, packageList), 'utf8'))
}

/**
 * Which of the packages dpkg does not know as installed. A package counts as there when all of its programs are, so
 * that a program from elsewhere is as good. Undefined where there is no dpkg.
 */
export function missingPackages(packages) {
  const unclear = [...packages]
    .filter(([, programs]) => programs.length === 0 || !programs.every((program) => findProgram(program)))
    .map(([name]) => name)
  if (unclear.length === 0) return []
  if (!findProgram('dpkg-query') || !findProgram('apt-get')) return undefined
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders (dpkg-query(1), --showformat).
  const format = '${Package} ${db:Status-Status}\n'
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', format, ...unclear], { encoding: 'utf8' })
  const installed = new Set(stdout.split('\n').filter((line) => line.endsWith(' installed')))
  return unclear.filter((name) => !installed.has(`${name} installed`))
}

export function installCommand(missing) {
  return `apt-get update && apt-get install --yes --no-install-recommends ${missing.join(' ')}`
}

const options = {
  cwd: '/',
  // A package that asks a question would wait for ever.
  env: { DEBIAN_FRONTEND: 'noninteractive' },
  explain: (text) => firstLine(text, /^E: /),
}
const waitForLock = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=2']

export function installPackages(missing, log) {
  run('apt-get', [...waitForLock, 'update'], { ...options, log })
  run('apt-get', [...waitForLock, 'install', '--yes', '--no-install-recommends', ...missing], {
    ...options,
    log,
  })
}
