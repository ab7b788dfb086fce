import { once } from 'node:events'
import { lstatSync, unlinkSync } from 'node:fs'
import { chmod, link, lstat, mkdtemp, rm } from 'node:fs/promises'
import { connect, type Server } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { DeviceNameTakenError, SystemError } from '../errors.js'
import { atExit } from '../util/at-exit.js'
import { checkSocketPath, socketSuffix } from './device-name.js'

/** A listening server's name in the file system. */
export interface Claim {
  /** Takes the name away, if it is still this server's. Idempotent. */
  release(): void
}

/** True if somebody listens there. */
export async function isAlive(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    // Refused: nobody listens. Missing: gone meanwhile. Anything else (a full backlog: EAGAIN) is a sign of life.
    return !['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'].includes((error as NodeJS.ErrnoException).code ?? '')
  } finally {
    socket.destroy()
  }
}

/**
 * Lets `server` listen on the unix socket `path` with mode 0600, and takes the name over from a server that died.
 *
 * The socket is bound in a private folder, where nobody can reach it before its mode is set, and gets its name by
 * link(2), which never replaces.
 *
 * @throws DeviceNameTakenError somebody listens there
 * @throws InvalidArgumentError the path is too long
 * @throws SystemError the socket cannot be made
 */
export async function claim(server: Server, path: string): Promise<Claim> {
  checkSocketPath(path)
  // Not path.join(), which takes the dot for this very folder.
  const privateFolder = await mkdtemp(`${dirname(path)}/.s`).catch((cause) => {
    throw new SystemError(`a socket cannot be made in ${dirname(path)}: ${cause.message}`, { cause })
  })
  try {
    const bound = join(privateFolder, 's')
    checkSocketPath(bound)
    server.listen(bound)
    await once(server, 'listening')
    await chmod(bound, 0o600)
    if (!(await tryLink(bound, path)) && !(await takeOver(bound, path))) {
      throw new DeviceNameTakenError(
        `a running device already listens on ${path}: choose another name, or end that device`,
      )
    }
    return owned(path)
  } catch (error) {
    server.close()
    throw error
  } finally {
    await rm(privateFolder, { recursive: true, force: true })
  }
}

/** @returns false if there is something of that name */
async function tryLink(bound: string, path: string): Promise<boolean> {
  try {
    await link(bound, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Invariant: only who holds the lock removes a dead name. So what was dead under the lock is still the same dead socket
 * when it is removed, and of many who come at once none removes the living socket of another. The lock is one more link
 * to the server that holds it: if that died, the lock is dead, too.
 *
 * @returns false if somebody lives there, or is about to
 */
async function takeOver(bound: string, path: string): Promise<boolean> {
  if (await isAlive(path)) return false
  const lock = join(dirname(path), `.${basename(path, socketSuffix)}.l`)
  if (!(await tryLink(bound, lock))) {
    if (await isAlive(lock)) return false
    await rm(lock, { force: true })
    if (!(await tryLink(bound, lock))) return false
  }
  try {
    const there = await lstat(path).catch(() => undefined)
    // Who was there took its name away. Whoever is there by the next moment needed no lock, and lives.
    if (!there) return await tryLink(bound, path)
    if (await isAlive(path)) return false
    if (!there.isSocket()) {
      throw new SystemError(`${path} is in the way, and is no socket: remove it, or choose another name`)
    }
    removeThis(path, there)
    return await tryLink(bound, path)
  } finally {
    await rm(lock, { force: true })
  }
}

/** Nobody else of this process comes between the look and the removal. */
function removeThis(path: string, { ino, dev }: { ino: number; dev: number }): void {
  try {
    const there = lstatSync(path)
    if (there.ino === ino && there.dev === dev) unlinkSync(path)
  } catch {
    // Gone already.
  }
}

function owned(path: string): Claim {
  const mine = lstatSync(path)
  const remove = () => removeThis(path, mine)
  const forget = atExit(remove)
  return {
    release() {
      forget()
      remove()
    },
  }
}
