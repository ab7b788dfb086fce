import { InvalidArgumentError } from '../../errors.js'
import { type NoneOptions, none } from './none.js'
import type { SecurityType } from './security-type.js'
import { type VncAuthOptions, vncAuth } from './vnc-auth.js'

/** Who is let in, and how that is found out. */
export type RfbSecurity = NoneOptions | VncAuthOptions

/** One line a security type. */
const registry: {
  readonly [T in RfbSecurity['type']]: (options: Extract<RfbSecurity, { type: T }>) => SecurityType
} = {
  none,
  'vnc-auth': vncAuth,
}

/** @throws InvalidArgumentError for an unknown type, or options that it does not take */
export function createSecurityType(options: RfbSecurity): SecurityType {
  const type: unknown = (options as { type?: unknown } | undefined)?.type
  if (typeof type !== 'string' || !Object.hasOwn(registry, type)) {
    const names = Object.keys(registry).join(' or ')
    throw new InvalidArgumentError(`security.type: expected ${names}, received ${JSON.stringify(type)}`)
  }
  const create = registry[type as RfbSecurity['type']] as (options: RfbSecurity) => SecurityType
  return create(options)
}
