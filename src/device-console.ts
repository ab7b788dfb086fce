import { TextConsole, type TextConsoleOptions } from './console/text-console.js'
import { InvalidArgumentError } from './errors.js'
import type { Frontend } from './ring/frontend.js'

/** What is asked of a console's text, and in which order it is waited for: see TextParams of src/control/protocol.ts. */
export interface TextQuery {
  readonly pattern?: string
  readonly stableMs?: number
  readonly timeoutMs?: number
}

/** A wish that the device's memory has no room for is not granted. */
function grantMode(frontend: Frontend, size: { width: number; height: number }): boolean {
  const { width, height, format } = frontend.mode
  if (size.width === width && size.height === height) return false
  try {
    frontend.setMode({ ...size, format: format.name })
    return true
  } catch (error) {
    if (error instanceof InvalidArgumentError) return false
    throw error
  }
}

/** A console that draws as a device's frontend, and hears what its viewers type and wish. */
export async function openConsole(
  frontend: Frontend,
  options: Omit<TextConsoleOptions, 'screen'>,
): Promise<TextConsole> {
  const console = await TextConsole.create({ ...options, screen: frontend })
  let [x, y] = [0, 0]
  frontend.on('key', ({ keycode, pressed }) => console.key(keycode, pressed))
  frontend.on('position', ({ absX, absY, relZ }) => {
    ;[x, y] = [absX, absY]
    console.pointer(x, y)
    console.wheel(relZ)
  })
  frontend.on('motion', ({ relX, relY, relZ }) => {
    const { width, height } = frontend.mode
    x = Math.max(0, Math.min(x + relX, width - 1))
    y = Math.max(0, Math.min(y + relY, height - 1))
    console.pointer(x, y)
    console.wheel(relZ)
  })
  console.watched = frontend.watched
  frontend.on('refreshPeriod', () => {
    console.watched = frontend.watched
  })
  frontend.on('modeWanted', (size) => {
    if (grantMode(frontend, size)) console.modeChanged()
  })
  console.on('bell', () => {
    if (!frontend.closed) frontend.bell()
  })
  return console
}

/** @throws InvalidArgumentError a pattern that is none; TimeoutError */
export async function queryText(
  console: TextConsole,
  { pattern, stableMs, timeoutMs }: TextQuery,
  signal: AbortSignal,
): Promise<string> {
  const start = performance.now()
  if (pattern !== undefined) await console.waitFor(parsePattern(pattern), { timeoutMs, signal })
  if (stableMs !== undefined) {
    const leftMs = timeoutMs === undefined ? undefined : Math.max(0, timeoutMs - (performance.now() - start))
    await console.waitStable(stableMs, { timeoutMs: leftMs, signal })
  }
  return console.text()
}

function parsePattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'mu')
  } catch (error) {
    throw new InvalidArgumentError(`pattern: ${(error as Error).message}`, { cause: error })
  }
}
