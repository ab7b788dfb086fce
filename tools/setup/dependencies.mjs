import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { firstLine, run } from './run.mjs'

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
  } catch {
    return undefined
  }
}

/**
 * Compares what is wanted with npm's own account of what it installed. No stamp of ours: whoever ran npm, and however,
 * the answer is right.
 */
export function dependenciesAreStale(root) {
  const wanted = readPackages(join(root, 'package-lock.json')) ?? {}
  const installed = readPackages(join(root, 'node_modules/.package-lock.json'))
  if (!installed) return true
  return Object.entries(wanted).some(([path, { version, optional, integrity }]) => {
    if (path === '') return false
    const found = installed[path]
    // Packages for other systems are listed, and not installed.
    if (!found) return !optional
    return found.version !== version || (integrity && found.integrity && found.integrity !== integrity)
  })
}

function explain(output) {
  if (/EUSAGE|not in sync|in sync/.test(output)) {
    return 'package.json and package-lock.json disagree: run "npm install", and commit the lock file'
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/.test(output)) {
    return 'npm cannot reach its registry: connect to the network (or set npm\'s "registry" or "proxy"), and run this again'
  }
  const line = firstLine(output, /^npm (error|ERR!) \S/)
  return line && `"npm ci" failed: ${line.replace(/^npm (error|ERR!) /, '')}`
}

/** Without install scripts: ours build in steps of their own, and no dependency needs one. */
export function installDependencies(root, log) {
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root, log, explain })
}
