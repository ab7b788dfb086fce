import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AddonError } from '../../src/index.js'

/** Where the native build puts a program or an addon; seen from dist/bench/tracking. */
export function builtPath(name: string): string {
  return fileURLToPath(new URL(`../../../build/Release/${name}`, import.meta.url))
}

/** @throws AddonError where what every trial needs was not built */
export function requireBuilt(): void {
  const missing = ['umfb-bench.node', 'umfb-bench-writer', 'umfb-kvm-guest.node']
    .map(builtPath)
    .find((path) => !existsSync(path))
  if (missing !== undefined) {
    throw new AddonError(
      `expected ${missing}, found nothing there. Run "npm run build:native", or "npm rebuild umfb".`,
    )
  }
}
