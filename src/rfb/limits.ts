import { InvalidArgumentError } from '../errors.js'

/** What a server bears. Each has a default; a viewer can use up no more, whatever it does. */
export interface RfbLimits {
  /** Viewers at once; one more is refused. */
  readonly maxViewers: number
  /** Connections that have not come through the handshake; one more is closed. */
  readonly maxHandshakes: number
  /** From connecting to ClientInit: a person may have to type a password in between. */
  readonly handshakeTimeoutMs: number
  /** A viewer that takes not one of 64 KiB for this long is dropped. */
  readonly stallTimeoutMs: number
  /** While more than this waits to be taken by a viewer, nothing more is encoded for it. */
  readonly maxUnsentBytes: number
  /** The answer to a login waits this long after one failure from its address, twice that after two, and so on. */
  readonly loginDelayMs: number
}

export const defaultLimits: RfbLimits = {
  maxViewers: 256,
  maxHandshakes: 64,
  handshakeTimeoutMs: 60_000,
  stallTimeoutMs: 30_000,
  maxUnsentBytes: 256 * 1024,
  loginDelayMs: 250,
}

/** Node's timers know no longer time. */
const most = 2 ** 31 - 1

/** @throws InvalidArgumentError where a limit is out of range */
export function resolveLimits(given: Partial<RfbLimits> = {}): RfbLimits {
  const limits = { ...defaultLimits, ...given }
  for (const [name, value] of Object.entries(limits)) {
    if (!(value > 0 && value <= most)) {
      throw new InvalidArgumentError(
        `limits.${name}: expected more than 0, at most ${most}, received ${value}`,
      )
    }
  }
  return limits
}
