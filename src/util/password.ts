import { randomInt } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { PasswordFileError } from '../errors.js'

/** Of a password that count: VncAuth's DES key (RFC 6143, 7.2.2). Viewers, too, leave out what is beyond. */
export const significantPasswordBytes = 8

/** No letters that are taken for one another: 31^8 are 2^39 passwords, for one run, over a loopback. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A password for one run. */
export function randomPassword(): string {
  return Array.from({ length: significantPasswordBytes }, () => letters[randomInt(letters.length)]).join('')
}

export interface PasswordFile {
  readonly password: string
  /** What the user should know, a sentence each: that others can read the file, that a part does not count. */
  readonly warnings: readonly string[]
}

const reasons: Record<string, string> = {
  ENOENT: 'it does not exist',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
}

const maxFileBytes = 64 * 1024

/**
 * Reads a password: the first line of a file, without its line end.
 * @throws PasswordFileError the file cannot be read, or its first line is empty
 */
export async function readPasswordFile(file: string): Promise<PasswordFile> {
  const fail = (why: string, cause?: unknown) =>
    new PasswordFileError(
      `the password file ${file} cannot be used: ${why}. Expected a file whose first line is the password.`,
      { cause },
    )
  try {
    const { mode, size } = await stat(file)
    if (size > maxFileBytes) throw fail(`it has ${size} bytes`)
    const [password = ''] = (await readFile(file, 'utf8')).split(/\r?\n/, 1)
    if (password === '') throw fail('its first line is empty')
    return { password, warnings: warningsOf(file, mode, password) }
  } catch (error) {
    if (error instanceof PasswordFileError) throw error
    const { code = '', message } = error as NodeJS.ErrnoException
    throw fail(reasons[code] ?? message, error)
  }
}

function warningsOf(file: string, mode: number, password: string): string[] {
  const warnings: string[] = []
  if (mode & 0o077) warnings.push(`others may read the password file: run "chmod 600 ${file}"`)
  if (Buffer.byteLength(password) > significantPasswordBytes) {
    warnings.push(
      `only the first ${significantPasswordBytes} bytes of a password count in VNC authentication`,
    )
  }
  return warnings
}
