import { securityTypes } from '../protocol.js'
import type { SecurityType } from './security-type.js'

/** Options of the security type: everybody on this machine is let in; it is refused beyond loopback. */
export interface NoneOptions {
  readonly type: 'none'
}

/** RFC 6143, 7.2.1. */
export function none(_options: NoneOptions): SecurityType {
  return {
    id: securityTypes.none,
    open: true,
    begin: () => ({ opening: new Uint8Array(0), advance: () => ({ ok: true, viewOnly: false }) }),
  }
}
