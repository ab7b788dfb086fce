import { createCipheriv } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { temporaryFolder } from './temporary.js'

/** What every VNC program scrambles its password files with: the fixed key of vncauth.c, its bits in DES's order. */
const fileKey = Buffer.from('e84ad660c4721ae0', 'hex')

/** Of a password, VNC uses no more (RFC 6143, 7.2.2). */
const passwordBytes = 8

/** A password file as vncpasswd(1) writes it, for viewers: DES, which OpenSSL 3 has as triple DES with one key. */
export function scrambledPasswordFile(t: TestContext, password: string): string {
  const key = Buffer.concat([fileKey, fileKey, fileKey])
  const cipher = createCipheriv('des-ede3-ecb', key, null).setAutoPadding(false)
  const padded = Buffer.concat([Buffer.from(password), Buffer.alloc(passwordBytes)]).subarray(
    0,
    passwordBytes,
  )
  const file = join(temporaryFolder(t), 'passwd')
  writeFileSync(file, Buffer.concat([cipher.update(padded), cipher.final()]), { mode: 0o600 })
  return file
}
