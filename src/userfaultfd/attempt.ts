import { ClosedError, InvalidArgumentError, SystemError } from '../errors.js'
import { adviceOn } from './advice.js'
import { readSystemFacts } from './system-facts.js'

/** Makes what the addon, or Node, throws an error of this package, with what to do about it. */
export function attempt<T>(call: () => T): T {
  try {
    return call()
  } catch (cause) {
    const { code, message, syscall } = cause as NodeJS.ErrnoException
    if (code === 'ERR_CLOSED') throw new ClosedError(message, { cause })
    if (syscall === undefined) throw new InvalidArgumentError(message, { cause })
    const [, subject] = / '([^']*)'$/.exec(message) ?? []
    const advice = adviceOn({ code: code ?? '', syscall, subject }, readSystemFacts)
    throw new SystemError(`${message}. ${advice}`.trim(), { cause })
  }
}
