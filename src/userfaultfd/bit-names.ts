import { InvalidArgumentError } from '../errors.js'
import { kindOf } from './received.js'

/** Names for the bits of a kernel's mask. */
export class BitNames<Name extends string> {
  readonly #what: string
  readonly #bits: ReadonlyMap<Name, bigint>

  /**
   * @param what one of them is called, in errors
   * @param bits the number of each one's bit
   */
  constructor(what: string, bits: Readonly<Record<Name, number>>) {
    this.#what = what
    this.#bits = new Map(Object.entries<number>(bits).map(([name, bit]) => [name as Name, 1n << BigInt(bit)]))
  }

  /** @throws InvalidArgumentError for a name that is none, and for no list of them */
  maskOf(names: readonly Name[]): bigint {
    if (!Array.isArray(names)) {
      throw new InvalidArgumentError(`${this.#what}: expected a list of names, received ${kindOf(names)}`)
    }
    return names.reduce((mask, name) => {
      const bit = this.#bits.get(name)
      if (bit === undefined) {
        const expected = [...this.#bits.keys()].join(', ')
        throw new InvalidArgumentError(`${this.#what}: expected one of ${expected}, received ${name}`)
      }
      return mask | bit
    }, 0n)
  }

  /** Bits without a name are left out. */
  namesOf(mask: bigint): Name[] {
    return [...this.#bits].filter(([, bit]) => mask & bit).map(([name]) => name)
  }
}
