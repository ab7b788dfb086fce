import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { TestContext } from 'node:test'

/** A program that hangs fails its test with a reason, before the test's own time is over. */
const patienceMs = 30_000

/** Runs a program to its end. @returns its standard output. @throws Error with its standard error when it fails */
export function capture(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Buffer> {
  const options = { env, encoding: 'buffer', timeout: patienceMs, maxBuffer: 1 << 28 } as const
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      const why = error.killed
        ? `took longer than ${patienceMs} ms`
        : `ended with ${error.code ?? error.signal}`
      reject(
        new Error(`${command} ${args.join(' ')} ${why}: ${stderr.toString().trim() || 'it said nothing'}`),
      )
    })
    child.stdin?.end()
  })
}

/** Starts a program that is ended with the test, if it has not ended by itself. */
export function start(
  t: TestContext,
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  const child = spawn(command, args, options)
  t.after(() => end(child))
  return child
}

/** Idempotent. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

/** All that a stream says, as it comes: for the messages of failures. */
export function listen(stream: Readable | null): { text: string } {
  const heard = { text: '' }
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    heard.text += chunk
  })
  return heard
}
