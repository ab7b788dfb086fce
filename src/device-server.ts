import { EventEmitter } from 'node:events'
import { lstat, unlink } from 'node:fs/promises'
import { isAlive } from './control/claim.js'
import { checkDeviceName, checkSocketPath } from './control/device-name.js'
import { Device, type DeviceOptions } from './device.js'
import { AddressError, ClosedError, SystemError } from './errors.js'
import { GuestServer, type WantedDevice } from './guests/guest-server.js'
import type { PixelFormatName } from './pixels/format.js'
import type { Surface } from './surface/surface.js'
import { systemReason } from './util/system-reason.js'

export interface DeviceServerOptions {
  /** Of the socket that frontends connect to; made with mode 0600. */
  path: string
  /**
   * Of each device: mode and format where the frontend has no wish of its own. The first is called NAME-1, and
   * listens on `vnc.port`, the second NAME-2, on the port after it (on any, for port 0).
   */
  device: DeviceOptions & { name: string }
  /** Frontends beyond are sent away. Default: 16. */
  maxDevices?: number
}

export interface DeviceServerEvents {
  /** A frontend has a device now. */
  device: [device: Device, wanted: WantedDevice]
  /** The last process of a device has left; the device is closed. */
  gone: [device: Device]
}

/** The format that fbdev programs mean by their bits a pixel; with 8 they set a palette. */
const formats: Readonly<Record<number, PixelFormatName>> = {
  8: 'c8',
  15: 'xrgb1555',
  16: 'rgb565',
  24: 'rgb888',
  32: 'xrgb8888',
}

/** Waits for frontends (libumfb), and gives each a device of its own for as long as it stays. */
export class DeviceServer extends EventEmitter<DeviceServerEvents> {
  readonly path: string
  readonly #options: DeviceServerOptions
  readonly #guests: GuestServer
  /** By number, from 1: the lowest free one is the next device's. A number is taken before its device is ready. */
  readonly #devices = new Map<number, Device | undefined>()
  #closing: Promise<void> | undefined

  /**
   * @throws InvalidArgumentError a name or a path that cannot be
   * @throws AddressError somebody listens on the path, or it cannot be made
   */
  static async listen(options: DeviceServerOptions): Promise<DeviceServer> {
    checkSocketPath(options.path)
    checkDeviceName(`${options.device.name}-1`)
    await removeDeadSocket(options.path)
    return new DeviceServer(options)
  }

  private constructor(options: DeviceServerOptions) {
    super()
    this.path = options.path
    this.#options = options
    try {
      this.#guests = new GuestServer({
        path: options.path,
        openSurface: (wanted) => this.#open(wanted),
        deviceEnded: (surface) => void this.#ended(surface),
      })
    } catch (cause) {
      throw new AddressError(`cannot listen on ${options.path}: ${systemReason(cause)}`, { cause })
    }
  }

  get devices(): readonly Device[] {
    return [...this.#devices.values()].filter((device) => device !== undefined)
  }

  async #open(wanted: WantedDevice): Promise<Surface> {
    const { device: common, maxDevices = 16 } = this.#options
    if (this.#closing || this.#devices.size >= maxDevices) {
      throw new SystemError(`expected at most ${maxDevices} devices at a time`)
    }
    let number = 1
    while (this.#devices.has(number)) number++
    this.#devices.set(number, undefined)
    try {
      const device = await Device.create({
        ...common,
        ...wish(wanted),
        name: `${common.name}-${number}`,
        guest: () => this.#guestOf(number),
        ...(common.vnc && { vnc: { ...common.vnc, port: common.vnc.port && common.vnc.port + number - 1 } }),
      })
      if (this.#closing) {
        await device.close()
        throw new ClosedError('the server was closed')
      }
      this.#devices.set(number, device)
      this.emit('device', device, wanted)
      return device.surface
    } catch (error) {
      this.#devices.delete(number)
      throw error
    }
  }

  #guestOf(number: number) {
    const surface = this.#devices.get(number)?.surface
    const connection = this.#guests.connections.find(({ device }) => device?.surface === surface)
    return connection && { program: connection.program, pid: connection.channel.peer.pid }
  }

  async #ended(surface: Surface): Promise<void> {
    const [number, device] = [...this.#devices].find(([, each]) => each?.surface === surface) ?? []
    if (number === undefined || !device) return
    await device.close()
    this.#devices.delete(number)
    this.emit('gone', device)
  }

  /** Idempotent. Devices are closed; frontends go on, and draw for nobody. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#guests.close()
    await Promise.all(this.devices.map((device) => device.close()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

function wish({ width, height, bitsPerPixel }: WantedDevice): Partial<DeviceOptions> {
  const format = formats[bitsPerPixel]
  return { ...(width > 0 && height > 0 && { width, height }), ...(format && { format }) }
}

/** bind(2) takes no name that is there, be its server dead or alive. */
async function removeDeadSocket(path: string): Promise<void> {
  const there = await lstat(path).catch(() => undefined)
  if (!there) return
  if (!there.isSocket()) {
    throw new AddressError(`cannot listen on ${path}: it is there, and no socket. Choose another path.`)
  }
  if (await isAlive(path)) {
    throw new AddressError(
      `cannot listen on ${path}: somebody does. Choose another path, or end that program.`,
    )
  }
  await unlink(path)
}
