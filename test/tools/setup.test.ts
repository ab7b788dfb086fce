import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { repositoryRoot } from '../support/paths.js'
import { findProgram, skipUnlessRoot, skipWithout } from '../support/programs.js'
import { temporaryFolder } from '../support/temporary.js'

const load = (name: string) => import(join(repositoryRoot, 'tools/setup', name))
const dependencies = await load('dependencies.mjs')
const addon = await load('addon.mjs')
const typescript = await load('typescript.mjs')
const debian = await load('debian.mjs')
const { writeStamp } = await load('fingerprint.mjs')

function write(root: string, files: Record<string, string | object>): void {
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), typeof contents === 'string' ? contents : JSON.stringify(contents))
  }
}

describe('npm packages', () => {
  const lock = (packages: object) => ({ packages: { '': { version: '0.1.0' }, ...packages } })

  const cases: [name: string, wanted: object, installed: object | undefined, stale: boolean][] = [
    ['nothing is installed', { 'node_modules/a': { version: '1.0.0' } }, undefined, true],
    [
      'the same versions',
      { 'node_modules/a': { version: '1.0.0' } },
      { 'node_modules/a': { version: '1.0.0' } },
      false,
    ],
    [
      'another version',
      { 'node_modules/a': { version: '1.0.1' } },
      { 'node_modules/a': { version: '1.0.0' } },
      true,
    ],
    ['a new package', { 'node_modules/a': { version: '1.0.0' } }, {}, true],
    [
      'an optional one for another system',
      { 'node_modules/a': { version: '1.0.0', optional: true } },
      {},
      false,
    ],
  ]
  for (const [name, wanted, installed, stale] of cases) {
    test(`${name}: ${stale ? 'stale' : 'fresh'}`, (t) => {
      const root = temporaryFolder(t)
      write(root, { 'package-lock.json': lock(wanted) })
      if (installed) write(root, { 'node_modules/.package-lock.json': lock(installed) })
      assert.equal(dependencies.dependenciesAreStale(root), stale)
    })
  }
})

describe('the addon', () => {
  function built(t: TestContext): string {
    const root = temporaryFolder(t)
    write(root, { 'binding.gyp': '{}', 'native/pixels/a.cc': 'a' })
    const built = [
      'umfb.node',
      'umfb-preload.so',
      'umfb-guard',
      'umfb-demo',
      'umfb-bench.node',
      'umfb-bench-writer',
      'umfb-kvm-guest.node',
    ]
    for (const name of built) {
      write(root, { [`build/Release/${name}`]: '' })
    }
    writeStamp(join(root, 'build/.built-from'), addon.addonFingerprint(root))
    assert.equal(addon.addonIsStale(root), false)
    return root
  }

  const changes: Record<string, (root: string) => void> = {
    'a changed source': (root) => write(root, { 'native/pixels/a.cc': 'b' }),
    'a new source': (root) => write(root, { 'native/pixels/b.cc': '' }),
    'a removed source': (root) => rmSync(join(root, 'native/pixels/a.cc')),
    'another binding.gyp': (root) => write(root, { 'binding.gyp': '{ }' }),
    'a removed addon': (root) => rmSync(join(root, 'build/Release/umfb.node')),
    'a removed shim': (root) => rmSync(join(root, 'build/Release/umfb-preload.so')),
    'a removed build folder': (root) => rmSync(join(root, 'build'), { recursive: true }),
  }
  for (const [name, change] of Object.entries(changes)) {
    test(`${name} makes it stale`, (t) => {
      const root = built(t)
      change(root)
      assert.equal(addon.addonIsStale(root), true)
    })
  }

  test('a source that was only touched does not', (t) => {
    const root = built(t)
    utimesSync(join(root, 'native/pixels/a.cc'), new Date(), new Date())
    assert.equal(addon.addonIsStale(root), false)
  })
})

describe('the TypeScript', () => {
  function compiled(t: TestContext): string {
    const root = temporaryFolder(t)
    const outputs = ['dist/src/a.js', 'dist/src/a.js.map', 'dist/src/a.d.ts']
    write(root, { 'tsconfig.json': { include: ['src', 'test'] }, 'package-lock.json': '{}', 'src/a.ts': '' })
    for (const output of outputs) write(root, { [output]: '' })
    writeStamp(join(root, 'dist/.built-from'), typescript.typescriptFingerprint(root))
    assert.equal(typescript.typescriptIsStale(root), false)
    return root
  }

  test('a changed source, or a lost output, makes it stale', (t) => {
    const root = compiled(t)
    rmSync(join(root, 'dist/src/a.d.ts'))
    assert.equal(typescript.typescriptIsStale(root), true)
    write(root, { 'dist/src/a.d.ts': '', 'src/a.ts': 'export {}' })
    assert.equal(typescript.typescriptIsStale(root), true)
  })

  test('what was compiled from a removed source goes, and nothing else', (t) => {
    const root = compiled(t)
    write(root, { 'dist/test/old.test.js': '', 'dist/test/old.test.js.map': '', 'dist/page.html': '' })
    assert.deepEqual(typescript.removeOrphans(root), ['dist/test/old.test.js', 'dist/test/old.test.js.map'])
    assert.equal(existsSync(join(root, 'dist/src/a.js')), true)
    assert.equal(existsSync(join(root, 'dist/page.html')), true)
  })
})

