import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { ProtocolError, SystemError, UmfbError } from '../errors.js'
import { type Rect, height as rectHeight, width as rectWidth } from '../geometry/rect.js'
import { greyPalette, isPixelFormatName, paletteBytes } from '../pixels/format.js'
import { createMode, maxSide } from '../surface/mode.js'
import type { Frame } from '../surface/sink.js'
import { systemReason } from '../util/system-reason.js'
import { checkSocketPath, deviceNotFound, isDeviceName, socketSuffix } from './device-name.js'
import {
  type Answer,
  type DeviceStatus,
  maxAnswerBytes,
  type PixelsResult,
  type TextParams,
  type TextResult,
  type TypeParams,
} from './protocol.js'
import { runtimeDirectory } from './runtime-directory.js'
import { StreamReader } from './stream-reader.js'

/** Of the largest mode, at 4 bytes a pixel. */
const maxPixelBytes = maxSide * maxSide * 4

export interface ControlClientOptions {
  /** Default: the runtime directory. */
  folder?: string
  /** A device that says nothing for so long is given up. Default: 10 000. */
  timeoutMs?: number
}

/** One connection to a running device's control socket. Requests are answered one after the other. */
export class ControlClient {
  readonly #socket: Socket
  readonly #reader: StreamReader
  readonly #timeoutMs: number
  #nextId = 1
  #turn: Promise<unknown> = Promise.resolve()

  /** @throws DeviceNotFoundError no running device has the name */
  static async connect(name: string, options: ControlClientOptions = {}): Promise<ControlClient> {
    const { folder = runtimeDirectory(), timeoutMs = 10_000 } = options
    if (!isDeviceName(name)) throw deviceNotFound(name, folder)
    const path = join(folder, `${name}${socketSuffix}`)
    checkSocketPath(path)
    const socket = connect(path)
    try {
      await once(socket, 'connect')
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException
      if (['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ENOTDIR'].includes(code ?? '')) {
        throw deviceNotFound(name, folder)
      }
      throw new SystemError(`cannot connect to the device ${name}: ${message}`, { cause })
    }
    return new ControlClient(name, socket, timeoutMs)
  }

  private constructor(name: string, socket: Socket, timeoutMs: number) {
    this.#socket = socket
    this.#reader = new StreamReader(socket)
    this.#timeoutMs = timeoutMs
    socket.on('timeout', () => {
      socket.destroy(new SystemError(`the device ${name} did not answer within ${timeoutMs} ms`))
    })
    // A failure reaches whoever waits for an answer; without one there is nobody to tell.
    socket.on('error', () => undefined)
  }

  async status(): Promise<DeviceStatus> {
    const { result } = await this.#request('status')
    return result as DeviceStatus
  }

  /**
   * The picture after a fresh harvest, or a part of it. Its rows have no padding.
   * @throws UmfbError with code UMFB_INVALID_ARGUMENT when `part` is no part of the device's picture
   */
  async pixels(part?: Rect): Promise<Pick<Frame, 'mode' | 'pixels' | 'palette'>> {
    const params = part ? { rect: [part.x1, part.y1, rectWidth(part), rectHeight(part)] } : {}
    const { result, bytes } = await this.#request('pixels', params)
    const { width, height, format, palette } = result as PixelsResult
    if (!isPixelFormatName(format)) throw new ProtocolError(`format: ${format} is not known here`)
    const mode = createMode({ width, height, format })
    if (bytes.length !== mode.strideBytes * height) {
      throw new ProtocolError(`pixels: expected ${mode.strideBytes * height} bytes, received ${bytes.length}`)
    }
    const colours = palette === undefined ? greyPalette() : Uint8Array.from(Buffer.from(palette, 'base64'))
    if (colours.length !== paletteBytes) {
      throw new ProtocolError(`palette: expected ${paletteBytes} bytes, received ${colours.length}`)
    }
    return { mode, pixels: bytes, palette: colours }
  }

  /**
   * Types text on the device's keyboard, as Device.type() does. Resolves when the last key is on its way to the guest,
   * however long that takes.
   * @throws UmfbError with code UMFB_CANNOT_TYPE, UMFB_INPUT_STALLED or UMFB_INVALID_ARGUMENT
   */
  async type(text: string, options: Omit<TypeParams, 'text'> = {}): Promise<void> {
    await this.#request('type', { text, ...options }, 0)
  }

  /**
   * The text on the device's screen, once it shows a pattern, and has not changed for a while. Lines end without blanks.
   * @throws UmfbError with code UMFB_TIMEOUT, UMFB_NO_TEXT or UMFB_INVALID_ARGUMENT
   */
  async text(params: TextParams = {}): Promise<string> {
    const { result } = await this.#request('text', params, 0)
    return (result as TextResult).text
  }

  /** Idempotent. A request under way fails. */
  async close(): Promise<void> {
    this.#socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** @param timeoutMs 0: none */
  async #request(
    method: string,
    params: object = {},
    timeoutMs = this.#timeoutMs,
  ): Promise<{ result: object; bytes: Uint8Array }> {
    const before = this.#turn
    const exchange = before.then(() => this.#exchange(method, params, timeoutMs))
    this.#turn = exchange.catch(() => undefined)
    try {
      return await exchange
    } catch (cause) {
      if (cause instanceof UmfbError) throw cause
      throw new ProtocolError(`the device broke off: ${(cause as Error).message}`, { cause })
    }
  }

  async #exchange(
    method: string,
    params: object,
    timeoutMs: number,
  ): Promise<{ result: object; bytes: Uint8Array }> {
    this.#socket.setTimeout(timeoutMs)
    this.#socket.write(`${JSON.stringify({ id: this.#nextId++, method, params })}\n`)
    const line = await this.#reader.line(maxAnswerBytes)
    if (line === undefined) throw new ProtocolError('the device ended before it answered')
    const { result, bytes: count = 0, error } = JSON.parse(line) as Answer
    if (error) throw new UmfbError(error.code, error.message)
    if (typeof result !== 'object' || !(count >= 0 && count <= maxPixelBytes)) {
      throw new ProtocolError(`expected an answer, received ${line.slice(0, 80)}`)
    }
    const bytes = await this.#reader.bytes(count)
    this.#socket.setTimeout(0)
    return { result, bytes }
  }
}

/** The devices that run for this user, by name. Sockets of devices that died are passed over. */
export async function listDevices(options: ControlClientOptions = {}): Promise<DeviceStatus[]> {
  const { folder = runtimeDirectory(), timeoutMs = 2000 } = options
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new SystemError(`the runtime directory cannot be read: ${systemReason(error)}`, { cause: error })
  })
  const names = entries
    .filter((entry) => entry.endsWith(socketSuffix))
    .map((entry) => entry.slice(0, -socketSuffix.length))
    .filter(isDeviceName)
  const devices = await Promise.all(names.sort().map((name) => statusOf(name, { folder, timeoutMs })))
  return devices.filter((status) => status !== undefined)
}

/** A device that dies or hangs while it is asked is none that runs. */
async function statusOf(name: string, options: ControlClientOptions): Promise<DeviceStatus | undefined> {
  try {
    await using client = await ControlClient.connect(name, options)
    return await client.status()
  } catch (error) {
    if (error instanceof UmfbError) return undefined
    throw error
  }
}
