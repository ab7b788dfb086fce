import { ProtocolError } from '../errors.js'
import type { ProtocolVersion } from './protocol.js'
import type { Reader } from './reader.js'
import type { SecurityExchange, SecurityType, Verdict } from './security/security-type.js'
import { protocolVersion, securityResult, securityTypeChosen, securityTypeList } from './writer.js'

/** What a handshake has come to. */
export type HandshakeEvent =
  /** To be confirmed by announce(), maybe after a while. */
  | { readonly type: 'verdict'; readonly verdict: Verdict }
  /** ClientInit is read: ServerInit and all the rest follow. */
  | { readonly type: 'done'; readonly viewOnly: boolean }

const versionBytes = 12

/**
 * RFC 6143, 7.1.1: what is newer than 3.8 is spoken to as 3.8; whatever is not 3.7 is taken for 3.3 below that.
 * @throws ProtocolError for what is no version
 */
export function agreeOnVersion(line: string): ProtocolVersion {
  const match = /^RFB (\d{3})\.(\d{3})\n$/.exec(line)
  if (!match || Number(match[1]) < 3) {
    throw new ProtocolError(`expected "RFB 003.008" and a line's end, received ${JSON.stringify(line)}`)
  }
  const [major, minor] = [Number(match[1]), Number(match[2])]
  if (major > 3 || minor >= 8) return '3.8'
  return minor === 7 ? '3.7' : '3.3'
}

/**
 * From a viewer's first byte to its ClientInit (RFC 6143, 7.1 to 7.3.1). Knows nothing of sockets and of time: bytes
 * come by a reader, and go by `send`.
 */
export class Handshake {
  readonly #types: readonly SecurityType[]
  readonly #send: (bytes: Uint8Array) => void
  #version: ProtocolVersion = '3.3'
  #type!: SecurityType
  #exchange!: SecurityExchange
  #viewOnly = false
  /** Takes the next step, and says if it could: false while more bytes are needed. */
  #step: (reader: Reader) => boolean = (reader) => this.#readVersion(reader)
  #event: HandshakeEvent | undefined

  /** @param types in order of preference; 3.3 gets the first */
  constructor(types: readonly SecurityType[], send: (bytes: Uint8Array) => void) {
    this.#types = types
    this.#send = send
    send(protocolVersion())
  }

  /**
   * Goes as far as the bytes last.
   * @returns undefined while more bytes are needed
   * @throws ProtocolError for what no viewer may say
   */
  advance(reader: Reader): HandshakeEvent | undefined {
    this.#event = undefined
    while (!this.#event && this.#step(reader)) {
      // Each step sets the next one.
    }
    return this.#event
  }

  /** Tells the viewer. If it is refused, that was the last word. */
  announce(verdict: Verdict): void {
    if (verdict.ok) {
      this.#viewOnly = verdict.viewOnly
      if (!this.#type.open || this.#version === '3.8') this.#send(securityResult(true))
      this.#step = (reader) => this.#readClientInit(reader)
    } else {
      this.#send(securityResult(false, this.#version === '3.8' ? verdict.reason : undefined))
    }
  }

  #readVersion(reader: Reader): boolean {
    if (reader.available < versionBytes) return false
    this.#version = agreeOnVersion(Buffer.from(reader.bytes(versionBytes)).toString('latin1'))
    if (this.#version === '3.3') {
      const type = this.#types[0]!
      this.#send(securityTypeChosen(type.id))
      this.#begin(type)
    } else {
      this.#send(securityTypeList(this.#types.map(({ id }) => id)))
      this.#step = (reader) => this.#readSecurityType(reader)
    }
    return true
  }

  #readSecurityType(reader: Reader): boolean {
    if (reader.available < 1) return false
    const id = reader.u8()
    const type = this.#types.find((offered) => offered.id === id)
    if (!type) {
      const reason = `Security type ${id} was not offered`
      this.#send(securityResult(false, this.#version === '3.8' ? reason : undefined))
      throw new ProtocolError(reason)
    }
    this.#begin(type)
    return true
  }

  #begin(type: SecurityType): void {
    this.#type = type
    this.#exchange = type.begin()
    if (this.#exchange.opening.length > 0) this.#send(this.#exchange.opening)
    this.#step = (reader) => this.#readSecurity(reader)
  }

  #readSecurity(reader: Reader): boolean {
    const verdict = this.#exchange.advance(reader)
    if (!verdict) return false
    this.#event = { type: 'verdict', verdict }
    // Nothing goes on before announce().
    this.#step = () => false
    return true
  }

  /** The shared flag is ignored: nobody is thrown out by a viewer that wants to be alone (several say so unasked). */
  #readClientInit(reader: Reader): boolean {
    if (reader.available < 1) return false
    reader.skip(1)
    this.#event = { type: 'done', viewOnly: this.#viewOnly }
    this.#step = () => false
    return true
  }
}
