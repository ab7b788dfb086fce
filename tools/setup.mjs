/**
 * Makes a clone ready to run: installs and builds what is missing or stale, and nothing else. Every "npm start" and
 * "npm test" begins with it, so it depends on nothing that it installs, and takes a blink when all is there.
 *
 *   node tools/setup.mjs              npm packages, the addon, the TypeScript
 *   node tools/setup.mjs --for-tests  the Debian packages that tests use, too
 *   node tools/setup.mjs typescript   that step alone: dependencies, addon or typescript
 */

import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addonFingerprint, addonIsStale, buildAddon } from './setup/addon.mjs'
import { installCommand, installPackages, missingPackages, readPackageList } from './setup/debian.mjs'
import { dependenciesAreStale, installDependencies } from './setup/dependencies.mjs'
import { SetupError, say } from './setup/run.mjs'
import { buildTypescript, typescriptFingerprint, typescriptIsStale } from './setup/typescript.mjs'

const program = fileURLToPath(import.meta.url)
const root = dirname(dirname(program))
const log = join(root, 'setup.log')

/** Never fails: a test without its program is skipped. */
function debianPackages() {
  const missing = missingPackages(readPackageList(root))
  if (missing === undefined) {
    say('this is no Debian: tests of programs that are not installed are skipped')
    return
  }
  if (missing.length === 0) return
  if (process.getuid() !== 0) {
    say(`tests of ${missing.join(', ')} are skipped. To run them, as root: ${installCommand(missing)}`)
    return
  }
  try {
    say(`installing Debian packages: ${missing.join(' ')}`)
    installPackages(missing, log)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(`Debian packages could not be installed, their tests are skipped: ${error.message}`)
  }
}

/** In order: each needs those before it. */
const steps = {
  dependencies() {
    if (!dependenciesAreStale(root)) return
    say('installing npm packages')
    installDependencies(root, log)
  },
  addon() {
    const value = addonFingerprint(root)
    if (!addonIsStale(root, value)) return
    say('building the native addon')
    buildAddon(root, log, value)
  },
  typescript() {
    const value = typescriptFingerprint(root)
    if (!typescriptIsStale(root, value)) return
    say('compiling the TypeScript')
    buildTypescript(root, log, value)
  },
}

function main(args) {
  const chosen = args.filter((arg) => arg !== '--for-tests')
  const unknown = chosen.find((arg) => !Object.hasOwn(steps, arg))
  if (unknown !== undefined) {
    throw new SetupError(
      `expected --for-tests or one of ${Object.keys(steps).join(', ')}, received ${unknown}`,
    )
  }
  if (args.includes('--for-tests')) debianPackages()
  for (const name of chosen.length > 0 ? chosen : Object.keys(steps)) steps[name]()
}

if (process.argv[1] && realpathSync(process.argv[1]) === program) {
  try {
    main(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    process.exitCode = 1
  }
}
