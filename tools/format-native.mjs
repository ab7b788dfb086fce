/**
 * Formats the C and C++ sources by .clang-format; with --check only says which are not formatted. Without clang-format
 * it says so, and passes: a format is no reason to stop somebody who lacks the tool.
 */

import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesBelow } from './setup/fingerprint.mjs'
import { findProgram } from './setup/run.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folders = ['native', 'bench', 'test']
const files = folders.flatMap((folder) => filesBelow(root, folder, (name) => /\.(cc|c|h)$/.test(name)))
const mode = process.argv.includes('--check') ? ['--dry-run', '--Werror'] : ['-i']

if (files.length > 0 && findProgram('clang-format')) {
  process.exitCode =
    spawnSync('clang-format', [...mode, ...files], { cwd: root, stdio: 'inherit' }).status ?? 1
} else if (files.length > 0) {
  console.error('format-native: clang-format is not installed, the native sources are not checked')
}
