import { InvalidArgumentError, SystemError } from '../errors.js'

/** What a caller can do about a failure; by errno's name. */
const advice: Record<string, string> = {
  EPERM:
    'It is forbidden here: a container may need a seccomp profile that allows userfaultfd; or get access to ' +
    '/dev/userfaultfd, or keep userModeOnly. For a scan with rearm: register the pages first.',
  ENOSYS: 'This kernel was built without CONFIG_USERFAULTFD.',
  ENOTTY: 'This kernel is too old: expected Linux 6.7 or newer.',
  EBUSY: 'Another userfaultfd has these pages: unregister them there first.',
}

/** Makes what the addon throws an error of this package. */
export function attempt<T>(call: () => T): T {
  try {
    return call()
  } catch (cause) {
    const { code, message, syscall } = cause as NodeJS.ErrnoException
    if (syscall === undefined) throw new InvalidArgumentError(message, { cause })
    throw new SystemError([`${message}.`, advice[code ?? '']].join(' ').trim(), { cause })
  }
}
