import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/**
 * Runs a program to its end, out of reach of the terminal's Ctrl-C, which is for the bench alone.
 * @param input what it reads on its standard input
 * @returns what it printed
 * @throws Error with its last words when it fails; AbortError when `signal` ended it
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
  input?: Uint8Array,
): Promise<string> {
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    signal,
    killSignal: 'SIGKILL',
  })
  // A program that fails does not read to the end: its own words tell more.
  child.stdin.on('error', () => {}).end(input)
  const [stdout, stderr, [code, killedBy]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, string | null]>,
  ])
  if (code === 0) return stdout
  signal.throwIfAborted()
  throw new Error(lastWords(stderr) || `${program} ended with ${code ?? killedBy}`)
}

/** Of a Node process the error's own line, not its stack. */
function lastWords(stderr: string): string {
  const lines = stderr.trim().split('\n')
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1)!
}
