import { lookup } from 'node:dns/promises'
import { BlockList, isIP, type Server } from 'node:net'
import { AddressError, InvalidArgumentError } from '../errors.js'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** @param address an IP address, IPv4 mapped into IPv6 included */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  return loopback.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
}

/**
 * The IP address of a host's name, so that what was checked is what is listened on.
 * @throws AddressError when the name is not known
 */
export async function resolveHost(host: string): Promise<string> {
  if (isIP(host)) return host
  try {
    return (await lookup(host)).address
  } catch (cause) {
    throw new AddressError(
      `expected an IP address or a host's name, received ${JSON.stringify(host)}, which is not known`,
      {
        cause,
      },
    )
  }
}

/** @throws InvalidArgumentError for a port that is none */
export function checkPort(port: number): void {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new InvalidArgumentError(
      `port: expected a whole number from 0 (any free one) to 65535, received ${port}`,
    )
  }
}

const advice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there. Choose another port, or 0 for any free one.',
  EACCES: 'ports below 1024 are for privileged users. Choose a higher one, or 0 for any free one.',
  EADDRNOTAVAIL: 'this machine has no such address. Choose one of its own, or 127.0.0.1.',
}

/** @throws AddressError saying what to do */
export function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = advice[cause.code ?? ''] ?? cause.message
      reject(new AddressError(`cannot listen on ${host} port ${port}: ${why}`, { cause }))
    })
    server.listen({ host, port }, resolve)
  })
}
