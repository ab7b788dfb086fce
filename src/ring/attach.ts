import { getSystemErrorName } from 'node:util'
import { ProtocolError, SystemError } from '../errors.js'
import type { Channel, DeviceMemory } from '../native/binding.js'
import { binding } from '../native/load.js'
import type { PixelFormatName } from '../pixels/format.js'
import { attach, attached, attachMine, attachNew, deviceVersion, formatCodes, socketMagic } from './layout.js'
import { ChannelLink, type Link } from './link.js'

/** The device that a frontend asks the backend to make; left out: the backend's choice. */
export interface WantedMemory {
  width?: number | undefined
  height?: number | undefined
  format?: PixelFormatName | undefined
  pixelsBytes?: number | undefined
}

/** A backend that took the frontend. */
export interface Attachment {
  readonly link: Link
  /** Of a device that the backend made: the caller's to close. */
  readonly memory: DeviceMemory | undefined
}

/** As long as a backend may think. */
const answerTimeoutMs = 10_000

/**
 * Introduces a frontend to the backend that listens on a socket.
 * @param mine device memory that exists; undefined: the backend makes it
 * @throws SystemError where nobody listens, or the backend refuses
 * @throws ProtocolError where its answer is none
 */
export async function attachTo(
  path: string,
  program: string,
  mine: DeviceMemory | undefined,
  wanted: WantedMemory,
  signal?: AbortSignal,
): Promise<Attachment> {
  signal?.throwIfAborted()
  const channel = connect(path)
  const { width = 0, height = 0, format, pixelsBytes = 0 } = wanted
  const request = attach.encode({
    magic: socketMagic,
    version: deviceVersion,
    kind: mine ? attachMine : attachNew,
    width,
    height,
    format: format ? formatCodes[format] : 0,
    reserved: 0,
    pixelsBytes: BigInt(pixelsBytes),
    program,
  })
  const answer = firstPacket(channel, path, signal)
  try {
    channel.send(request, mine ? [mine.fd] : [])
    const { link, packet, fds } = await answer
    return { link, memory: readAnswer(packet, fds, mine === undefined, path) }
  } catch (error) {
    channel.close()
    throw error
  }
}

function connect(path: string): Channel {
  try {
    return binding.Channel.connect(path)
  } catch (cause) {
    throw new SystemError(
      `no backend can be reached at ${path}: ${(cause as Error).message}. Start one with "umfb serve ${path}".`,
      { cause },
    )
  }
}

interface Answer {
  readonly link: Link
  readonly packet: Uint8Array
  readonly fds: number[]
}

function firstPacket(channel: Channel, path: string, signal: AbortSignal | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    const fail = (error: unknown) => {
      settle()
      reject(error)
    }
    const abort = () => fail(signal!.reason)
    const timer = setTimeout(
      () => fail(new SystemError(`the backend at ${path} did not answer within ${answerTimeoutMs} ms`)),
      answerTimeoutMs,
    )
    signal?.addEventListener('abort', abort)
    const link = new ChannelLink(channel, (packet, fds) => {
      settle()
      link.onEnd = () => undefined
      resolve({ link, packet, fds })
    })
    link.onEnd = () => fail(new SystemError(`the backend at ${path} sent this frontend away`))
  })
}

/** @returns the device memory that came with it */
function readAnswer(packet: Uint8Array, fds: number[], expectMemory: boolean, path: string) {
  try {
    const { magic, version, status } = attached.decode(packet)
    if (magic !== socketMagic || version < deviceVersion) {
      throw new ProtocolError(
        `attached: expected ${socketMagic} and version ${deviceVersion}, received ${magic} ${version}`,
      )
    }
    if (status !== 0) {
      throw new SystemError(
        `the backend at ${path} refuses this frontend: ${getSystemErrorName(-status)}. Its own log says why.`,
      )
    }
    if (!expectMemory) return undefined
    if (fds.length !== 1) throw new ProtocolError(`attached: expected one descriptor, received ${fds.length}`)
    return new binding.DeviceMemory(undefined, fds[0]!)
  } finally {
    for (const fd of fds) binding.closeDescriptor(fd)
  }
}
