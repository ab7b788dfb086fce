import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as wire from '../src/guests/wire.js'
import * as layout from '../src/ring/layout.js'
import type { Fields, Record } from '../src/util/record.js'

/**
 * Writes C headers from the tables that the library itself uses, so that each layout has one source.
 * `--check` only compares, for the linter: exit status 1 and a line that says what to run where they differ.
 */

interface Header {
  readonly path: string
  readonly source: string
  readonly guard: string
  readonly parts: readonly string[]
}

/** camelCase to snake_case. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function capitals(name: string): string {
  return snake(name).toUpperCase()
}

function enumeration(prefix: string, values: [string, number][]): string {
  const lines = values.map(([name, value]) => `  ${prefix}${capitals(name)} = ${value},`)
  return ['enum {', ...lines, '};'].join('\n')
}

function definitions(prefix: string, values: [string, string][]): string {
  return values.map(([name, value]) => `#define ${prefix}${capitals(name)} "${value}"`).join('\n')
}

function structure(record: Record<Fields>): string {
  const type = `struct umfb_${record.name}`
  const fields = Object.entries(record.fields).map(
    ([name, field]) => `  ${field.c.replace('NAME', snake(name))};`,
  )
  const offsets = Object.entries(record.offsets as { [name: string]: number }).map(
    ([name, offset]) => `static_assert(offsetof(${type}, ${snake(name)}) == ${offset}, "layout");`,
  )
  const size = `static_assert(sizeof(${type}) == ${record.size}, "layout");`
  return [`${type} {`, ...fields, '};', ...offsets, size].join('\n')
}

function generate({ source, guard, parts }: Header): string {
  return `${[
    `// Generated from ${source} by tools/gen-layout.ts: change it there. clang-format off`,
    `#ifndef ${guard}\n#define ${guard}`,
    ...parts,
    '#endif',
  ].join('\n\n')}\n`
}

/** static_assert, in C too. */
const includes = ['#include <assert.h>', '#include <stddef.h>', '#include <stdint.h>'].join('\n')

const kernelIncludes = [
  '#ifdef __KERNEL__',
  '#include <linux/build_bug.h>',
  '#include <linux/stddef.h>',
  '#include <linux/types.h>',
  '#else',
  includes,
  '#endif',
].join('\n')

const operations = [...Object.entries(wire.operations), ...Object.entries(wire.notifications)]

const headers: readonly Header[] = [
  {
    path: 'native/client/wire.h',
    source: 'src/guests/wire.ts',
    guard: 'UMFB_WIRE_H',
    parts: [
      includes,
      enumeration('UMFB_', Object.entries(wire.constants)),
      enumeration(
        'UMFB_OP_',
        operations.map(([name, { code }]) => [name, code]),
      ),
      ...wire.records.map(structure),
    ],
  },
  {
    path: 'native/ring/layout.h',
    source: 'src/ring/layout.ts',
    guard: 'UMFB_RING_LAYOUT_H',
    parts: [
      kernelIncludes,
      definitions('UMFB_DEV_', Object.entries(layout.strings)),
      enumeration('UMFB_DEV_', Object.entries(layout.constants)),
      ...layout.records.map(structure),
    ],
  },
]

for (const header of headers) {
  const { path, source } = header
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url))
  const current = generate(header)
  if (!process.argv.includes('--check')) {
    writeFileSync(file, current)
  } else if (readFileSync(file, 'utf8') !== current) {
    console.error(`${path} is not what ${source} says: run "node dist/tools/gen-layout.js"`)
    process.exitCode = 1
  }
}
