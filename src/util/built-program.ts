import { fileURLToPath } from 'node:url'

/** The path of what is built beside the addon. */
export function builtProgram(name: string): string {
  return fileURLToPath(new URL(`../../../build/Release/${name}`, import.meta.url))
}
