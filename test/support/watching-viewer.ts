import type { TestContext } from 'node:test'
import type { Picture } from './pictures.js'
import { RfbClient } from './rfb-client.js'
import { keyEvent, pointerEvent } from './rfb-messages.js'
import type { Target } from './viewers.js'

const xrgb8888 = { bitsPerPixel: 32, depth: 24, max: [255, 255, 255], shift: [16, 8, 0] } as const
const [raw, desktopSize] = [0, -223]

/**
 * A viewer that watches as a person's does, and tells what real ones do not: each change as it comes, the picture as it
 * was when the server hung up.
 */
export class WatchingViewer {
  readonly #client: RfbClient
  /** Resolves when the server has ended the connection. */
  readonly ended: Promise<void>
  #waiting: (() => void)[] = []

  /** @throws Refused as RfbClient does */
  static async connect(t: TestContext, target: Target): Promise<WatchingViewer> {
    const { host, port, password } = target
    const client = await RfbClient.connect({ host, port, ...(password !== undefined && { password }) })
    t.after(() => client.close())
    client.setPixelFormat(xrgb8888)
    client.setEncodings(raw, desktopSize)
    return new WatchingViewer(client)
  }

  private constructor(client: RfbClient) {
    this.#client = client
    this.ended = this.#watch()
  }

  /** What it shows now. */
  picture(): Picture {
    const { width, height, pixels } = this.#client
    const rgb = new Uint8Array(width * height * 3)
    for (let pixel = 0, to = 0; pixel < pixels.length; pixel++) {
      const value = pixels[pixel]!
      rgb[to++] = value >> 16
      rgb[to++] = value >> 8
      rgb[to++] = value
    }
    return { width, height, rgb }
  }

  /** Resolves with the update that makes the picture as wanted. Rejects when the server ends before. */
  async shows(isWanted: (picture: Picture) => boolean): Promise<void> {
    while (!isWanted(this.picture())) await this.#next()
  }

  /** Asks for the whole picture again, and waits for what comes next. */
  async refresh(): Promise<void> {
    this.#client.request(false)
    await this.#next()
  }

  /** What the server sends piles up in the system. */
  stopReading(): void {
    this.#client.socket.pause()
  }

  /** @param keysym as of X11's keysymdef.h */
  key(keysym: number, down: boolean): void {
    this.#client.socket.write(keyEvent(keysym, down))
  }

  /** Moves without a button, presses the left one, and releases it. */
  click(x: number, y: number): void {
    for (const mask of [0, 1, 0]) this.#client.socket.write(pointerEvent(mask, x, y))
  }

  async #next(): Promise<void> {
    const ended = this.ended.then(() => Promise.reject(new Error('the server ended the connection')))
    await Promise.race([new Promise<void>((resolve) => this.#waiting.push(resolve)), ended])
  }

  async #watch(): Promise<void> {
    this.#client.request(false)
    try {
      for (;;) {
        await this.#client.nextUpdate()
        this.#client.request(true)
        for (const wake of this.#waiting.splice(0)) wake()
      }
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('the server closed'))) throw error
    }
  }
}
