import { setTimeout as delay } from 'node:timers/promises'
import { InputStalledError, InvalidArgumentError } from '../errors.js'
import type { GuestInput } from './guest-input.js'
import type { Stroke } from './layout.js'
import { type StrokeOptions, toStrokes } from './strokes.js'

export interface TypeOptions extends StrokeOptions {
  /** From one key to the next: so long may a program take with each. 0 to 1000. Default: 2. */
  intervalMs?: number
  /** A guest that takes nothing for so long is given up. Default: 10 000. */
  stallMs?: number
  /** Ends it before its time; keys that are down are released. */
  signal?: AbortSignal
}

/** Texts that wait for another one to be typed to its end; more are refused. */
const maxWaiting = 16
const maxIntervalMs = 1000

/** Types text as keys, one text after the other. */
export class Typist {
  readonly #guest: GuestInput
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(guest: GuestInput) {
    this.#guest = guest
  }

  /**
   * Resolves when the last key is on its way to the guest. Never faster than the guest takes keys, so that none is lost.
   * @throws InvalidArgumentError an option out of range, a key's name that is none
   * @throws CannotTypeError the layout has no keys for the text; nothing was typed
   * @throws InputStalledError the guest took nothing for `stallMs`, or too many texts wait
   */
  async type(text: string, options: TypeOptions = {}): Promise<void> {
    const strokes = toStrokes(text, options)
    const { intervalMs = 2 } = options
    if (!(intervalMs >= 0 && intervalMs <= maxIntervalMs)) {
      throw new InvalidArgumentError(`intervalMs: expected 0 to ${maxIntervalMs}, received ${intervalMs}`)
    }
    if (this.#waiting >= maxWaiting) {
      throw new InputStalledError(
        `expected at most ${maxWaiting} texts that wait to be typed: try again later`,
      )
    }
    this.#waiting++
    const typed = this.#turn.then(() => this.#typeAll(strokes, intervalMs, options))
    this.#turn = typed.catch(() => undefined).finally(() => this.#waiting--)
    await typed
  }

  async #typeAll(strokes: readonly Stroke[], intervalMs: number, options: TypeOptions): Promise<void> {
    const source = this.#guest.open()
    try {
      for (const [i, stroke] of strokes.entries()) {
        options.signal?.throwIfAborted()
        await this.#room(options)
        for (const code of stroke) source.key(code, true)
        for (const code of stroke.toReversed()) source.key(code, false)
        // Also with no interval the event loop has its turn.
        if (i < strokes.length - 1) await pause(intervalMs, options.signal)
      }
    } finally {
      source.close()
    }
  }

  async #room({ stallMs = 10_000, signal }: TypeOptions): Promise<void> {
    if (!this.#guest.room()) return
    const patience = new AbortController()
    const ended = AbortSignal.any([patience.signal, ...(signal ? [signal] : [])])
    const stalled = delay(stallMs, true, { signal: ended }).catch(() => false)
    try {
      for (let room = this.#guest.room(); room; room = this.#guest.room()) {
        if (await Promise.race([room.then(() => false), stalled])) {
          throw new InputStalledError(
            `the guest took no input for ${stallMs} ms: what was left was not typed`,
          )
        }
        signal?.throwIfAborted()
      }
    } finally {
      patience.abort()
    }
  }
}

/** Ends with the signal's own reason. */
async function pause(intervalMs: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(intervalMs, undefined, { signal }).catch(() => signal?.throwIfAborted())
}
