import { createCipheriv } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { constants, createInflate } from 'node:zlib'
import * as messages from './rfb-messages.js'
import { type CpixelForm, decodeZrle } from './zrle-decoder.js'

export interface RfbClientOptions {
  port: number
  host?: string
  /** What the client says it speaks. Default: '003.008'. */
  version?: string
  password?: string
  /** Asked for whatever is offered. */
  securityType?: number
}

export interface UpdateRect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly encoding: number
}

/** Bytes of a socket, to be awaited. */
class ByteSource {
  #buffer: Buffer = Buffer.alloc(0)
  #wake: (() => void) | undefined
  #ended = false

  constructor(socket: Socket) {
    socket.on('data', (chunk) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk])
      this.#wake?.()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#ended = true
      this.#wake?.()
    })
  }

  async read(count: number): Promise<Buffer> {
    while (this.#buffer.length < count) {
      if (this.#ended) throw new Error(`the server closed with ${this.#buffer.length} of ${count} bytes sent`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const bytes = this.#buffer.subarray(0, count)
    this.#buffer = this.#buffer.subarray(count)
    return bytes
  }

  /** Resolves when the server has closed; with what was left. */
  async end(): Promise<Buffer> {
    while (!this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#buffer
  }

  async u8(): Promise<number> {
    return (await this.read(1)).readUInt8()
  }

  async u16(): Promise<number> {
    return (await this.read(2)).readUInt16BE()
  }

  async u32(): Promise<number> {
    return (await this.read(4)).readUInt32BE()
  }

  async text(): Promise<string> {
    return (await this.read(await this.u32())).toString('utf8')
  }
}

/** The server said no, in the handshake. */
export class Refused extends Error {}

function desAnswer(challenge: Buffer, password: string): Buffer {
  const mirror = (byte: number) =>
    Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2)
  const key = Buffer.from(Buffer.from(password.slice(0, 8).padEnd(8, '\0'), 'latin1').map(mirror))
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null).setAutoPadding(false)
  return Buffer.concat([cipher.update(challenge), cipher.final()])
}

/** A viewer for tests: every protocol version, Raw, CopyRect and ZRLE, every pixel format; strict about all that it is sent. */
export class RfbClient {
  readonly socket: Socket
  readonly bytes: ByteSource
  width = 0
  height = 0
  name = ''
  /** A pixel's bytes as they came, as a little-endian number. */
  pixels = new Uint32Array(0)
  /** 16 bits a component, as SetColourMapEntries said. */
  colourMap: (readonly [number, number, number])[] = []
  /** How often it was told. */
  colourMaps = 0
  /** What ExtendedDesktopSize said, newest last. */
  readonly sizes: { reason: number; status: number; width: number; height: number; screens: Buffer }[] = []
  /** The newest shape that Cursor, or Cursor With Alpha, brought: the bytes behind the rect's header. */
  cursor: (UpdateRect & { readonly bytes: Buffer }) | undefined
  /** Where PointerPos put the pointer last. */
  pointer: readonly [number, number] | undefined
  bells = 0
  /** The server said that it understands extended key events. */
  extendedKeys = false
  serverFormat: Buffer = Buffer.alloc(0)
  #format: messages.WireFormat = { bitsPerPixel: 32, depth: 24, max: [255, 255, 255], shift: [16, 8, 0] }
  readonly #inflate = createInflate({ flush: constants.Z_SYNC_FLUSH, ...{ readableHighWaterMark: 2 ** 26 } })

  private constructor(socket: Socket) {
    this.socket = socket.setNoDelay()
    this.bytes = new ByteSource(socket)
  }

  /** @throws Refused */
  static async connect(options: RfbClientOptions): Promise<RfbClient> {
    const client = new RfbClient(connect({ host: options.host ?? '127.0.0.1', port: options.port }))
    try {
      await client.#handshake(options)
    } catch (error) {
      client.close()
      throw error
    }
    return client
  }

