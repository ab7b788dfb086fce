import { constants } from 'node:os'
import { ProtocolError } from '../errors.js'
import type { Channel, TrackerMechanism } from '../native/binding.js'
import { binding } from '../native/load.js'
import type { ModeWish } from '../surface/mode-wishes.js'
import type { WriterMapping } from '../surface/surface-memory.js'
import type { TrackerChoice } from '../surface/tracker-choice.js'
import type { Fields, Record, ValuesOf } from '../util/record.js'
import type { Receiver } from './arrival.js'
import type { GuestDevice } from './guest-device.js'
import { InputSender } from './input-sender.js'
import * as wire from './wire.js'

const { EBADMSG, EINVAL, EIO, ENODEV, ENOMEM, ENOSYS, EPROTO } = constants.errno

/** The answer to a request: a reply's body, with a descriptor perhaps, that is closed once sent; or an errno. */
type Answer = { body?: Uint8Array; fds?: number[]; closeFds?: boolean } | { errno: number }

const done: Answer = {}

type Hello = ValuesOf<typeof wire.hello.fields>

export interface ConnectionHost {
  /** Finds or makes the device for a process that introduces itself; undefined: none for it. */
  findDevice(hello: Hello): Promise<GuestDevice | undefined>
  /** One more connection to the device, for a child of the process. Takes over the descriptor. */
  adopt(fd: number, device: GuestDevice): void
  ended(connection: GuestConnection): void
}

/**
 * One process's connection: answers its requests, and holds its mappings until it is gone. The process is hostile:
 * whatever it sends harms its own picture alone.
 */
export class GuestConnection implements Receiver {
  readonly channel: Channel
  readonly #host: ConnectionHost
  readonly #mappings = new Set<number>()
  #device: GuestDevice | undefined
  #program = ''
  #wanted = 0
  #ended = false
  #introduced = false
  #input: InputSender | undefined
  readonly #sendScreen = () => this.#screen()
  readonly #sendWish = (wish: ModeWish) => this.#wish(wish)

  /**
   * @param channel whose packets are handed over by whoever started it
   * @param device where it is known before the process introduces itself: its parent's
   */
  constructor(channel: Channel, host: ConnectionHost, device?: GuestDevice) {
    this.channel = channel
    this.#host = host
    this.#device = device
  }

  get device(): GuestDevice | undefined {
    return this.#device
  }

  /** What the process calls itself: for people. */
  get program(): string {
    return this.#program
  }

  /** Idempotent. */
  close(): void {
    this.channel.close()
  }

  end(): void {
    this.#ended = true
    this.#input?.close()
    const surface = this.#device?.surface
    if (surface && !surface.closed) {
      surface.off('mode', this.#sendScreen)
      surface.off('pan', this.#sendScreen)
      surface.off('modeWanted', this.#sendWish)
      for (const id of this.#mappings) surface.detachWriter(id)
      // What it changed without any mapping, just before it died, nobody has told.
      surface.markDirty()
    }
    this.#mappings.clear()
    this.channel.close()
    this.#host.ended(this)
  }

  receive(message: Uint8Array, fds: number[]): void {
    if (message.byteLength < wire.header.size) {
      this.#release(fds)
      this.close()
      return
    }
    const { op, serial } = wire.header.decode(message.subarray(0, wire.header.size))
    const body = message.subarray(wire.header.size)
    if (op === wire.operations.hello.code) {
      this.#release(fds)
      this.#introduce(serial, body)
      return
    }
    let answer: Answer
    try {
      answer = this.#answer(op, body, fds)
    } catch (error) {
      // The surface may have been closed, or the kernel may refuse: the process is told, and the host lives on.
      answer = { errno: error instanceof ProtocolError ? EBADMSG : EIO }
    } finally {
      this.#release(fds)
    }
    this.#reply(op, serial, answer)
  }

  #release(fds: number[]): void {
    for (const fd of fds.splice(0)) binding.closeDescriptor(fd)
  }

  #reply(op: number, serial: number, answer: Answer): void {
    const { fds = [], closeFds = false, body } = 'errno' in answer ? {} : answer
    if (serial !== 0 && !this.#ended) this.#send(op, serial, 'errno' in answer ? -answer.errno : 0, body, fds)
    if (closeFds) this.#release([...fds])
  }

  #send(
    op: number,
    serial: number,
    status: number,
    body: Uint8Array = new Uint8Array(),
    fds: number[] = [],
  ): boolean {
    const message = new Uint8Array(wire.header.size + body.byteLength)
    message.set(wire.header.encode({ op, serial, status, reserved: 0 }))
    message.set(body, wire.header.size)
    // Its queue is full, and it asked all the same: it does not read, and would wait for an answer that is lost.
    const sent = this.channel.send(message, fds)
    if (!sent && serial !== 0) this.close()
    return sent
  }

  async #introduce(serial: number, body: Uint8Array): Promise<void> {
    const answer = await this.#welcome(body).catch(
      (error): Answer => ({ errno: error instanceof ProtocolError ? EBADMSG : ENODEV }),
    )
    this.#reply(wire.operations.hello.code, serial, answer)
  }

