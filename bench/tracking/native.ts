/** The bench's own addon (bench/native/addon.cc), built beside the project's. */
import { createRequire } from 'node:module'
import { builtPath } from './built.js'

export interface BenchAddon {
  /** Draws what a control page asks for, in this process: the same C as the other process's. */
  drawHere(control: Uint8Array, pixels: Uint8Array, strideBytes: number): void
  /** Has the other process draw. */
  ask(control: Uint8Array): void
  /** Blocks this thread. @returns false when the other process has not drawn within the time */
  awaitReply(control: Uint8Array, timeoutMs: number): boolean
  /** Time that a thread of this process has spent on a processor; without `tid` the calling one. */
  threadCpuNs(tid?: number): number
  /** All of a memfd, mapped once more: reading there is seen by no tracker. */
  mapForReading(fd: number): ArrayBuffer
  /** Counts pages and 32-bit pixels that differ, and makes `before` equal. */
  takeChanges(now: Uint8Array, before: Uint8Array): { pages: number; pixels: number }
}

export const native: BenchAddon = createRequire(import.meta.url)(builtPath('umfb-bench.node'))
