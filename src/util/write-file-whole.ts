import { randomBytes } from 'node:crypto'
import { open, realpath, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { OutputError } from '../errors.js'

const advice: Record<string, string> = {
  ENOENT: 'the folder does not exist: create it first',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'the folder may not be written by this user',
  EPERM: 'the folder may not be written by this user',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the file system is full',
  EDQUOT: "this user's quota is used up",
  ENAMETOOLONG: 'the name is too long',
  EISDIR: 'it is a folder: give the name of a file',
}

function outputError(file: string, cause: unknown): OutputError {
  const { code = '', message } = cause as NodeJS.ErrnoException
  return new OutputError(`cannot write ${file}: ${advice[code] ?? message}`, { cause })
}

/** Renaming would replace a device (/dev/null) or a pipe by a plain file: those are written as they are. */
async function writeInPlace(file: string, contents: Uint8Array): Promise<void> {
  const handle = await open(file, 'w')
  try {
    await handle.writeFile(contents)
  } finally {
    await handle.close()
  }
}

/** @param mode permissions of the file that is replaced; undefined where there is none: what the umask leaves */
async function replace(file: string, contents: Uint8Array, mode: number | undefined): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file).slice(0, 200)}.${randomBytes(6).toString('hex')}`)
  const handle = await open(temporary, 'wx')
  try {
    try {
      if (mode !== undefined) await handle.chmod(mode & 0o777)
      await handle.writeFile(contents)
      // The name must never say more than the disk holds.
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  }
}

/**
 * Writes a file whole or not at all: whoever opens it sees the old contents or the new, and after a failure the old.
 * A symbolic link stays one: what it leads to is replaced.
 * @throws OutputError
 */
export async function writeFileWhole(file: string, contents: Uint8Array): Promise<void> {
  try {
    const target = await realpath(file).catch(() => file)
    const there = await stat(target).catch(() => undefined)
    if (there?.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' })
    if (there && !there.isFile()) await writeInPlace(target, contents)
    else await replace(target, contents, there?.mode)
  } catch (error) {
    throw outputError(file, error)
  }
}
