import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { repositoryRoot } from '../support/paths.js'
import type { Mutation } from './mutations.js'

const run = promisify(execFile)

/** Where `npm run build:native` left the soak program's objects, and what each was made of. */
const release = join(repositoryRoot, 'build/Release')
const objects = join(release, 'obj.target/umfb-soak')
const dependencies = join(release, '.deps/Release/obj.target/umfb-soak')

/** binding.gyp's, for C++. */
const compilerFlags = ['-std=gnu++20', '-O2', '-fexceptions', '-w']

/** A mutation that cannot be applied: the code has moved on, and it has to follow. */
export class StaleMutation extends Error {}

/** @throws StaleMutation */
export function mutate(source: string, { name, file, edits }: Mutation): string {
  for (const [text, replacement] of edits) {
    const count = source.split(text).length - 1
    if (count !== 1) {
      throw new StaleMutation(
        `"${name}": expected this text once in ${file}, found it ${count} times; adjust test/mutants/mutations.ts:\n${text}`,
      )
    }
    source = source.replace(text, () => replacement)
  }
  return source
}

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .sort()
}

/** Builds mutants of the soak program: a copy of the sources, of which what a mutation touches is compiled anew. */
export class Workshop {
  readonly #folder = mkdtempSync(join(tmpdir(), 'umfb-mutants-'))

  constructor() {
    for (const folder of ['native', 'test/support/native']) {
      cpSync(join(repositoryRoot, folder), join(this.#folder, folder), { recursive: true })
    }
  }

  /** @returns the path of the program. @throws StaleMutation */
  async build(mutation: Mutation): Promise<string> {
    const path = join(this.#folder, mutation.file)
    const source = readFileSync(path, 'utf8')
    writeFileSync(path, mutate(source, mutation))
    try {
      const changed = this.#objectsOf(mutation.file)
      const fresh = await Promise.all(changed.map((object) => this.#compile(object)))
      const kept = filesBelow(objects, '.o').filter((object) => !changed.includes(object))
      const program = join(this.#folder, 'umfb-soak')
      await run('g++', [
        '-o',
        program,
        ...fresh,
        ...kept.map((object) => join(objects, object)),
        join(release, 'libumfb.a'),
        '-pthread',
      ])
      return program
    } finally {
      writeFileSync(path, source)
    }
  }

  /** Idempotent. */
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** The objects that depend on a source, by the compiler's own account. */
  #objectsOf(file: string): string[] {
    const found = filesBelow(dependencies, '.o.d')
      .filter((list) => readFileSync(join(dependencies, list), 'utf8').includes(`../${file} `))
      .map((list) => list.slice(0, -'.d'.length))
    if (found.length === 0) throw new Error(`no object depends on ${file}: run "npm run build:native"`)
    return found
  }

  async #compile(object: string): Promise<string> {
    const output = join(this.#folder, 'objects', object)
    mkdirSync(dirname(output), { recursive: true })
    const source = join(this.#folder, relative('.', object).replace(/\.o$/, '.cc'))
    const folders = ['native', 'test/support/native'].map((folder) => `-I${join(this.#folder, folder)}`)
    await run('g++', [...compilerFlags, ...folders, '-c', source, '-o', output]).catch((error: Error) => {
      throw new StaleMutation(error.message)
    })
    return output
  }
}
