/**
 * Holds the house's layers: who may import whom, in one table. Prints what breaks a rule, and exits with 1.
 *
 *   node dist/tools/check-layers.js [ROOT]
 */

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { pathToFileURL } from 'node:url'

const leaves = ['errors', 'util']
const pure = ['geometry', 'pixels', ...leaves]
const middle = ['damage', 'draw', 'input', ...pure]
const belowSinks = ['surface', ...middle]
const kinds = ['guests', 'console', 'ring', 'rfb', 'web', 'sinks', 'control']

/**
 * What each unit may import besides itself, highest first. A unit is a folder or a file of src, or a folder outside of
 * it; the longest name that fits a file is its unit. `src` stands for everything in src.
 */
export const layers: Readonly<Record<string, readonly string[]>> = {
  tools: ['src/index'],
  'tools/commands/bench': ['src/index', 'tools/commands/command', 'bench/command-line'],
  // Writes the console's font, as it reads it.
  'tools/gen-console-font': ['src/console/font'],
  // Writes C layouts from the tables that the library itself uses.
  'tools/gen-layout': ['src/guests', 'src/ring', 'src/util'],
  // Raw kernel measurements go below the public face.
  bench: [
    'src/index',
    'src/native',
    'src/userfaultfd',
    // A console's program without a console.
    'src/console/terminal-process',
    // A backend that does nothing but look.
    'src/ring',
    // What the rects are held against.
    'test/support/minimum-partition',
    'test/support/bitmap',
  ],
  'test/e2e': ['src/index', 'test/support'],
  // Unit tests take what they test.
  test: ['src', 'tools', 'bench'],

  'src/index': ['src'],
  'src/device-console': units([...kinds, ...belowSinks]),
  'src/device': units(['device-screen', 'device-console', ...kinds, ...belowSinks]),
  'src/device-screen': units(['guests', 'ring', ...belowSinks]),
  'src/device-server': units(['device', 'device-screen', ...kinds, ...belowSinks]),
  'src/diagnosis': units(['userfaultfd', ...belowSinks]),
  'src/guests': units(['ring', 'native', ...belowSinks]),
  'src/console': units(belowSinks),
  'src/web': units(['rfb', ...belowSinks]),
  'src/rfb': units(belowSinks),
  'src/sinks': units(belowSinks),
  'src/control': units(belowSinks),
  'src/ring': units(['native', ...belowSinks]),
  'src/surface': units(['native', ...middle]),
  // A sink may be handed an op instead of damage.
  'src/damage': units(['draw/op', ...pure]),
  'src/draw/op': units(pure),
  'src/draw': units(['native', ...pure]),
  'src/input': units(pure),
  'src/pixels': units(['geometry', ...leaves]),
  'src/geometry': units(leaves),
  'src/userfaultfd': units(['native', ...leaves]),
  'src/native': units(leaves),
  'src/errors': [],
  'src/util': units(['errors']),
}

function units(names: readonly string[]): string[] {
  return names.map((name) => `src/${name}`)
}

/** True where `path` is the unit, or lies in it. */
function isIn(path: string, unit: string): boolean {
  return path === unit || path.startsWith(`${unit}/`)
}

function unitOf(path: string): string | undefined {
  return Object.keys(layers)
    .filter((unit) => isIn(path, unit))
    .sort((a, b) => b.length - a.length)[0]
}

/** A statement's "from", an import for its effects, and import(): type imports, too, for a type ties as well. */
const specifiers = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g
const comments = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g

/** The modules of this repository that a source imports, as paths without their ending. */
export function importsOf(path: string, text: string): string[] {
  const found = text.replace(comments, '').matchAll(specifiers)
  return [...found].map(([, , specifier]) =>
    normalize(join(dirname(path), specifier!)).replace(/\.(m?js|ts)$/, ''),
  )
}

/** @returns what is wrong with one import, or undefined */
export function judge(from: string, to: string): string | undefined {
  const unit = unitOf(from)
  if (unit === undefined) return `${from}: no layer has this file; add its folder to tools/check-layers.ts`
  if (isIn(to, unit) || layers[unit]!.some((allowed) => isIn(to, allowed))) return undefined
  return `${from} imports ${to}: ${unit} may import ${layers[unit]!.join(', ') || 'nothing'}`
}

function sourcesOf(root: string): string[] {
  return ['src', 'tools', 'test', 'bench'].flatMap((folder) => {
    try {
      return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
        .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  })
}

/** Checks every source below `root`. @returns one line for each broken rule */
export function checkLayers(root: string): string[] {
  return sourcesOf(root).flatMap((file) => {
    const path = file.replace(/\.ts$/, '')
    return importsOf(path, readFileSync(join(root, file), 'utf8'))
      .map((to) => judge(path, to))
      .filter((line) => line !== undefined)
  })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const broken = checkLayers(process.argv[2] ?? process.cwd())
  for (const line of broken) console.error(line)
  if (broken.length > 0) process.exitCode = 1
}
