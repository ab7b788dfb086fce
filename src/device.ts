import type { TextConsole, TextConsoleOptions } from './console/text-console.js'
import { checkDeviceName } from './control/device-name.js'
import type { ControlledDevice, DeviceStatus, TextParams } from './control/protocol.js'
import { ControlServer } from './control/server.js'
import { openConsole, queryText } from './device-console.js'
import { openScreen, type Screen, type ScreenOptions } from './device-screen.js'
import { ClosedError, InvalidArgumentError, NoTextError } from './errors.js'
import { ProcessGuest, type ProcessGuestOptions } from './guests/process.js'
import { type TypeOptions, Typist } from './input/typist.js'
import type { RfbSecurity } from './rfb/security/registry.js'
import { RfbServer } from './rfb/server.js'
import type { Backend } from './ring/backend.js'
import type { Frontend } from './ring/frontend.js'
import type { Surface } from './surface/surface.js'
import type { Address } from './util/address.js'

export interface VncOptions extends Address {
  /** Asked of every viewer; undefined: nothing is asked, which only a loopback address allows. */
  password: string | undefined
  /** No viewer's input reaches the guest. Default: false. */
  viewOnly?: boolean
}

/** How others reach a device. */
export interface ShowOptions {
  /** Of the control socket, and the title that viewers show. Default: 'umfb-PID'. */
  name?: string
  /** Default: no RFB server. */
  vnc?: VncOptions
  /** Of the control socket. Default: the runtime directory. */
  folder?: string
  /** Who draws, for status(), where it is not a program that run() started. */
  guest?: () => DeviceStatus['guest']
}

export interface DeviceOptions extends ScreenOptions, ShowOptions {
  name?: string
}

/** How the program is started; where it draws is the device's. */
export type RunOptions = Omit<ProcessGuestOptions, 'surface' | 'program' | 'args'>

function defaultName(): string {
  return `umfb-${process.pid}`
}

/** How long viewers may take for the last picture. */
const lastPictureMs = 1000

/** A surface with all that surrounds it: its servers, its control socket, and the program that draws. */
export class Device {
  readonly name: string
  readonly surface: Surface
  readonly #screen: Screen
  #rfb: RfbServer | undefined
  #vnc: Address | undefined
  #control: ControlServer | undefined
  #describeGuest: ShowOptions['guest']
  readonly #guests: ProcessGuest[] = []
  #console: TextConsole | undefined
  readonly #typist: Typist
  readonly #ended = new AbortController()
  #closing: Promise<void> | undefined

  /**
   * @throws InvalidArgumentError for an option out of range
   * @throws TrackerUnavailableError
   * @throws DeviceNameTakenError
   * @throws AddressError when `vnc` cannot be listened on, or not without a password
   */
  static async create(options: DeviceOptions): Promise<Device> {
    const { name = defaultName() } = options
    checkDeviceName(name)
    return Device.#show(name, await openScreen({ ...options, name }), options)
  }

  /**
   * A device for a surface that is there already, as a further scanout's (Backend's event 'scanout'), and closed with it.
   * @throws as create()
   */
  static async show(surface: Surface, options: ShowOptions = {}): Promise<Device> {
    const { name = defaultName() } = options
    checkDeviceName(name)
    return Device.#show(name, { surface, close: () => surface.close() }, options)
  }

