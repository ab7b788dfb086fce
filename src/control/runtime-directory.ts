import { lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { SystemError } from '../errors.js'
import { systemReason } from '../util/system-reason.js'

/**
 * Where the control sockets of this user's devices are: $UMFB_RUNTIME_DIR, else umfb in $XDG_RUNTIME_DIR (XDG Base
 * Directory Specification), else a folder of the user's own under the system's temporary directory.
 */
export function runtimeDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (env.UMFB_RUNTIME_DIR) return resolve(env.UMFB_RUNTIME_DIR)
  if (env.XDG_RUNTIME_DIR) return resolve(env.XDG_RUNTIME_DIR, 'umfb')
  return join(tmpdir(), `umfb-${process.getuid!()}`)
}

const advice = 'Set UMFB_RUNTIME_DIR to a folder of your own.'

/**
 * Makes the directory where it is missing, with mode 0700. Under /tmp anybody may have put something in its place:
 * whoever can write there can pose as a device.
 * @throws SystemError when it cannot be made, is not ours, or others may write to it
 */
export async function openRuntimeDirectory(folder = runtimeDirectory()): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new SystemError(`the runtime directory cannot be made: ${systemReason(cause)}. ${advice}`, {
      cause,
    })
  }
  const found = await lstat(folder)
  const wrong = (what: string) => new SystemError(`the runtime directory ${folder} ${what}. ${advice}`)
  if (!found.isDirectory()) throw wrong('is not a folder (a symbolic link is not followed)')
  if (found.uid !== process.getuid!()) throw wrong(`belongs to another user (uid ${found.uid})`)
  if (found.mode & 0o022) {
    throw wrong(`may be written by others (mode ${(found.mode & 0o777).toString(8)}, expected 700)`)
  }
  return folder
}
