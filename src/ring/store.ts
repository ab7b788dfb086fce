import { InvalidArgumentError } from '../errors.js'
import type { DeviceMemory } from '../native/binding.js'
import { info, storeBytes } from './layout.js'
import { PeerWords, type Side } from './peer.js'

/** What a side says that it can do and wants: Xen's keys and ours (docs/protocol.md). */
export type Store = ReadonlyMap<string, string>

const keyPattern = /^[a-z0-9-]+$/
const newline = 10
const valuePattern = /^[ -~]*$/
/** Of a value that counts something. */
const largestNumber = 2 ** 32 - 1

/**
 * The lines that are right; others say nothing. Of a key that is there twice, the first line counts. Without a zero byte
 * at the end the last line is not whole, and so says nothing either.
 */
export function parseStore(raw: Uint8Array): Store {
  const end = raw.indexOf(0)
  const whole = raw.subarray(0, end < 0 ? raw.lastIndexOf(newline) + 1 : end)
  const store = new Map<string, string>()
  for (const line of Buffer.from(whole).toString('latin1').split('\n')) {
    const equals = line.indexOf('=')
    const key = line.slice(0, equals)
    const value = line.slice(equals + 1)
    if (equals > 0 && keyPattern.test(key) && valuePattern.test(value) && !store.has(key))
      store.set(key, value)
  }
  return store
}

/** @throws InvalidArgumentError where a key or value has other letters, or all of it needs more than 1536 bytes */
export function formatStore(store: Iterable<readonly [key: string, value: string | number]>): Uint8Array {
  let lines = ''
  for (const [key, value] of store) {
    if (!keyPattern.test(key) || !valuePattern.test(String(value))) {
      throw new InvalidArgumentError(
        `store: expected a key of a-z, 0-9 and - and a value of printable ASCII, received ${key}=${value}`,
      )
    }
    lines += `${key}=${value}\n`
  }
  if (lines.length >= storeBytes) {
    throw new InvalidArgumentError(`store: expected fewer than ${storeBytes} bytes, received ${lines.length}`)
  }
  const raw = new Uint8Array(storeBytes)
  raw.set(Buffer.from(lines, 'latin1'))
  return raw
}

/** A value that is a number: 0 where it is not there, or is none up to 2^32 - 1. */
export function storeNumber(store: Store, key: string): number {
  const value = store.get(key) ?? '0'
  const number = /^\d{1,10}$/.test(value) ? Number(value) : 0
  return number <= largestNumber ? number : 0
}

/** True where a feature is offered or requested. */
export function storeHas(store: Store, key: string): boolean {
  return storeNumber(store, key) !== 0
}

function bytesOf(memory: DeviceMemory, side: Side): Uint8Array {
  const offset = side === 'backend' ? info.offsets.backendStore : info.offsets.frontendStore
  return new Uint8Array(memory.untracked, offset, storeBytes)
}

/**
 * @returns undefined where the other side is just writing it. It rings when it is done
 */
export function readStore(memory: DeviceMemory, side: Side): Store | undefined {
  const words = new PeerWords(memory, side)
  const serial = words.load('storeSerial')
  const raw = bytesOf(memory, side).slice()
  const isWhole = serial % 2 === 0 && words.load('storeSerial') === serial
  return isWhole ? parseStore(raw) : undefined
}

/**
 * Writes this side's own store.
 * @throws InvalidArgumentError as formatStore()
 */
export function writeStore(
  memory: DeviceMemory,
  side: Side,
  store: Iterable<readonly [key: string, value: string | number]>,
): void {
  const raw = formatStore(store)
  const words = new PeerWords(memory, side)
  // Odd already where an earlier one of this side died in the middle.
  const writing = (words.load('storeSerial') | 1) >>> 0
  words.exchange('storeSerial', writing)
  bytesOf(memory, side).set(raw)
  words.exchange('storeSerial', writing + 1)
}
