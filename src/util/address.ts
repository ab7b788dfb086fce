import { isIP } from 'node:net'
import { InvalidArgumentError } from '../errors.js'

/** Where a server listens. Port 0: one that is free. */
export interface Address {
  readonly host: string
  readonly port: number
}

/**
 * Reads HOST:PORT, with brackets around an IPv6 address (RFC 3986, 3.2.2).
 * @throws InvalidArgumentError
 */
export function parseAddress(text: string): Address {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || port > 65535 || (match?.[1] && isIP(host) !== 6)) {
    throw new InvalidArgumentError(
      `address: expected HOST:PORT like 127.0.0.1:5900 or [::1]:0, with a port up to 65535, received ${JSON.stringify(text)}`,
    )
  }
  return { host, port }
}

export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