describe('Debian packages', () => {
  test('the list reads as packages and their programs', () => {
    const list = debian.parsePackageList('# why\n\nx11-apps  xwd xlogo # clients\nfonts-dejavu-core\n')
    assert.deepEqual(
      [...list],
      [
        ['x11-apps', ['xwd', 'xlogo']],
        ['fonts-dejavu-core', []],
      ],
    )
  })

  test('a package whose programs are all there is not missed', () => {
    assert.deepEqual(debian.missingPackages(new Map([['no-such-package', ['sh', 'ls']]])), [])
  })

  test('one that dpkg does not know is', { skip: findProgram('dpkg-query') ? false : 'no Debian' }, () => {
    const packages = new Map([
      ['umfb-no-such-package', ['umfb-no-such-program']],
      ['dpkg', []],
    ])
    assert.deepEqual(debian.missingPackages(packages), ['umfb-no-such-package'])
  })

  test('a skip names the package', () => {
    assert.throws(() => skipWithout('umfb-no-such-program'), /debian-packages\.txt/)
  })
})

/** A clone with `programs` on its search path and nothing else. Runs the set-up step there. */
function clone(t: TestContext, programs: Record<string, string>) {
  const root = temporaryFolder(t)
  const tools = join(repositoryRoot, 'tools')
  write(root, {
    'tools/setup.mjs': readFileSync(join(tools, 'setup.mjs'), 'utf8'),
    'tools/debian-packages.txt': 'umfb-no-such-package umfb-no-such-program\n',
    'package-lock.json': { packages: { 'node_modules/a': { version: '1.0.0' } } },
    'binding.gyp': '{}',
  })
  symlinkSync(join(tools, 'setup'), join(root, 'tools/setup'))
  mkdirSync(join(root, 'bin'))
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  const setup = (...args: string[]) => {
    const env = { PATH: join(root, 'bin') }
    const command = [join(root, 'tools/setup.mjs'), ...args]
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { env, encoding: 'utf8' })
    assert.equal(stdout, '')
    return { status, stderr }
  }
  return { root, setup }
}

describe('Debian packages that are missing', () => {
  const others = { npm: 'exit 0', 'dpkg-query': 'exit 1' }

  test('are installed by root', { skip: skipUnlessRoot('others may not install') }, (t) => {
    const { root, setup } = clone(t, {
      ...others,
      'apt-get': 'echo "$DEBIAN_FRONTEND $*" >> $(dirname "$0")/log',
    })
    symlinkSync('/usr/bin/dirname', join(root, 'bin/dirname'))
    const { status, stderr } = setup('--for-tests', 'dependencies')
    assert.equal(status, 0)
    assert.match(stderr, /^setup: installing Debian packages: umfb-no-such-package\n/)
    const [update, install] = readFileSync(join(root, 'bin/log'), 'utf8').split('\n')
    assert.match(update!, /^noninteractive .* update$/)
    assert.match(install!, /^noninteractive .*Lock::Timeout.* --no-install-recommends umfb-no-such-package$/)
  })

  test('and cannot be installed: the tests go on', {
    skip: skipUnlessRoot('others may not install'),
  }, (t) => {
    const { setup } = clone(t, {
      ...others,
      'apt-get': 'echo "E: Unable to fetch some archives" >&2; exit 100',
    })
    const { status, stderr } = setup('--for-tests', 'dependencies')
    assert.equal(status, 0)
    assert.match(stderr, /could not be installed, their tests are skipped: E: Unable to fetch some archives/)
  })

  const isRoot = process.getuid!() === 0 && 'root installs them'
  test('are named to everybody else, with the command', { skip: isRoot }, (t) => {
    const { status, stderr } = clone(t, { ...others, 'apt-get': '' }).setup('--for-tests', 'dependencies')
    assert.equal(status, 0)
    assert.match(stderr, /tests of umfb-no-such-package are skipped.* apt-get update && apt-get install/)
  })

  test('are not asked for without --for-tests, nor where there is no Debian', (t) => {
    const { setup } = clone(t, { npm: 'exit 0' })
    assert.equal(setup('dependencies').stderr, 'setup: installing npm packages\n')
    assert.match(setup('--for-tests', 'dependencies').stderr, /this is no Debian/)
  })
})

describe('failures are one line', () => {
  test('npm without a network', (t) => {
    const { setup } = clone(t, { npm: 'echo "npm error code EAI_AGAIN" >&2; exit 1' })
    const { status, stderr } = setup('dependencies')
    assert.equal(status, 1)
    assert.match(stderr, /\nsetup: npm cannot reach its registry: .*\n$/)
  })

  test('no compiler', (t) => {
    const { status, stderr } = clone(t, { npm: 'exit 0', make: '', python3: '' }).setup('addon')
    assert.equal(status, 1)
    assert.match(
      stderr,
      /\nsetup: the native addon cannot be built: there is no C\+\+ compiler\. .*apt-get.*\n$/,
    )
  })

  test('a source that does not compile', (t) => {
    const npm = 'echo "make: Entering"; echo "../native/a.cc:1:1: error: expected a declaration"; exit 1'
    const { stderr } = clone(t, { npm, 'g++': '', make: '', python3: '' }).setup('addon')
    assert.match(
      stderr,
      /\nsetup: the native addon does not build: \.\.\/native\/a\.cc:1:1: error: .*setup\.log\)\n$/,
    )
  })

  test('an unknown step', (t) => {
    assert.match(
      clone(t, {}).setup('everything').stderr,
      /expected --for-tests or one of .*, received everything\n$/,
    )
  })
})
