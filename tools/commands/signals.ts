import { constants } from 'node:os'

/** What asks the program to end. Without a handler each would end it at once, and leave sockets behind. */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A shell's exit status for a process that a signal ended (POSIX, 2.8.2). */
export function statusOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

/** The signals that end the program, as long as it is not disposed. */
export class EndingSignals {
  readonly received: Promise<NodeJS.Signals>
  readonly #handler: (signal: NodeJS.Signals) => void

  constructor() {
    const { promise, resolve } = withResolver<NodeJS.Signals>()
    this.received = promise
    let first: NodeJS.Signals | undefined
    this.#handler = (signal) => {
      // Asked a second time: whoever asks will not wait. What removes sockets runs at exit all the same.
      if (first) process.exit(statusOfSignal(signal))
      first = signal
      resolve(signal)
    }
    for (const signal of endingSignals) process.on(signal, this.#handler)
  }

  [Symbol.dispose](): void {
    for (const signal of endingSignals) process.off(signal, this.#handler)
  }
}

function withResolver<T>() {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
