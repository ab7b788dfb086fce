import type { Reader } from '../reader.js'

/** What a viewer is let in as, or why it is not. */
export type Verdict =
  | { readonly ok: true; readonly viewOnly: boolean }
  | { readonly ok: false; readonly reason: string }

/** One viewer's way through a security type. */
export interface SecurityExchange {
  /** What the server says first; may be empty. */
  readonly opening: Uint8Array
  /** Uses up what it needs. @returns undefined while more bytes are needed */
  advance(reader: Reader): Verdict | undefined
}

/** A way to tell who is a viewer: one file each. */
export interface SecurityType {
  /** Its number (RFC 6143, 7.1.2). */
  readonly id: number
  /** True: who has come this far is let in unseen, and no SecurityResult is sent before 3.8. */
  readonly open: boolean
  begin(): SecurityExchange
}
