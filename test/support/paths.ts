import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository, seen from dist/test/support. Ends with a slash. */
export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url))

/** A program that was built beside the addon: with sanitizers where that is. */
export function builtProgram(name: string): string {
  const addon = process.env.UMFB_ADDON ?? join(repositoryRoot, 'build/Release/umfb.node')
  return join(dirname(addon), name)
}