  async #welcome(body: Uint8Array): Promise<Answer> {
    const hello = wire.hello.decode(body)
    if (hello.version < wire.protocolVersion || this.#introduced) return { errno: EPROTO }
    this.#introduced = true
    const device = this.#device ?? (await this.#host.findDevice(hello))
    if (!device || device.surface.closed) return { errno: ENODEV }
    if (this.#ended) return { errno: EIO }
    const { surface } = device
    this.#device = device
    this.#program = hello.program
    this.#wanted = hello.wanted
    if (this.#wanted & wire.wantInput)
      this.#input = new InputSender(surface.input, (body) => this.#tell(body))
    if (this.#wanted & wire.wantScreen) {
      surface.on('mode', this.#sendScreen)
      surface.on('pan', this.#sendScreen)
    }
    if (this.#wanted & wire.wantMode) surface.on('modeWanted', this.#sendWish)
    const welcome = wire.welcome.encode({
      version: wire.protocolVersion,
      tracking: trackingFor(surface.trackerChoice),
      token: device.token,
      capacityBytes: BigInt(surface.capacityBytes),
      screen: device.screen,
    })
    return { body: welcome, fds: [surface.memoryDescriptor] }
  }

  /** One entry an operation, but for hello. */
  #answer(op: number, body: Uint8Array, fds: number[]): Answer {
    const device = this.#device
    if (!device || !this.#introduced) return { errno: EPROTO }
    const { operations } = wire
    switch (op) {
      case operations.getScreen.code:
        return read(operations.getScreen, body) && { body: wire.screen.encode(device.screen) }
      case operations.setScreen.code:
        return this.#setScreen(device, read(operations.setScreen, body))
      case operations.pan.code: {
        const { xOffset, yOffset } = read(operations.pan, body)
        return device.pan(xOffset, yOffset) ? done : { errno: EINVAL }
      }
      case operations.getPalette.code:
        return (
          read(operations.getPalette, body) && {
            body: wire.palette.encode({ first: 0, count: 256, colours: device.surface.palette }),
          }
        )
      case operations.setPalette.code: {
        const { first, count, colours } = read(operations.setPalette, body)
        return device.setColours(first, count, colours) ? done : { errno: EINVAL }
      }
      case operations.blank.code:
        return blank(device, read(operations.blank, body).level)
      case operations.map.code:
        return this.#map(device, read(operations.map, body), fds)
      case operations.unmap.code:
        return this.#unmap(device, read(operations.unmap, body).id)
      case operations.kick.code:
        read(operations.kick, body)
        device.surface.wake()
        return done
      case operations.dirty.code: {
        const { firstPage, pageCount } = read(operations.dirty, body)
        if (!isInside(device, firstPage, pageCount)) return { errno: EINVAL }
        device.surface.markPagesDirty(firstPage, pageCount)
        return done
      }
      case operations.adopt.code:
        return this.#adopt(device, body, fds)
      case operations.openInput.code:
        return openInput(device, read(operations.openInput, body).device)
      case operations.getInputState.code:
        read(operations.getInputState, body)
        return { body: wire.inputState.encode(device.eventDevices.state(device.surface.mode)) }
      case operations.controlInput.code: {
        const errno = device.eventDevices.control(read(operations.controlInput, body))
        return errno === 0 ? done : { errno }
      }
      default:
        return { errno: ENOSYS }
    }
  }

  #setScreen(device: GuestDevice, { flags, screen }: ValuesOf<typeof wire.setScreen.fields>): Answer {
    const set = device.setScreen(screen, { test: (flags & wire.screenTest) !== 0 })
    return set ? { body: wire.screen.encode(set) } : { errno: EINVAL }
  }

  #map(device: GuestDevice, map: ValuesOf<typeof wire.map.fields>, fds: number[]): Answer {
    const { surface } = device
    const { flags, address, firstPage, pageCount } = map
    if (!isInside(device, firstPage, pageCount)) return { errno: EINVAL }
    if (this.#mappings.size >= wire.maxMappings) return { errno: ENOMEM }
    const descriptors = sortDescriptors(flags, fds)
    if (!descriptors) return { errno: EBADMSG }
    let id: number | undefined
    if (fds.length > 0) {
      id = tryAttach(() => surface.attachWriter({ ...descriptors, address, firstPage, pageCount }))
    }
    // Where it cannot be armed, it is compared: surface.stats tells how many are.
    id ??= tryAttach(() => surface.attachUntrackedWriter(firstPage, pageCount))
    if (id === undefined) return { errno: ENOMEM }
    this.#mappings.add(id)
    return { body: wire.mapping.encode({ id, reserved: 0 }) }
  }

  #unmap(device: GuestDevice, id: number): Answer {
    if (!this.#mappings.delete(id)) return { errno: EINVAL }
    device.surface.detachWriter(id)
    return done
  }

  #adopt(device: GuestDevice, body: Uint8Array, fds: number[]): Answer {
    read(wire.operations.adopt, body)
    const [fd] = fds
    if (fd === undefined || fds.length !== 1) return { errno: EBADMSG }
    fds.pop()
    this.#host.adopt(fd, device)
    return done
  }

  /** @returns false where its queue is full */
  #tell(input: Uint8Array): boolean {
    return this.#send(wire.notifications.input.code, 0, 0, input)
  }

  /** A process that does not read will not answer. */
  #wish({ width, height, refuse }: ModeWish): void {
    const wish = wire.modeWanted.encode({ width, height })
    if (!this.#send(wire.notifications.modeWanted.code, 0, 0, wish)) refuse()
  }

  #screen(): void {
    this.#send(wire.notifications.screen.code, 0, 0, wire.screen.encode(this.#device!.screen))
  }
}

/** Memory keeps its picture, as a real one does. */
function blank({ surface }: GuestDevice, level: number): Answer {
  if (level > 4) return { errno: EINVAL }
  surface.blank(level)
  return done
}

/** @throws ProtocolError where the body has not the operation's size */
function read<B extends Fields>(operation: { body: Record<B> }, body: Uint8Array): ValuesOf<B> {
  return operation.body.decode(body)
}

function isInside({ surface }: GuestDevice, firstPage: number, pageCount: number): boolean {
  return pageCount > 0 && (firstPage + pageCount) * binding.pageSize <= surface.capacityBytes
}

/** The program's end of the stream is its own alone once it was sent. */
function openInput({ eventDevices }: GuestDevice, number: number): Answer {
  const opened = eventDevices.open(number)
  if ('errno' in opened) return opened
  return { body: wire.inputStream.encode({ id: opened.id, reserved: 0 }), fds: [opened.fd], closeFds: true }
}

/** What each mechanism can use of a guest process. */
const trackingOf: { readonly [name in TrackerMechanism]: number } = {
  'wp-async': wire.trackAsync,
  'wp-sync': wire.trackSync,
  zap: wire.trackSync | wire.trackZap,
  'zap-reads': wire.trackSync | wire.trackZap,
  mprotect: 0,
  compare: 0,
  'kvm-log': 0,
}

/** An adaptive tracker hands a still mapping over to the synchronous userfaultfd. */
function trackingFor({ mechanism, adaptive }: TrackerChoice): number {
  return trackingOf[mechanism] | (adaptive && mechanism === 'wp-async' ? wire.trackSync : 0)
}

type MapDescriptors = Pick<WriterMapping, 'uffd' | 'pagemap' | 'syncUffd' | 'syncUserModeOnly' | 'zapAgent'>

/** undefined where the message did not bring what its flags say. */
function sortDescriptors(flags: number, fds: readonly number[]): MapDescriptors | undefined {
  const left = [...fds]
  const [uffd, pagemap] = flags & wire.mapAsync ? left.splice(0, 2) : []
  const [syncUffd] = flags & wire.mapSync ? left.splice(0, 1) : []
  const [zapAgent] = flags & wire.mapZap ? left.splice(0, 1) : []
  const complete =
    left.length === 0 &&
    (!(flags & wire.mapAsync) || pagemap !== undefined) &&
    (!(flags & wire.mapSync) || syncUffd !== undefined) &&
    (!(flags & wire.mapZap) || zapAgent !== undefined)
  const syncUserModeOnly = (flags & wire.mapSyncUserOnly) !== 0
  return complete ? { uffd, pagemap, syncUffd, syncUserModeOnly, zapAgent } : undefined
}

/** undefined where the tracker refuses: the descriptors are not what they should be, or there are too many mappings. */
function tryAttach(attach: () => number): number | undefined {
  try {
    return attach()
  } catch {
    return undefined
  }
}
