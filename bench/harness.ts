/**
 * What all benchmarks share: figures with a target, a table on the terminal, JSON with the machine beside it.
 * A figure is a ratio of two things measured in the same run wherever that makes sense: machines are noisy.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { arch, cpus, release, totalmem } from 'node:os'

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What SPECIFICATION.md promises; left out where the figure is only told. */
  readonly target?: { readonly atMost: number } | { readonly atLeast: number }
  /** How it was measured, where the name does not say it. */
  readonly note?: string
}

export type Suite = () => Promise<Figure[]>

export interface Report {
  readonly machine: Record<string, string | number>
  readonly figures: readonly Figure[]
}

export function machine(): Report['machine'] {
  return {
    cpu: cpus()[0].model.trim(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    arch: arch(),
    node: process.version,
  }
}

export function meetsTarget({ value, target }: Figure): boolean {
  if (!target) return true
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast
}

/** Three significant digits, without an exponent. */
function digits(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6 })
}

export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { target } = figure
    const promise = !target ? '' : 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`
    const verdict = !target ? '' : meetsTarget(figure) ? 'ok' : 'MISSED'
    return [figure.name, `${digits(figure.value)} ${figure.unit}`.trim(), promise, verdict]
  })
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)))
  return rows
    .map(([name, value, promise, verdict]) =>
      [name.padEnd(widths[0]), value.padStart(widths[1]), promise.padStart(widths[2]), verdict]
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

/** Runs a peer that prints one JSON object. */
export function runPeer(path: string, args: readonly (string | number)[]): Record<string, number> {
  return JSON.parse(execFileSync(path, args.map(String), { encoding: 'utf8' }))
}

/** User and system time of a process so far, all its threads, in milliseconds. proc(5), /proc/pid/stat, fields 14 and 15. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const clockTicksPerSecond = 100
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / clockTicksPerSecond
}

/** Proportional share of memory (shared pages are divided among those that map them). proc(5), smaps_rollup. */
export function pssBytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]) * 1024
}
