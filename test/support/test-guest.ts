import assert from 'node:assert/strict'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ProcessGuest } from '../../src/guests/process.js'
import { Surface } from '../../src/surface/surface.js'
import type { SurfaceOptions } from '../../src/surface/surface-options.js'
import type { ProcessExit } from '../../src/util/guard-end.js'

export const testGuest = fileURLToPath(new URL('../../../build/Release/umfb-test-guest', import.meta.url))

/** A surface that a test guest draws into: nine pages of pixels, and as much again to pan in. */
export function guestSurface(options: Partial<SurfaceOptions> = {}): Promise<Surface> {
  return Surface.create({ width: 128, height: 72, capacityBytes: 128 * 72 * 4 * 2, ...options })
}

export interface GuestRun {
  exit: ProcessExit
  /** The names of the guest's syncs, in order. */
  syncs: string[]
  /** Lines that are neither a store, nor a failure, nor a sync. */
  said: string[]
}

interface RunOptions {
  surface: Surface
  /** At each sync, after all stores so far were found in the surface, and before the guest goes on. */
  onSync?: (name: string, guest: ProcessGuest) => void | Promise<void>
  onLine?: (line: string, guest: ProcessGuest) => void | Promise<void>
  graceMs?: number
}

/** Every word that the guest says it wrote: in the shadow, and so in every sink's picture. */
function checkStores(surface: Surface, stores: ReadonlyMap<number, number>): void {
  const { mode, pixels } = surface.snapshot()
  const shown = mode.strideBytes * mode.height
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength)
  for (const [offset, value] of stores) {
    const at = offset - mode.offsetBytes
    if (at < 0 || at + 4 > shown) continue
    assert.equal(view.getUint32(at, true), value, `the word at ${offset}`)
  }
}

/** Runs one case of native/client/test and checks at each of its syncs that no store was lost. */
export async function runGuest(name: string, options: RunOptions): Promise<GuestRun> {
  const { surface, onSync, onLine, graceMs } = options
  const guest = await ProcessGuest.spawn({
    surface,
    program: testGuest,
    args: [name],
    graceMs,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const stores = new Map<number, number>()
  const syncs: string[] = []
  const said: string[] = []
  try {
    for await (const line of createInterface({ input: guest.stdout! })) {
      const [word, ...rest] = line.split(' ')
      assert.notEqual(word, 'failed', `${name}: ${line}`)
      if (word === 'wrote') {
        stores.set(Number(rest[0]), Number(rest[1]))
      } else if (word === 'sync') {
        checkStores(surface, stores)
        syncs.push(rest.join(' '))
        await onSync?.(rest.join(' '), guest)
        guest.stdin!.write('\n')
      } else {
        said.push(line)
        await onLine?.(line, guest)
      }
    }
    const exit = await guest.exited
    checkStores(surface, stores)
    return { exit, syncs, said }
  } finally {
    await guest.close()
  }
}
