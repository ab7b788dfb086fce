import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { OutputError } from '../../src/errors.js'
import { writeFileWhole } from '../../src/util/write-file-whole.js'
import { skipUnlessRoot } from '../support/programs.js'
import { temporaryFolder } from '../support/temporary.js'

const contents = Buffer.from('new')

test('the file has the contents, and nothing else is left in its folder', async (t) => {
  const folder = temporaryFolder(t)
  await writeFileWhole(join(folder, 'a.png'), contents)
  assert.deepEqual(readdirSync(folder), ['a.png'])
  assert.equal(readFileSync(join(folder, 'a.png'), 'utf8'), 'new')
})

test('a file that is replaced keeps its permissions', async (t) => {
  const file = join(temporaryFolder(t), 'a.png')
  writeFileSync(file, 'old')
  chmodSync(file, 0o600)
  await writeFileWhole(file, contents)
  assert.equal(statSync(file).mode & 0o777, 0o600)
})

test('whoever reads the old file goes on reading the old contents', async (t) => {
  const file = join(temporaryFolder(t), 'a.png')
  writeFileSync(file, 'old')
  const { ino } = statSync(file)
  await writeFileWhole(file, contents)
  assert.notEqual(statSync(file).ino, ino)
})

test('a symbolic link stays one', async (t) => {
  const folder = temporaryFolder(t)
  symlinkSync('target.png', join(folder, 'link.png'))
  writeFileSync(join(folder, 'target.png'), 'old')
  await writeFileWhole(join(folder, 'link.png'), contents)
  assert.ok(lstatSync(join(folder, 'link.png')).isSymbolicLink())
  assert.equal(readFileSync(join(folder, 'target.png'), 'utf8'), 'new')
})

test('a device is written, not replaced', async () => {
  await writeFileWhole('/dev/null', contents)
  assert.ok(statSync('/dev/null').isCharacterDevice())
})

test('a folder that does not exist', async (t) => {
  const file = join(temporaryFolder(t), 'no/a.png')
  await assert.rejects(writeFileWhole(file, contents), (error) => {
    assert.ok(error instanceof OutputError)
    assert.match(error.message, /^cannot write .*\/no\/a\.png: the folder does not exist: create it first$/)
    return true
  })
})

test('a folder in the place of the file', async (t) => {
  const file = join(temporaryFolder(t), 'a.png')
  mkdirSync(file)
  await assert.rejects(writeFileWhole(file, contents), /cannot write .*: it is a folder/)
})

test('a full file system leaves the old file', {
  skip: skipUnlessRoot('mounts a file system'),
}, async (t) => {
  const folder = temporaryFolder(t)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'umfb', folder]).status !== 0) {
    return t.skip('mounting a tmpfs is refused: run as root with CAP_SYS_ADMIN')
  }
  try {
    await writeFileWhole(join(folder, 'a.png'), contents)
    await assert.rejects(
      writeFileWhole(join(folder, 'a.png'), Buffer.alloc(1 << 20)),
      /the file system is full/,
    )
    assert.deepEqual(readdirSync(folder), ['a.png'])
    assert.equal(readFileSync(join(folder, 'a.png'), 'utf8'), 'new')
  } finally {
    spawnSync('umount', [folder])
  }
})
