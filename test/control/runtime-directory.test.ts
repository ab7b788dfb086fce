import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openRuntimeDirectory, runtimeDirectory } from '../../src/control/runtime-directory.js'
import { SystemError } from '../../src/errors.js'
import { temporaryFolder } from '../support/temporary.js'

test('the places, in their order', () => {
  assert.equal(runtimeDirectory({ UMFB_RUNTIME_DIR: '/a', XDG_RUNTIME_DIR: '/b' }), '/a')
  assert.equal(runtimeDirectory({ XDG_RUNTIME_DIR: '/b' }), '/b/umfb')
  assert.equal(runtimeDirectory({ UMFB_RUNTIME_DIR: '', XDG_RUNTIME_DIR: '' }), runtimeDirectory({}))
  assert.equal(runtimeDirectory({}), join(tmpdir(), `umfb-${process.getuid!()}`))
})

test('it is made with mode 0700, and opened again', async (t) => {
  const folder = join(temporaryFolder(t), 'a/b')
  assert.equal(await openRuntimeDirectory(folder), folder)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.equal(await openRuntimeDirectory(folder), folder)
})

const impostors: Record<string, [make: (path: string) => void, message: RegExp]> = {
  'a file': [(path) => writeFileSync(path, ''), /cannot be made: .*Set UMFB_RUNTIME_DIR/],
  'a symbolic link': [
    (path) => {
      mkdirSync(`${path}.target`)
      symlinkSync(`${path}.target`, path)
    },
    /is not a folder \(a symbolic link is not followed\)\. Set UMFB_RUNTIME_DIR/,
  ],
  'a folder that others may write to': [
    (path) => {
      mkdirSync(path)
      chmodSync(path, 0o777)
    },
    /may be written by others \(mode 777, expected 700\)/,
  ],
}
for (const [name, [make, message]] of Object.entries(impostors)) {
  test(`${name} in its place is refused`, async (t) => {
    const path = join(temporaryFolder(t), 'umfb')
    make(path)
    await assert.rejects(openRuntimeDirectory(path), (error) => {
      assert.ok(error instanceof SystemError)
      assert.match(error.message, message)
      return true
    })
  })
}

test("another user's folder is refused", async (t) => {
  let folder = '/usr'
  let owner = 0
  if (process.getuid!() === 0) {
    folder = temporaryFolder(t)
    owner = 12345
    chownSync(folder, owner, owner)
  }
  await assert.rejects(openRuntimeDirectory(folder), new RegExp(`belongs to another user \\(uid ${owner}\\)`))
})
