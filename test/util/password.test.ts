import assert from 'node:assert/strict'
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { PasswordFileError } from '../../src/errors.js'
import { randomPassword, readPasswordFile } from '../../src/util/password.js'
import { temporaryFolder } from '../support/temporary.js'

function passwordFile(t: TestContext, contents: string, mode = 0o600): string {
  const file = join(temporaryFolder(t), 'password')
  writeFileSync(file, contents, { mode })
  return file
}

test('a random password has 8 characters that are not taken for one another', () => {
  const passwords = new Set(Array.from({ length: 200 }, randomPassword))
  assert.equal(passwords.size, 200)
  for (const password of passwords) assert.match(password, /^[a-hjkmnp-z2-9]{8}$/)
})

for (const contents of ['secret', 'secret\n', 'secret\r\n', 'secret\nsecond line\n']) {
  test(`${JSON.stringify(contents)}: its first line is the password`, async (t) => {
    assert.deepEqual(await readPasswordFile(passwordFile(t, contents)), { password: 'secret', warnings: [] })
  })
}

test('blanks are part of it', async (t) => {
  assert.equal((await readPasswordFile(passwordFile(t, ' a b \n'))).password, ' a b ')
})

test('a file that others may read is used, with a warning', async (t) => {
  const { warnings } = await readPasswordFile(passwordFile(t, 'secret', 0o644))
  assert.equal(warnings.length, 1)
  assert.match(warnings[0]!, /others may read .*chmod 600/)
})

test('of a long password a part does not count: the user is told', async (t) => {
  const { password, warnings } = await readPasswordFile(passwordFile(t, 'ninechars'))
  assert.equal(password, 'ninechars')
  assert.match(warnings[0]!, /only the first 8 bytes/)
})

async function rejects(file: string, message: RegExp): Promise<void> {
  await assert.rejects(readPasswordFile(file), (error) => {
    assert.ok(error instanceof PasswordFileError)
    assert.match(error.message, message)
    return true
  })
}

test('files that cannot be used', async (t) => {
  const folder = temporaryFolder(t)
  await rejects(join(folder, 'no'), /it does not exist/)
  mkdirSync(join(folder, 'folder'))
  await rejects(join(folder, 'folder'), /it is a folder/)
  await rejects(passwordFile(t, ''), /its first line is empty/)
  await rejects(passwordFile(t, '\nsecret\n'), /its first line is empty/)
  const large = passwordFile(t, 'secret')
  truncateSync(large, 1 << 30)
  await rejects(large, /it has 1073741824 bytes/)
})

test('a file that may not be read', { skip: process.getuid!() === 0 && 'root may read all' }, async (t) => {
  await rejects(passwordFile(t, 'secret', 0), /this user may not read it/)
})
