import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** SIGSEGV handlers, and threads that store: test/support/native/signals_addon.c. All state is the process's. */
export interface Signals {
  /** Installs a handler that writes down how it was called, with SA_ flags and one more blocked signal. */
  install(flags: number, blocked: number): void
  /** Stores to a read-only page, which that handler opens. @returns what it wrote down */
  fault(): string
  /** Sends SIGSEGV to this thread. @returns what the handler wrote down */
  send(): string
  /** The address of the handler that is installed. */
  handler(): string
  /** Puts a handler in front of the one that is installed, which counts and passes on. */
  goInFront(): void
  /** Puts back the one behind. @returns how often it passed on */
  leaveFront(): number
  /** Starts a thread that stores to each page of the buffer in turn. */
  startStores(buffer: ArrayBuffer): void
  stored(): number
  /** @returns how often it stored */
  stopStores(): number
  /** Uses up the areas of the address space (vm.max_map_count) but for about `leave`. @returns half their number */
  useUpAreas(leave: number): number
  giveBackAreas(): void
}

export const signalsAddon = fileURLToPath(
  new URL('../../../build/Release/umfb-test-signals.node', import.meta.url),
)

/** SA_ flags of sigaction(2), of linux's generic and x86 headers. */
export const flags = { siginfo: 4, restart: 0x10000000, nodefer: 0x40000000, resethand: 0x80000000 } as const

export const loadSignals = (): Signals => createRequire(import.meta.url)(signalsAddon) as Signals
