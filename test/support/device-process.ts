import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { start } from './child.js'
import { testGuest } from './test-guest.js'

/** A process that makes calls of umfb_device.h for a test: native/client/test/device.c. */
export class DeviceProcess {
  readonly child: ChildProcess
  readonly #lines: AsyncIterator<string>
  /** Lines that are no results, as they came: "event key 30 1". */
  readonly said: string[] = []

  constructor(t: TestContext, socket: string) {
    this.child = start(t, testGuest, ['device'], {
      env: { ...process.env, UMFB_SOCKET: socket },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]()
  }

  /** @returns what the call returned */
  async call(name: string, ...values: readonly (number | bigint)[]): Promise<number> {
    this.child.stdin!.write(`${[name, ...values].join(' ')}\n`)
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done) throw new Error(`the process ended in ${name}`)
      if (value.startsWith('= ')) return Number(value.slice(2))
      this.said.push(value)
    }
  }

  /** Lets the process look after its device until there is an answer. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await this.call('turn')
  }

  /** Resolves when the process has said the line, which is taken then, and all before it. */
  async says(line: string): Promise<void> {
    await this.until(() => this.said.includes(line))
    this.said.splice(0, this.said.indexOf(line) + 1)
  }

  /** What the events of now are, as lines without "event ". */
  async events(): Promise<string[]> {
    await this.call('events')
    return this.said.splice(0).map((line) => line.replace(/^event /, ''))
  }
}

/** Bytes of an image, as the process makes them of a number. */
export function imageOf(seed: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => seed + i * 37 + Math.floor(i / 256) * 11)
}
