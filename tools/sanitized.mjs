/**
 * The addon built with sanitizers: configurations of binding.gyp, and the environment in which Node loads them. Node itself is
 * not built with them: their library is loaded before it.
 */

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const configurations = {
  /** AddressSanitizer and UndefinedBehaviorSanitizer. Node frees little at its end. */
  address: { buildType: 'Debug', library: 'libasan.so', options: { ASAN_OPTIONS: 'detect_leaks=0' } },
  /** ThreadSanitizer. Of a process that ends in the middle of its work there may be threads left. */
  threads: {
    buildType: 'Threads',
    library: 'libtsan.so',
    options: {
      TSAN_OPTIONS: `report_thread_leaks=0:suppressions=${fileURLToPath(new URL('tsan-suppressions.txt', import.meta.url))}`,
    },
  },
}

/** Arguments for make. */
export function makeArguments({ buildType }, targets) {
  return ['-s', '-C', 'build', `BUILDTYPE=${buildType}`, '-j2', ...targets]
}

/** What is added to the environment of Node. */
export function sanitizedEnvironment(root, { buildType, library, options }) {
  const compiler = process.env.CC || 'gcc'
  const preload = execFileSync(compiler, [`-print-file-name=${library}`], { encoding: 'utf8' }).trim()
  return { ...options, LD_PRELOAD: preload, UMFB_ADDON: join(root, 'build', buildType, 'umfb.node') }
}
