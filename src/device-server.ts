import { EventEmitter } from 'node:events'
import { lstat, unlink } from 'node:fs/promises'
import { isAlive } from './control/claim.js'
import { checkDeviceName, checkSocketPath } from './control/device-name.js'
import { Device, type DeviceOptions } from './device.js'
import { defaultCapacity } from './device-screen.js'
import { AddressError, ClosedError, SystemError } from './errors.js'
import type { Channel, Receiver } from './guests/arrival.js'
import { GuestServer, type WantedDevice } from './guests/guest-server.js'
import type { PixelFormatName } from './pixels/format.js'
import { isAttach } from './ring/attach-request.js'
import type { LaidOutMemory } from './ring/memory.js'
import { Reception } from './ring/reception.js'
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
  /** Device memory that was given to a frontend in another way: what it means by kind 2 (docs/protocol.md). */
  memory?: LaidOutMemory
  /** Frontends beyond are sent away. Default: 16. */
  maxDevices?: number
}

export interface DeviceServerEvents {
  /** A frontend has a device now, or one more for a further scanout. */
  device: [device: Device, frontend: { readonly program: string }]
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

/**
 * Waits for frontends, and gives each a device of its own for as long as it stays: those that draw by page faults (libumfb)
 * and those that tell by rings (docs/protocol.md) come to the same socket.
 */
export class DeviceServer extends EventEmitter<DeviceServerEvents> {
  readonly path: string
  readonly #options: DeviceServerOptions
  readonly #guests: GuestServer
  /** By number, from 1: the lowest free one is the next device's. A number is taken before its device is ready. */
  readonly #devices = new Map<number, Device | undefined>()
  /** Those of further scanouts. */
  readonly #further = new Set<Device>()
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
        otherProtocol: (packet, channel) => (isAttach(packet) ? this.#receive(channel) : undefined),
        deviceEnded: (surface) => void this.#ended(surface),
      })
    } catch (cause) {
      throw new AddressError(`cannot listen on ${options.path}: ${systemReason(cause)}`, { cause })
    }
  }

  get devices(): readonly Device[] {
    return [...[...this.#devices.values()].filter((device) => device !== undefined), ...this.#further]
  }

  async #open(wanted: WantedDevice): Promise<Surface> {
    const options = (number: number) => ({ ...wish(wanted), guest: () => this.#guestOf(number) })
    const device = await this.#create(options, wanted.program)
    return device.surface
  }

  async #create(options: (number: number) => Partial<DeviceOptions>, program: string): Promise<Device> {
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
        ...options(number),
        name: `${common.name}-${number}`,
        ...(common.vnc && { vnc: { ...common.vnc, port: common.vnc.port && common.vnc.port + number - 1 } }),
      })
      if (this.#closing) {
        await device.close()
        throw new ClosedError('the server was closed')
      }
      this.#devices.set(number, device)
      this.emit('device', device, { program })
      return device
    } catch (error) {
      this.#devices.delete(number)
      throw error
    }
  }

  /** For a frontend that tells by rings. */
  #receive(channel: Channel): Receiver {
    const { device: common, memory: known } = this.#options
    let device: Device | undefined
    return new Reception(channel, {
      known,
      pixelsBytes: ({ size }) => defaultCapacity({ ...common, ...size }),
      open: async ({ program, size, format }, memory, link) => {
        const guest = () => ({ program, pid: channel.peer.pid })
        const wanted = { ...size, ...(format && { format }), rings: { memory, link }, guest }
        device = await this.#create(() => wanted, program)
        this.#follow(device, program)
      },
      left: () => device && void this.#ended(device.surface),
    })
  }

  #follow(device: Device, program: string): void {
    const backend = device.backend!
    backend.on('scanout', (index, surface) => void this.#showFurther(device, index, surface, program))
    backend.once('ended', () => void this.#ended(device.surface))
  }

  /** Where it cannot be shown, the frontend's other scanouts are, all the same. */
  async #showFurther(first: Device, index: number, surface: Surface, program: string): Promise<void> {
    const { vnc, folder } = this.#options.device
    const options = {
      name: `${first.name}-s${index}`,
      guest: () => first.status().guest,
      ...(folder && { folder }),
      ...(vnc && { vnc: { ...vnc, port: 0 } }),
    }
    const device = await Device.show(surface, options).catch(() => undefined)
    if (!device) return
    const gone = async () => {
      this.#further.delete(device)
      await device.close()
      this.emit('gone', device)
    }
    if (surface.closed) return void gone()
    surface.once('close', gone)
    this.#further.add(device)
    this.emit('device', device, { program })
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
    // A frontend may be heard to leave twice.
    if (this.#devices.get(number) !== device) return
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
