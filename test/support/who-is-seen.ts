import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TrackerMechanism } from '../../src/native/binding.js'
import { repositoryRoot } from './paths.js'

/** 'yes', 'no', or the name of the error that the kernel answers to who tried. */
export type Outcome = string

/** A row of a table of docs/trackers.md: what the tests hold is what users read. */
export interface SeenRow {
  what: string
  /** More than one where it depends on what this system allows. */
  seenBy: ReadonlyMap<TrackerMechanism, readonly Outcome[]>
}

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

/** @param heading of the table's section */
export function readWhoIsSeen(heading = 'Who is seen'): SeenRow[] {
  const text = readFileSync(join(repositoryRoot, 'docs/trackers.md'), 'utf8')
  const lines = text.split('\n')
  const start = lines.indexOf(`## ${heading}`)
  const table = lines.slice(lines.findIndex((line, index) => index > start && line.startsWith('|')))
  const [, ...mechanisms] = cells(table[0]!) as TrackerMechanism[]
  return table
    .slice(
      2,
      table.findIndex((line) => !line.startsWith('|')),
    )
    .map(cells)
    .map(([what, ...outcomes]) => ({
      what: what!,
      seenBy: new Map(
        mechanisms.map((mechanism, column) => [mechanism, (outcomes[column] ?? '').split(' or ')]),
      ),
    }))
}