  async #handshake({ version = '003.008', password, securityType }: RfbClientOptions): Promise<void> {
    const offered = (await this.bytes.read(12)).toString('latin1')
    if (offered !== 'RFB 003.008\n') throw new Error(`the server speaks ${offered}`)
    this.socket.write(`RFB ${version}\n`)
    const listed = version >= '003.007'
    const type = listed ? await this.#chooseSecurityType(password, securityType) : await this.bytes.u32()
    if (type === 0) throw new Refused(await this.bytes.text())
    if (type === 2) this.socket.write(desAnswer(await this.bytes.read(16), password ?? ''))
    if (type === 2 || version >= '003.008') {
      if ((await this.bytes.u32()) !== 0) {
        throw new Refused(version >= '003.008' ? await this.bytes.text() : 'no reason before 3.8')
      }
    }
    this.socket.write(Uint8Array.of(0))
    const head = await this.bytes.read(20)
    this.resize(head.readUInt16BE(0), head.readUInt16BE(2))
    this.serverFormat = head.subarray(4)
    this.name = await this.bytes.text()
  }

  async #chooseSecurityType(password: string | undefined, forced: number | undefined): Promise<number> {
    const count = await this.bytes.u8()
    if (count === 0) throw new Refused(await this.bytes.text())
    const types = await this.bytes.read(count)
    const type = forced ?? (password === undefined ? 1 : 2)
    if (forced === undefined && !types.includes(type)) throw new Refused(`offered: ${[...types]}`)
    this.socket.write(Uint8Array.of(type))
    return type
  }

  setPixelFormat(format: messages.WireFormat): void {
    this.#format = format
    this.socket.write(messages.setPixelFormat(format))
  }

  setEncodings(...encodings: number[]): void {
    this.socket.write(messages.setEncodings(encodings))
  }

  request(incremental: boolean, part?: readonly [number, number, number, number]): void {
    this.socket.write(messages.updateRequest(incremental, part ?? [0, 0, this.width, this.height]))
  }

  /** Asks for an update, and waits for it. */
  async update(
    incremental: boolean,
    part?: readonly [number, number, number, number],
  ): Promise<UpdateRect[]> {
    this.request(incremental, part)
    return this.nextUpdate()
  }

  /** Decodes the next update; colour maps on the way to it are taken. */
  async nextUpdate(): Promise<UpdateRect[]> {
    for (;;) {
      const type = await this.bytes.u8()
      if (type === 0) return this.#readUpdate()
      if (type === 2) {
        this.bells++
        continue
      }
      if (type !== 1) throw new Error(`message type ${type}`)
      await this.#readColourMap()
    }
  }

  /** Resolves when the server has closed the connection. */
  async closed(): Promise<void> {
    await this.bytes.end()
  }

  close(): void {
    this.socket.destroy()
    this.#inflate.close()
  }

  resize(width: number, height: number): void {
    this.width = width
    this.height = height
    this.pixels = new Uint32Array(width * height)
  }

  async #readColourMap(): Promise<void> {
    this.colourMaps++
    await this.bytes.read(1)
    const first = await this.bytes.u16()
    const count = await this.bytes.u16()
    for (let i = 0; i < count; i++) {
      this.colourMap[first + i] = [await this.bytes.u16(), await this.bytes.u16(), await this.bytes.u16()]
    }
  }

  async #readUpdate(): Promise<UpdateRect[]> {
    await this.bytes.read(1)
    const rects: UpdateRect[] = []
    for (let left = await this.bytes.u16(); left > 0; left--) {
      const head = await this.bytes.read(12)
      const [x, y, width, height] = [0, 2, 4, 6].map((at) => head.readUInt16BE(at)) as [
        number,
        number,
        number,
        number,
      ]
      const rect = { x, y, width, height, encoding: head.readInt32BE(8) }
      rects.push(rect)
      await this.#readRect(rect)
    }
    return rects
  }

  async #readRect({ x, y, width, height, encoding }: UpdateRect): Promise<void> {
    if (encoding === -258) {
      this.extendedKeys = true
      return
    }
    if (encoding === -223) {
      this.resize(width, height)
      return
    }
    if (encoding === -308) {
      const count = (await this.bytes.read(4)).readUInt8()
      const screens = await this.bytes.read(16 * count)
      this.sizes.push({ reason: x, status: y, width, height, screens })
      if (y === 0 && (width !== this.width || height !== this.height)) this.resize(width, height)
      return
    }
    if (encoding === -232) {
      this.pointer = [x, y]
      return
    }
    if (encoding === -239 || encoding === -314) {
      const pixelBytes = encoding === -314 ? 4 : this.#format.bitsPerPixel / 8
      const rest = encoding === -314 ? 4 : Math.ceil(width / 8) * height
      const bytes = await this.bytes.read(width * height * pixelBytes + rest)
      this.cursor = { x, y, width, height, encoding, bytes }
      return
    }
    if (width < 1 || height < 1 || x + width > this.width || y + height > this.height) {
      throw new Error(
        `a rect of ${width}x${height} at ${x},${y} in a framebuffer of ${this.width}x${this.height}`,
      )
    }
    const set = (dx: number, dy: number, pixel: number) => {
      this.pixels[(y + dy) * this.width + x + dx] = pixel
    }
    if (encoding === 0) {
      const bytes = this.#format.bitsPerPixel / 8
      const data = await this.bytes.read(width * height * bytes)
      for (let i = 0; i < width * height; i++)
        set(i % width, Math.floor(i / width), data.readUIntLE(i * bytes, bytes))
    } else if (encoding === 1) {
      this.#copyRect({ x, y, width, height }, await this.bytes.u16(), await this.bytes.u16())
    } else if (encoding === 16) {
      const tiles = await this.#inflated(await this.bytes.read(await this.bytes.u32()))
      decodeZrle(tiles, this.#cpixelForm(), { width, height, set })
    } else {
      throw new Error(`encoding ${encoding} was not asked for`)
    }
  }

  /** RFC 6143, 7.7.2: source and destination may overlap. */
  #copyRect({ x, y, width, height }: Omit<UpdateRect, 'encoding'>, fromX: number, fromY: number): void {
    if (fromX + width > this.width || fromY + height > this.height) {
      throw new Error(`a copy of ${width}x${height} from ${fromX},${fromY}: that is not all in the picture`)
    }
    const before = this.pixels.slice()
    for (let row = 0; row < height; row++) {
      const from = (fromY + row) * this.width + fromX
      this.pixels.set(before.subarray(from, from + width), (y + row) * this.width + x)
    }
  }

  async #inflated(bytes: Buffer): Promise<Buffer> {
    await new Promise<void>((resolve, reject) => {
      this.#inflate.write(bytes, (error) => (error ? reject(error) : resolve()))
    })
    return (this.#inflate.read() as Buffer | null) ?? Buffer.alloc(0)
  }

  /** RFC 6143, 7.7.5. */
  #cpixelForm(): CpixelForm {
    const { bitsPerPixel, depth, bigEndian, trueColour = true, max, shift } = this.#format
    const whole = { bytes: bitsPerPixel / 8, skipped: 0 }
    if (bitsPerPixel !== 32 || depth > 24 || !trueColour) return whole
    const largest = max!.reduce((sum, m, i) => sum + m * 2 ** shift![i]!, 0)
    const [low, high] = [largest < 2 ** 24, largest % 256 === 0]
    if (bigEndian ? high : low) return { bytes: 3, skipped: 0 }
    if (bigEndian ? low : high) return { bytes: 3, skipped: 1 }
    return whole
  }
}
