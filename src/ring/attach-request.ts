import { constants } from 'node:os'
import { ProtocolError } from '../errors.js'
import { binding } from '../native/load.js'
import { type PixelFormatName, pixelFormatNames } from '../pixels/format.js'
import { maxSide } from '../surface/mode.js'
import {
  attach,
  attached,
  attachKnown,
  attachMine,
  attachNew,
  deviceVersion,
  formatCodes,
  socketMagic,
} from './layout.js'
import { adoptDeviceMemory, createDeviceMemory, type LaidOutMemory } from './memory.js'

const { EINVAL, ENODEV } = constants.errno

/** What a frontend asks for in its first packet (docs/protocol.md, "The socket"); undefined: no wish. */
export interface AttachRequest {
  readonly kind: number
  /** Its name, as it says: for people. */
  readonly program: string
  readonly size: { readonly width: number; readonly height: number } | undefined
  readonly format: PixelFormatName | undefined
  readonly pixelsBytes: number | undefined
}

/** Pixels of the largest device that a frontend may ask for: pages that it does not touch take no memory. */
const maxPixelsBytes = 2 ** 30

/** A first packet of the device protocol, and not of libumfb's. */
export function isAttach(packet: Uint8Array): boolean {
  return Buffer.from(packet.subarray(0, socketMagic.length)).toString('latin1') === socketMagic
}

/** @throws ProtocolError where it is not a whole request of a version that is known */
export function readAttach(packet: Uint8Array): AttachRequest {
  const { magic, version, kind, width, height, format, pixelsBytes, program } = attach.decode(packet)
  if (magic !== socketMagic || version < deviceVersion) {
    throw new ProtocolError(
      `attach: expected ${socketMagic} of version ${deviceVersion}, received ${version}`,
    )
  }
  const hasSize = width > 0 && height > 0 && width <= maxSide && height <= maxSide
  return {
    kind,
    program,
    size: hasSize ? { width, height } : undefined,
    format: pixelFormatNames.find((name) => formatCodes[name] === format),
    pixelsBytes: pixelsBytes > 0n ? Number(pixelsBytes) : undefined,
  }
}

/**
 * The device memory that the frontend means.
 * @param fds that came with the request; stay the caller's
 * @param pixelsBytes of new memory, where the frontend has no wish
 * @param known the memory that was given to it in another way
 * @throws ProtocolError there is no such memory, or it is not what it should be
 */
export function memoryFor(
  { kind, pixelsBytes: wanted }: AttachRequest,
  fds: readonly number[],
  pixelsBytes: number,
  known: LaidOutMemory | undefined,
): LaidOutMemory {
  switch (kind) {
    case attachNew:
      if (wanted !== undefined && wanted > maxPixelsBytes) {
        throw new ProtocolError(`pixels_bytes: expected at most ${maxPixelsBytes}, received ${wanted}`)
      }
      return createDeviceMemory({ pixelsBytes: wanted ?? pixelsBytes })
    case attachMine:
      return adopt(fds)
    case attachKnown:
      if (known) return adopt([known.memory.fd])
      throw new ProtocolError('kind: expected 0 or 1, received 2: no memory is known here')
    default:
      throw new ProtocolError(`kind: expected 0 to 2, received ${kind}`)
  }
}

/** A mapping of our own, so that what became of the descriptor is nobody's business. */
function adopt([fd, ...more]: readonly number[]): LaidOutMemory {
  if (fd === undefined || more.length > 0) throw new ProtocolError('expected one descriptor with the request')
  let memory: LaidOutMemory['memory']
  try {
    memory = new binding.DeviceMemory(undefined, fd)
  } catch (cause) {
    throw new ProtocolError(`device memory: expected a sealed memfd: ${(cause as Error).message}`, { cause })
  }
  try {
    return adoptDeviceMemory(memory)
  } catch (error) {
    memory.close()
    throw error
  }
}

/** The backend's answer. @param error why there will be no device; undefined: here it is */
export function attachAnswer(error?: unknown): Uint8Array {
  const status = error === undefined ? 0 : error instanceof ProtocolError ? EINVAL : ENODEV
  return attached.encode({ magic: socketMagic, version: deviceVersion, status, reserved: new Uint8Array() })
}
