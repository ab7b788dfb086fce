import { DeviceNotFoundError, InvalidArgumentError } from '../errors.js'

/** Of sockaddr_un.sun_path without its final zero (unix(7)). A longer path would be cut off in silence. */
export const maxSocketPathBytes = 107

/** Ends a device's control socket: NAME.sock. */
export const socketSuffix = '.sock'

const maxNameLength = 64
const namePattern = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/

/** True for a name that is safe in a path, on a terminal and in a URL. */
export function isDeviceName(name: string): boolean {
  return namePattern.test(name) && name.length <= maxNameLength
}

/** @throws InvalidArgumentError */
export function checkDeviceName(name: string): void {
  if (!isDeviceName(name)) {
    throw new InvalidArgumentError(
      `name: expected 1 to ${maxNameLength} letters, digits, dots, underscores and hyphens, beginning with a letter, ` +
        `a digit or an underscore; received ${JSON.stringify(name)}`,
    )
  }
}

/** @throws InvalidArgumentError for a path that no unix socket can have */
export function checkSocketPath(path: string): void {
  const bytes = Buffer.byteLength(path)
  if (bytes > maxSocketPathBytes) {
    throw new InvalidArgumentError(
      `socket path: expected at most ${maxSocketPathBytes} bytes, received ${bytes}: ${path}. ` +
        'Choose a shorter name, or set UMFB_RUNTIME_DIR to a shorter folder.',
    )
  }
}

/** A name that nobody can have is a device that nobody finds. */
export function deviceNotFound(name: string, folder: string): DeviceNotFoundError {
  return new DeviceNotFoundError(
    `no running device is called ${JSON.stringify(name)} (looked in ${folder}). "umfb ls" lists those that run.`,
  )
}
