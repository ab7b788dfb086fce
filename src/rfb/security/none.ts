import { securityTypes } from '../protocol.js'
import type { SecurityType } from './security-type.js'

/** RFC 6143, 7.2.1. */
export const none: SecurityType = {
  id: securityTypes.none,
  open: true,
  begin: () => ({ opening: new Uint8Array(0), advance: () => ({ ok: true, viewOnly: false }) }),
}
