import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { capture } from './child.js'
import { repositoryRoot } from './paths.js'
import { temporaryFolder } from './temporary.js'

/** Where `npm run build:native` puts what it builds. */
const built = join(repositoryRoot, 'build/Release')

/**
 * Builds a C program of test/e2e/native as a user would, in a folder of the test's own.
 * @param flags behind the source; see `withLibumfb`
 */
export async function compile(t: TestContext, name: string, ...flags: string[]): Promise<string> {
  const output = join(temporaryFolder(t), name)
  const source = join(repositoryRoot, 'test/e2e/native', `${name}.c`)
  await capture('gcc', [
    '-std=gnu11',
    '-D_GNU_SOURCE',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-O1',
    '-o',
    output,
    source,
    ...flags,
  ])
  return output
}

export const withLibumfb = [
  `-I${join(repositoryRoot, 'native/client')}`,
  `-L${built}`,
  `-Wl,-rpath,${built}`,
  '-lumfb',
]