  static async #show(name: string, screen: Screen, options: ShowOptions): Promise<Device> {
    const device = new Device(name, screen, options.guest)
    try {
      await device.#listen(options.vnc, options.folder)
    } catch (error) {
      await device.close()
      throw error
    }
    return device
  }

  private constructor(name: string, screen: Screen, guest: ShowOptions['guest']) {
    this.name = name
    this.surface = screen.surface
    this.#screen = screen
    this.#typist = new Typist(screen.surface.input)
    this.#describeGuest = guest
  }

  /** Who draws, of a device that was made with `frontend`. */
  get frontend(): Frontend | undefined {
    return this.#screen.frontend
  }

  /** The other end of a frontend's rings, where there are some. */
  get backend(): Backend | undefined {
    return this.#screen.backend
  }

  /** The name first: of two devices that are started with one name, the second shall not take a port. */
  async #listen(vnc: VncOptions | undefined, folder: string | undefined): Promise<void> {
    const device: ControlledDevice = {
      status: () => this.status(),
      snapshot: () => this.snapshot(),
      type: (text, options) => this.type(text, options),
      text: (params) => this.text(params),
    }
    this.#control = await ControlServer.listen({ device, name: this.name, ...(folder && { folder }) })
    if (!vnc) return
    const { host, port, password, viewOnly = false } = vnc
    const security: RfbSecurity = password === undefined ? { type: 'none' } : { type: 'vnc-auth', password }
    const { surface, name } = this
    this.#rfb = await RfbServer.listen({ surface, security, host, port, viewOnly, name })
    this.#vnc = this.#rfb.address()
  }

  /** Where viewers connect; undefined without an RFB server. */
  get vnc(): Address | undefined {
    return this.#vnc
  }

  get controlPath(): string {
    return this.#control!.path
  }

  /**
   * Starts an unmodified fbdev program that has the device as its /dev/fb0. It is ended by close().
   * @throws GuestProgramError
   */
  async run(program: string, args: readonly string[], options: RunOptions = {}): Promise<ProcessGuest> {
    const guest = await ProcessGuest.spawn({ ...options, surface: this.surface, program, args })
    this.#guests.push(guest)
    this.#describeGuest = () => ({ program, pid: guest.pid })
    return guest
  }

  /**
   * Starts a text console that draws on the device. It is ended by close().
   * @throws InvalidArgumentError the device was made without `frontend`, or has a console already
   */
  async console(options: Omit<TextConsoleOptions, 'screen'> = {}): Promise<TextConsole> {
    if (!this.frontend || this.#console) {
      throw new InvalidArgumentError(
        'console: expected a device with `frontend: true`, and one console at most',
      )
    }
    const console = await openConsole(this.frontend, options)
    this.#console = console
    this.#describeGuest = () => ({ program: console.command, pid: console.pid })
    return console
  }

  /**
   * The text on the console's screen, once it shows a pattern and has been still for a while, where that is asked for.
   * @throws NoTextError the device has no console
   * @throws TimeoutError
   * @throws InvalidArgumentError
   */
  async text(params: TextParams = {}): Promise<string> {
    if (!this.#console) throw new NoTextError(`the device ${this.name} has no text: only a console has`)
    return queryText(this.#console, params, this.#ended.signal)
  }

  /** The picture as of now: see Surface.snapshot(). */
  snapshot(): ReturnType<Surface['snapshot']> {
    this.#console?.flush()
    return this.surface.snapshot()
  }

  /**
   * Types text on the guest's keyboard: characters of the layout, "\n", "\t", and keys by name as "{ctrl-c}", "{f1}" and
   * "{alt-tab}"; "{{" is a brace. Resolves when the last key is on its way. See Typist.type().
   * @throws CannotTypeError naming what the layout cannot type, before anything was typed
   * @throws InputStalledError the guest takes no input
   * @throws InvalidArgumentError
   */
  async type(text: string, options: TypeOptions = {}): Promise<void> {
    const signals = [this.#ended.signal, ...(options.signal ? [options.signal] : [])]
    await this.#typist.type(text, { ...options, signal: AbortSignal.any(signals) })
  }

  status(): DeviceStatus {
    const { mode, trackerChoice, stats } = this.surface
    const guest = this.#describeGuest?.()
    return {
      name: this.name,
      pid: process.pid,
      width: mode.width,
      height: mode.height,
      format: mode.format.name,
      blankLevel: this.surface.blankLevel,
      tracker: trackerChoice,
      tracking: stats.tracking,
      ...(guest && { guest }),
      ...(this.vnc && { vnc: this.vnc }),
      viewers: this.#rfb?.viewers.length ?? 0,
      frames: stats.frames,
    }
  }

  /** Idempotent. The guest is ended, viewers get the last picture, then all is taken away. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** What fails on the way out keeps nothing else from being closed. */
  async #close(): Promise<void> {
    this.#ended.abort(new ClosedError(`the device ${this.name} was closed`))
    try {
      await Promise.all([...this.#guests, this.#console].map((guest) => guest?.close()))
      if (this.#rfb && !this.surface.closed) await this.surface.drain(lastPictureMs)
    } finally {
      await Promise.allSettled([this.#rfb?.close(), this.#control?.close()])
      await this.#screen.close()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
