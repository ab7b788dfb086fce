import type { DeviceMemory } from '../native/binding.js'
import { binding } from '../native/load.js'
import { info, peer } from './layout.js'

export type Side = 'backend' | 'frontend'
export type PeerWord = 'state' | 'generation' | 'storeSerial' | 'allDirty' | 'dropped'

/** The words that one side writes in the info page, and the other one reads at any time. */
export class PeerWords {
  readonly #memory: DeviceMemory
  readonly #offset: number

  constructor(memory: DeviceMemory, side: Side) {
    this.#memory = memory
    this.#offset = info.offsets[side]
  }

  load(word: PeerWord): number {
    return binding.loadWord(this.#memory, this.#offset + peer.offsets[word])
  }

  store(word: PeerWord, value: number): void {
    binding.storeWord(this.#memory, this.#offset + peer.offsets[word], value >>> 0)
  }

  exchange(word: PeerWord, value: number): number {
    return binding.exchangeWord(this.#memory, this.#offset + peer.offsets[word], value >>> 0)
  }

  /** Of a word that this side alone writes. */
  increment(word: PeerWord): void {
    this.store(word, this.load(word) + 1)
  }
}
