/** Peers: small C programs of our own (bench/peers) that go through the same workloads, drawn by the same C. */
import { existsSync } from 'node:fs'
import { builtPath } from './built.js'
import { encode } from './frame.js'
import { runProgram } from './process.js'
import type { Size } from './size.js'
import { none } from './trackers.js'
import { findWorkload, startFrame } from './workloads.js'

export interface PeerSpec {
  readonly kind: 'peer'
  readonly workload: string
  readonly size: Size
  /** A peer's name. */
  readonly tracker: string
  readonly budgetMs: number
}

export interface Peer {
  readonly name: string
  readonly meaning: string
  /** Empty where it can run; else why it is passed over. */
  readonly reason: string
}

interface PeerProgram {
  readonly program: string
  readonly method: string
  readonly meaning: string
  readonly missing: string
}

const rawProgram = 'umfb-bench-peer'
const notBuilt = 'the peers are built in a clone only: npm run build:native'
const raw = (method: string, meaning: string): PeerProgram => ({
  program: rawProgram,
  method,
  meaning,
  missing: notBuilt,
})

/** One line a peer. None of them refines: they tell pages, or tiles. */
const programs: Readonly<Record<string, PeerProgram>> = {
  [none]: raw('none', 'drawing alone, in the same program'),
  'raw wp-async': raw('wp-async', 'PAGEMAP_SCAN in a loop'),
  'raw wp-sync': raw('wp-sync', 'userfaultfd write protection with a handler thread'),
  'raw zap': raw('zap', 'userfaultfd minor faults, MADV_DONTNEED'),
  'raw mprotect': raw('mprotect', 'mprotect(2) and SIGSEGV'),
  'raw memcmp': raw('memcmp', 'memcmp of each page with a copy, and memcpy'),
  libvncserver: {
    program: 'umfb-bench-vnc-peer',
    method: 'tiles',
    meaning: 'tiles of 32 x 32 compared as x11vnc does, rfbMarkRectAsModified for each',
    missing: 'it needs libvncserver: apt-get install libvncserver-dev, then npm run build:native',
  },
}

export function peers(): Peer[] {
  const isBuilt = (program: string) => existsSync(builtPath(program))
  return Object.entries(programs)
    .filter(([name]) => name !== none)
    .map(([name, { program, meaning, missing }]) => ({
      name,
      meaning,
      reason: isBuilt(program) ? '' : isBuilt(rawProgram) ? missing : notBuilt,
    }))
}

/** What a peer reads: the count of frames, then of each its count of words and the words. The last frame is the start. */
function framesFor({ workload: name, size }: PeerSpec): Uint8Array {
  const workload = findWorkload(name)
  const frames = [...workload.frames(size), startFrame(workload, size)].map((frame) => encode(frame, size))
  return new Uint8Array(
    Uint32Array.from([frames.length, ...frames.flatMap((words) => [words.length, ...words])]).buffer,
  )
}

/** @returns what the peer printed: a TrialResult */
export function runPeerTrial(spec: PeerSpec, signal: AbortSignal): Promise<string> {
  const { program, method } = programs[spec.tracker]!
  const { width, height } = spec.size
  return runProgram(
    builtPath(program),
    [method, width, height, spec.budgetMs].map(String),
    signal,
    framesFor(spec),
  )
}
