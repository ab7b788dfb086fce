import { chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, fingerprint, readStamp, writeStamp } from './fingerprint.mjs'
import { firstLine, run } from './run.mjs'

const stamp = 'dist/.built-from'
const outputs = ['.js', '.js.map', '.d.ts']

function sources(root) {
  const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'))
  return include.flatMap((folder) =>
    filesBelow(root, folder, (name) => name.endsWith('.ts') && !name.endsWith('.d.ts')),
  )
}

function expectedOutputs(root) {
  return sources(root).flatMap((file) => outputs.map((end) => `dist/${file.slice(0, -'.ts'.length)}${end}`))
}

export function typescriptFingerprint(root) {
  return fingerprint(root, ['tsconfig.json', 'package-lock.json', ...sources(root)])
}

export function typescriptIsStale(root, value = typescriptFingerprint(root)) {
  return (
    readStamp(join(root, stamp)) !== value ||
    !expectedOutputs(root).every((file) => existsSync(join(root, file)))
  )
}

/** What was compiled from a source that is gone would still be found: a test of removed code would still run. */
export function removeOrphans(root) {
  const expected = new Set(expectedOutputs(root))
  const orphans = filesBelow(root, 'dist', (name) => outputs.some((end) => name.endsWith(end))).filter(
    (file) => !expected.has(file),
  )
  for (const file of orphans) rmSync(join(root, file))
  return orphans
}

function explain(text) {
  const line = firstLine(text, /error TS\d+/)
  const count = text.split('\n').filter((each) => /error TS\d+/.test(each)).length
  return line && `the TypeScript does not compile: ${line}${count > 1 ? `, and ${count - 1} more` : ''}`
}

export function buildTypescript(root, log, value) {
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], {
    cwd: root,
    log,
    explain,
  })
  removeOrphans(root)
  // npx runs the program by its first line, as installed packages are run.
  const program = join(root, 'dist/tools/umfb.js')
  chmodSync(program, statSync(program).mode | 0o111)
  writeStamp(join(root, stamp), value)
}
