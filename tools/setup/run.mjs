import { spawnSync } from 'node:child_process'
import { accessSync, constants, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A failure told in one line: what went wrong, and what to do. */
export class SetupError extends Error {}

export function say(text) {
  process.stderr.write(`setup: ${text}\n`)
}

/** The path of a program, or undefined where the search path has none. */
export function findProgram(name, path = process.env.PATH ?? '') {
  for (const folder of path.split(delimiter)) {
    const file = join(folder || '.', name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not here.
    }
  }
  return undefined
}

/**
 * Runs a command to its end. Its output is kept out of sight; where it fails, all of it goes to `log`, and the error
 * says in one line what `explain` makes of it.
 */
export function run(command, args, { cwd, env, log, explain }) {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (result.status === 0) return
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`
  const end = result.error?.message ?? (result.signal ? `signal ${result.signal}` : `status ${result.status}`)
  let where = ''
  try {
    writeFileSync(log, `${command} ${args.join(' ')}: ${end}\n${output}`)
    where = ` (all of its output: ${log})`
  } catch {
    // A read-only tree: the one line has to do.
  }
  throw new SetupError(`${explain(output) ?? `"${command} ${args.join(' ')}" failed: ${end}`}${where}`)
}

/** The first line of `output` that matches, without surrounding blanks. */
export function firstLine(output, pattern) {
  return output
    .split('\n')
    .find((line) => pattern.test(line))
    ?.trim()
}
