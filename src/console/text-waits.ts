import type { IDisposable, IMarker, Terminal } from '@xterm/headless'
import { InvalidArgumentError, TimeoutError } from '../errors.js'
import { screenText, textFrom } from './screen-text.js'

export interface WaitOptions {
  /** Default: no limit. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Longest time that a timer of Node's takes. */
const maxMs = 2 ** 31 - 1

function checkMs(what: string, value: number | undefined): void {
  if (value === undefined || (value >= 0 && value <= maxMs)) return
  throw new InvalidArgumentError(`${what}: expected 0 to ${maxMs} ms, received ${value}`)
}

/** Where the screen began at the last look: between two, lines may scroll out of it, and out of the scrollback. */
class ScreenTop {
  readonly #terminal: Terminal
  #marker: IMarker | undefined

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    this.advance()
  }

  /** @returns the line to look from */
  advance(): number {
    const { type, baseY, cursorY } = this.#terminal.buffer.active
    const marked = this.#marker?.isDisposed ? 0 : (this.#marker?.line ?? baseY)
    this.close()
    if (type === 'alternate') return baseY
    this.#marker = this.#terminal.registerMarker(-cursorY)
    return Math.min(marked, baseY)
  }

  close(): void {
    this.#marker?.dispose()
    this.#marker = undefined
  }
}

/** Waits for what a terminal's screen shows. */
export class TextWaits {
  readonly #terminal: Terminal
  readonly #ended: AbortSignal

  /** @param ended where nothing comes any more: what is waited for fails with its reason */
  constructor(terminal: Terminal, ended: AbortSignal) {
    this.#terminal = terminal
    this.#ended = ended
  }

  /**
   * Resolves when the screen shows what the pattern describes, at once if it does. Lines that come and scroll out of it are
   * looked at too.
   * @throws TimeoutError
   */
  async waitFor(pattern: RegExp, options: WaitOptions = {}): Promise<RegExpExecArray> {
    // A global one would remember where it stopped.
    const once = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''))
    const top = new ScreenTop(this.#terminal)
    const look = () => once.exec(textFrom(this.#terminal, top.advance())) ?? undefined
    try {
      return await this.#wait(look, `the pattern ${pattern} did not show`, options)
    } finally {
      top.close()
    }
  }

  /** Resolves when the screen's text has not changed for so long. @throws TimeoutError */
  async waitStable(stableMs: number, options: WaitOptions = {}): Promise<void> {
    checkMs('stableMs', stableMs)
    let last = screenText(this.#terminal)
    let timer: NodeJS.Timeout | undefined
    let resolve!: () => void
    const stable = new Promise<true>((done) => {
      resolve = () => done(true)
    })
    const start = () => {
      clearTimeout(timer)
      timer = setTimeout(resolve, stableMs)
    }
    start()
    const look = () => {
      const text = screenText(this.#terminal)
      if (text !== last) start()
      last = text
      return undefined
    }
    try {
      await this.#wait<true>(look, `the screen was not still for ${stableMs} ms`, options, stable)
    } finally {
      clearTimeout(timer)
    }
  }

  async #wait<T>(
    look: () => T | undefined,
    what: string,
    { timeoutMs, signal }: WaitOptions,
    done?: Promise<T>,
  ): Promise<T> {
    checkMs('timeoutMs', timeoutMs)
    signal?.throwIfAborted()
    const found = look()
    if (found !== undefined) return found
    const ends = [this.#ended, ...(signal ? [signal] : [])]
    let parsed: IDisposable | undefined
    let timer: NodeJS.Timeout | undefined
    let abort: (() => void) | undefined
    try {
      return await new Promise<T>((resolve, reject) => {
        parsed = this.#terminal.onWriteParsed(() => {
          const answer = look()
          if (answer !== undefined) resolve(answer)
        })
        done?.then(resolve)
        if (timeoutMs !== undefined) {
          timer = setTimeout(() => reject(new TimeoutError(`${what} within ${timeoutMs} ms`)), timeoutMs)
        }
        abort = () => reject(ends.find(({ aborted }) => aborted)!.reason)
        for (const end of ends) end.addEventListener('abort', abort)
        if (ends.some(({ aborted }) => aborted)) abort()
      })
    } finally {
      parsed?.dispose()
      clearTimeout(timer)
      for (const end of ends) end.removeEventListener('abort', abort!)
    }
  }
}
