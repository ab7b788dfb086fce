import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import type { Picture } from './pictures.js'
import type { Target } from './viewers.js'
import { des, passwordBytes } from './vnc-password.js'

/** RFC 6143's numbers. */
const security = { none: 1, vncAuth: 2 } as const
const message = {
  setPixelFormat: 0,
  setEncodings: 2,
  framebufferUpdateRequest: 3,
  keyEvent: 4,
  pointerEvent: 5,
} as const
/** xrgb8888, little-endian: 32 bits a pixel of which 24 are used, true colour (7.4). */
const pixelFormat = Buffer.from([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0])

/**
 * The plainest viewer there can be: protocol 3.8, Raw, one request at a time. It is there for what real viewers do not
 * tell: the picture as it was when the server hung up, and input of which every event is known.
 */
export class RawViewer {
  readonly width: number
  readonly height: number
  readonly #socket: Socket
  readonly #pixels: Buffer
  /** Resolves when the server has ended the connection. */
  readonly ended: Promise<void>
  #waiting: (() => void)[] = []

  static async connect(t: TestContext, { host, port, password }: Target): Promise<RawViewer> {
    const socket = connect({ host, port, noDelay: true })
    t.after(() => void socket.destroy())
    await once(socket, 'connect')
    const input = new Reader(socket)
    await input.take(12)
    socket.write('RFB 003.008\n')
    const [count] = await input.take(1)
    const offered = await input.take(count!)
    const type = password === undefined ? security.none : security.vncAuth
    if (!offered.includes(type)) throw new Error(`security type ${type} is not offered: ${[...offered]}`)
    socket.write(Buffer.from([type]))
    if (password !== undefined) socket.write(des(passwordKey(password), await input.take(16)))
    const result = (await input.take(4)).readUInt32BE()
    if (result !== 0) throw new Error('the server refused the password')
    socket.write(Buffer.from([1]))
    const init = await input.take(24)
    await input.take(init.readUInt32BE(20))
    return new RawViewer(socket, input, init.readUInt16BE(0), init.readUInt16BE(2))
  }

  private constructor(socket: Socket, input: Reader, width: number, height: number) {
    this.width = width
    this.height = height
    this.#socket = socket
    this.#pixels = Buffer.alloc(width * height * 4)
    socket.write(Buffer.concat([Buffer.from([message.setPixelFormat, 0, 0, 0]), pixelFormat]))
    socket.write(Buffer.from([message.setEncodings, 0, 0, 1, 0, 0, 0, 0]))
    this.#request(false)
    this.ended = this.#read(input).catch((error) => {
      if (!(error instanceof EndedError)) throw error
    })
    this.ended.catch(() => undefined)
  }

  /** What it shows now. */
  picture(): Picture {
    const rgb = new Uint8Array(this.width * this.height * 3)
    for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
      rgb[to] = this.#pixels[from + 2]!
      rgb[to + 1] = this.#pixels[from + 1]!
      rgb[to + 2] = this.#pixels[from]!
    }
    return { width: this.width, height: this.height, rgb }
  }

  /** Resolves after the first update from which on the picture is as wanted, and rejects when the server ends first. */
  async shows(isWanted: (picture: Picture) => boolean): Promise<void> {
    const ended = this.ended.then(() => Promise.reject(new Error('the server ended the connection')))
    ended.catch(() => undefined)
    while (!isWanted(this.picture())) {
      await Promise.race([new Promise<void>((resolve) => this.#waiting.push(resolve)), ended])
    }
  }

  /** Asks for the whole picture again, and waits for what comes next. */
  async refresh(): Promise<void> {
    const next = new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#request(false)
    await next
  }

  /** What the server sends piles up in the system. */
  stopReading(): void {
    this.#socket.pause()
  }

  /** @param keysym as of X11's keysymdef.h */
  key(keysym: number, down: boolean): void {
    const event = Buffer.alloc(8)
    event.writeUInt8(message.keyEvent)
    event.writeUInt8(Number(down), 1)
    event.writeUInt32BE(keysym, 4)
    this.#socket.write(event)
  }

  /** Moves without a button, presses the left one, and releases it. */
  click(x: number, y: number): void {
    for (const buttons of [0, 1, 0]) {
      const event = Buffer.from([message.pointerEvent, buttons, 0, 0, 0, 0])
      event.writeUInt16BE(x, 2)
      event.writeUInt16BE(y, 4)
      this.#socket.write(event)
    }
  }

  #request(incremental: boolean): void {
    const request = Buffer.alloc(10)
    request.writeUInt8(message.framebufferUpdateRequest)
    request.writeUInt8(Number(incremental), 1)
    request.writeUInt16BE(this.width, 6)
    request.writeUInt16BE(this.height, 8)
    this.#socket.write(request)
  }

  async #read(input: Reader): Promise<void> {
    for (;;) {
      const [type] = await input.take(1)
      if (type === 0) await this.#update(input)
      else if (type !== 2) throw new Error(`message ${type} was not expected`)
    }
  }

  async #update(input: Reader): Promise<void> {
    const count = (await input.take(3)).readUInt16BE(1)
    for (let i = 0; i < count; i++) {
      const head = await input.take(12)
      const [x, y, width, height] = [0, 2, 4, 6].map((at) => head.readUInt16BE(at)) as [
        number,
        number,
        number,
        number,
      ]
      if (head.readInt32BE(8) !== 0) throw new Error(`encoding ${head.readInt32BE(8)} was not asked for`)
      const pixels = await input.take(width * height * 4)
      for (let row = 0; row < height; row++) {
        pixels.copy(this.#pixels, ((y + row) * this.width + x) * 4, row * width * 4, (row + 1) * width * 4)
      }
    }
    this.#request(true)
    for (const wake of this.#waiting.splice(0)) wake()
  }
}

/** VncAuth's key: the password with the bits of each byte the other way round (RFC 6143, 7.2.2). */
function passwordKey(password: string): Buffer {
  return passwordBytes(password).map((byte) =>
    Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2),
  ) as Buffer
}

class EndedError extends Error {}

/** A stream's bytes, as many as asked for. */
class Reader {
  readonly #chunks: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(socket: Socket) {
    this.#chunks = socket[Symbol.asyncIterator]()
  }

  async take(count: number): Promise<Buffer> {
    const parts = [this.#rest]
    let length = this.#rest.length
    while (length < count) {
      // A reset is an end, too.
      const { value, done } = await this.#chunks.next().catch(() => ({ value: undefined, done: true }))
      if (done) throw new EndedError('the server ended the connection')
      parts.push(value!)
      length += value!.length
    }
    const all = Buffer.concat(parts)
    this.#rest = all.subarray(count)
    return all.subarray(0, count)
  }
}
