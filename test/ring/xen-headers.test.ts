import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { featureStore } from '../../src/ring/features.js'
import { repositoryRoot } from '../support/paths.js'

const sources = '/usr/src'
const native = join(repositoryRoot, 'native')

/** Of the newest kernel, whose version is part of the folder's name. */
function findHeaders(suffix: string): string | undefined {
  if (!existsSync(sources)) return undefined
  const names = readdirSync(sources).filter((name) => /^linux-headers-\d/.test(name) && name.endsWith(suffix))
  names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return names.length > 0 ? join(sources, names.at(-1)!) : undefined
}

const common = findHeaders('-common')
const skip = common ? false : "no kernel headers in /usr/src (Debian's linux-headers-amd64)"

function compile(...flags: string[]): void {
  execFileSync('gcc', ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-fsyntax-only', ...flags])
}

describe("Xen's fbif.h and kbdif.h", () => {
  it('lay out the same pages, rings and events as native/ring/layout.h', { skip }, () => {
    const source = join(repositoryRoot, 'test/ring/native/xen_headers.c')
    compile(`-I${native}`, `-idirafter${join(common!, 'include')}`, source)
  })

  it('name the same keys as our stores', { skip }, () => {
    const kbdif = readFileSync(join(common!, 'include/xen/interface/io/kbdif.h'), 'utf8')
    const keys = featureStore({ pointer: 'raw', keyboard: false }).map(([key]) => key)
    for (const key of ['request-abs-pointer', 'request-raw-pointer', 'request-multi-touch']) {
      assert.ok(keys.includes(key))
      assert.match(kbdif, new RegExp(`"${key}"`))
    }
  })
})

describe('native/ring/layout.h', () => {
  const machine = common && findHeaders('-amd64')
  const kernelSkip = machine
    ? false
    : "no kernel headers for amd64 in /usr/src (Debian's linux-headers-amd64)"

  it('compiles as C11 and as C++20', () => {
    const header = join(native, 'ring/layout.h')
    compile('-std=c11', '-x', 'c', header)
    execFileSync('g++', ['-std=c++20', '-Wall', '-Wextra', '-Werror', '-fsyntax-only', '-x', 'c++', header])
  })

  it('compiles in the kernel', { skip: kernelSkip }, () => {
    const folders = [common!, machine!].flatMap((folder) => [
      join(folder, 'arch/x86/include'),
      join(folder, 'arch/x86/include/generated'),
      join(folder, 'include'),
      join(folder, 'arch/x86/include/uapi'),
      join(folder, 'arch/x86/include/generated/uapi'),
      join(folder, 'include/uapi'),
      join(folder, 'include/generated/uapi'),
    ])
    compile(
      '-nostdinc',
      '-D__KERNEL__',
      '-Wno-unused-parameter',
      '-Wno-sign-compare',
      ...folders.map((folder) => `-isystem${folder}`),
      '-include',
      'linux/kconfig.h',
      '-x',
      'c',
      join(native, 'ring/layout.h'),
    )
  })
})
