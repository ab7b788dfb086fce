import { createCipheriv } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { temporaryFolder } from './temporary.js'

/** What every VNC program scrambles its password files with: the fixed key of vncauth.c, its bits in DES's order. */
const fileKey = Buffer.from('e84ad660c4721ae0', 'hex')

/** Single DES, by way of triple DES: OpenSSL 3 has no other. */
export function des(key: Buffer, data: Buffer): Buffer {
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null).setAutoPadding(false)
  return Buffer.concat([cipher.update(data), cipher.final()])
}

/** A password as 8 bytes, cut off or filled with zeros (RFC 6143, 7.2.2). */
export function passwordBytes(password: string): Buffer {
  return Buffer.concat([Buffer.from(password), Buffer.alloc(8)]).subarray(0, 8)
}

/** A password file as vncpasswd(1) writes it, for viewers. */
export function scrambledPasswordFile(t: TestContext, password: string): string {
  const file = join(temporaryFolder(t), 'passwd')
  writeFileSync(file, des(fileKey, passwordBytes(password)), { mode: 0o600 })
  return file
}
