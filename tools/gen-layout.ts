import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { constants, notifications, operations, records } from '../src/guests/wire.js'

/**
 * Writes native/client/wire.h from src/guests/wire.ts, so that the layout has one source.
 * `--check` only compares, for the linter: exit status 1 and a line that says what to run where they differ.
 */

const headerFile = fileURLToPath(new URL('../../native/client/wire.h', import.meta.url))

/** camelCase to snake_case. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function enumeration(values: [string, number][]): string {
  const lines = values.map(([name, value]) => `  UMFB_${snake(name).toUpperCase()} = ${value},`)
  return ['enum {', ...lines, '};'].join('\n')
}

function structure(record: (typeof records)[number]): string {
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

export function generate(): string {
  const codes = [...Object.entries(operations), ...Object.entries(notifications)]
  return `${[
    '// Generated from src/guests/wire.ts by tools/gen-layout.ts: change it there. clang-format off',
    '#ifndef UMFB_WIRE_H',
    '#define UMFB_WIRE_H',
    '',
    // static_assert, in C too.
    '#include <assert.h>',
    '#include <stddef.h>',
    '#include <stdint.h>',
    '',
    enumeration(Object.entries(constants)),
    '',
    enumeration(codes.map(([name, { code }]) => [`op${name[0]!.toUpperCase()}${name.slice(1)}`, code])),
    '',
    records.map(structure).join('\n\n'),
    '',
    '#endif',
  ].join('\n')}\n`
}

const current = generate()
if (!process.argv.includes('--check')) {
  writeFileSync(headerFile, current)
} else if (readFileSync(headerFile, 'utf8') !== current) {
  console.error(
    'native/client/wire.h is not what src/guests/wire.ts says: run "node dist/tools/gen-layout.js"',
  )
  process.exitCode = 1
}
