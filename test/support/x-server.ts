import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { TestContext } from 'node:test'
import { listen, start } from './child.js'

/** A virtual X server of the test's own, on a display number that was free. @returns its display, as ":7" */
export async function startXvfb(t: TestContext, size = '1280x1024'): Promise<string> {
  // -displayfd makes the server find a free number, and tell it when clients can connect (Xserver(1)).
  const server = start(
    t,
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', `${size}x24`, '-noreset', '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    },
  )
  const said = listen(server.stderr)
  const told = server.stdio[3] as Readable
  const number = await Promise.race([once(told, 'data'), once(server, 'exit').then(() => undefined)])
  if (!number) throw new Error(`Xvfb did not start: ${said.text}`)
  return `:${String(number[0]).trim()}`
}
