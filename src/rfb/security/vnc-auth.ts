import { createCipheriv, randomBytes, timingSafeEqual } from 'node:crypto'
import { InvalidArgumentError } from '../../errors.js'
import { securityTypes } from '../protocol.js'
import type { SecurityType, Verdict } from './security-type.js'

/** Options of the security type: who knows the password is let in. */
export interface VncAuthOptions {
  readonly type: 'vnc-auth'
  /** Only its first 8 bytes count: the protocol has no room for more. */
  readonly password: string
  /** Who gives this one may watch and no more. */
  readonly viewOnlyPassword?: string
}

/** Bytes of a DES key, and so of a password. */
export const passwordBytes = 8
const challengeBytes = 16

/** The password as a DES key: padded with zeros, each byte's bits in reverse (RFC 6143, 7.2.2 and its errata). */
export function desKey(password: string): Buffer {
  const key = Buffer.alloc(passwordBytes)
  key.set(Buffer.from(password, 'utf8').subarray(0, passwordBytes))
  return key.map((byte) => {
    let mirrored = 0
    for (let bit = 0; bit < 8; bit++) mirrored |= ((byte >> bit) & 1) << (7 - bit)
    return mirrored
  }) as Buffer
}

/**
 * What a viewer that knows the password answers. Triple DES with one key three times is DES, which OpenSSL 3 has no more.
 */
export function answerTo(challenge: Uint8Array, password: string): Buffer {
  const key = desKey(password)
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null).setAutoPadding(false)
  return Buffer.concat([cipher.update(challenge), cipher.final()])
}

function checkPasswords({ password, viewOnlyPassword }: VncAuthOptions): void {
  if (!password || viewOnlyPassword === '') {
    throw new InvalidArgumentError('password: expected at least one character, received none')
  }
  const significant = (text: string) => Buffer.from(text, 'utf8').subarray(0, passwordBytes)
  if (viewOnlyPassword !== undefined && significant(password).equals(significant(viewOnlyPassword))) {
    throw new InvalidArgumentError(
      `viewOnlyPassword: expected another one than password; VNC compares the first ${passwordBytes} bytes only`,
    )
  }
}

/**
 * VNC Authentication: challenge and response (RFC 6143, 7.2.2).
 * @throws InvalidArgumentError for a password that is empty, or two that VNC cannot tell apart
 */
export function vncAuth(options: VncAuthOptions): SecurityType {
  checkPasswords(options)
  const { password, viewOnlyPassword } = options
  function judge(challenge: Uint8Array, answer: Uint8Array): Verdict {
    // Both are always compared, in constant time, so that the time tells nothing.
    const full = timingSafeEqual(answer, answerTo(challenge, password))
    const watching = timingSafeEqual(answer, answerTo(challenge, viewOnlyPassword ?? password))
    if (!full && !watching) return { ok: false, reason: 'Wrong password' }
    return { ok: true, viewOnly: !full }
  }

  return {
    id: securityTypes.vncAuth,
    open: false,
    begin() {
      const challenge = randomBytes(challengeBytes)
      return {
        opening: challenge,
        advance: (reader) =>
          reader.available < challengeBytes ? undefined : judge(challenge, reader.bytes(challengeBytes)),
      }
    },
  }
}
