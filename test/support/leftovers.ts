import assert from 'node:assert/strict'
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'

/** Something that a reader of /proc must bear with: processes end while they are looked at. */
function orElse<T>(fallback: T, look: () => T): T {
  try {
    return look()
  } catch {
    return fallback
  }
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** State and command line, for messages. Undefined for a process that has ended (a zombie waits for its parent alone). */
function describe(pid: number): string | undefined {
  const stat = orElse('', () => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  const state = stat.slice(stat.lastIndexOf(')') + 2)[0]
  if (state === undefined || state === 'Z' || state === 'X') return undefined
  const command = orElse('', () => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  return `${pid} (${state}) ${command.replaceAll('\0', ' ').trim()}`
}

/** The processes that were started with an environment variable, whoever their parent is by now. */
export function processesWith(variable: string, value: string): { pid: number; text: string }[] {
  return processIds().flatMap((pid) => {
    const environment = orElse('', () => readFileSync(`/proc/${pid}/environ`, 'utf8'))
    const text = environment.split('\0').includes(`${variable}=${value}`) ? describe(pid) : undefined
    return text ? [{ pid, text }] : []
  })
}

/** The memfds that a process has open, by inode. */
export function sharedMemoryOf(pid: number): Set<number> {
  const folder = `/proc/${pid}/fd`
  const paths = orElse([], () => readdirSync(folder).map((fd) => `${folder}/${fd}`))
  return new Set(
    paths
      .filter((path) => orElse('', () => readlinkSync(path)).startsWith('/memfd:'))
      .map((path) => orElse(0, () => statSync(path).ino)),
  )
}

/** Who still has one of these memfds open or mapped. */
export function holdersOf(memory: ReadonlySet<number>): string[] {
  return processIds().flatMap((pid) => {
    const mapped = orElse('', () => readFileSync(`/proc/${pid}/maps`, 'latin1'))
      .split('\n')
      .filter((line) => line.includes('/memfd:'))
      .map((line) => Number(line.split(/\s+/)[4]))
    const held = [...mapped, ...sharedMemoryOf(pid)].filter((inode) => memory.has(inode))
    const text = held.length > 0 ? describe(pid) : undefined
    return text ? [text] : []
  })
}

/** That a folder has no file whose name has `part`; default: none at all. */
export function assertNoFiles(folder: string, part = ''): void {
  assert.deepEqual(
    readdirSync(folder, { recursive: true }).filter((name) => `${name}`.includes(part)),
    [],
  )
}
