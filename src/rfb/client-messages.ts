import { ProtocolError } from '../errors.js'
import { type Rect, rectOfSize } from '../geometry/rect.js'
import { type ClientFormat, pixelFormatBytes, readPixelFormat } from './pixel-format.js'
import { clientMessages, qemuMessages } from './protocol.js'
import type { Reader } from './reader.js'

/** What a viewer says after the handshake (RFC 6143, 7.5). */
export type ClientMessage =
  | { readonly type: 'setPixelFormat'; readonly format: ClientFormat }
  | { readonly type: 'setEncodings'; readonly encodings: readonly number[] }
  | { readonly type: 'updateRequest'; readonly incremental: boolean; readonly rect: Rect }
  /** `scancode`: where the key is, from viewers that know the extension. */
  | { readonly type: 'key'; readonly down: boolean; readonly keysym: number; readonly scancode?: number }
  | { readonly type: 'pointer'; readonly mask: number; readonly x: number; readonly y: number }
  | { readonly type: 'cutText'; readonly lengthBytes: number }
  /** `screens`: where each lies in the framebuffer. */
  | {
      readonly type: 'setDesktopSize'
      readonly width: number
      readonly height: number
      readonly screens: readonly Rect[]
    }

/** No viewer knows more encodings; it bounds what is kept of a message that has not come whole. */
export const maxEncodings = 1024
/** A longer clipboard is no clipboard. None is kept: it is passed over as it comes. */
export const maxCutTextBytes = 16 * 2 ** 20

const setEncodingsHeadBytes = 4
const setDesktopSizeHeadBytes = 8
const screenBytes = 16

/** Bytes of each message without what its own numbers add. */
const messageBytes = new Map<number, number>([
  [clientMessages.setPixelFormat, 4 + pixelFormatBytes],
  [clientMessages.setEncodings, setEncodingsHeadBytes],
  [clientMessages.framebufferUpdateRequest, 10],
  [clientMessages.keyEvent, 8],
  [clientMessages.pointerEvent, 6],
  [clientMessages.clientCutText, 8],
  [clientMessages.setDesktopSize, setDesktopSizeHeadBytes],
  [clientMessages.qemu, 12],
])

/**
 * Takes one message. Pure and incremental: nothing is used up unless the message is there as a whole (but for a clipboard's
 * text, which is passed over).
 * @returns undefined while more bytes are needed
 * @throws ProtocolError for what is no message
 */
export function readClientMessage(reader: Reader): ClientMessage | undefined {
  if (reader.available < 1) return undefined
  const type = reader.peekU8(0)
  const headBytes = messageBytes.get(type)
  if (headBytes === undefined) {
    throw new ProtocolError(
      `expected a message of type ${[...messageBytes.keys()].join(', ')}, received type ${type}: ` +
        'the server offered no extension that has it, or the stream is out of step',
    )
  }
  if (reader.available < headBytes) return undefined
  switch (type) {
    case clientMessages.setPixelFormat:
      reader.skip(4)
      return { type: 'setPixelFormat', format: readPixelFormat(reader) }
    case clientMessages.setEncodings:
      return readSetEncodings(reader)
    case clientMessages.framebufferUpdateRequest:
      reader.skip(1)
      return { type: 'updateRequest', incremental: reader.u8() !== 0, rect: readRect(reader) }
    case clientMessages.keyEvent: {
      reader.skip(1)
      const down = reader.u8() !== 0
      reader.skip(2)
      return { type: 'key', down, keysym: reader.u32() }
    }
    case clientMessages.pointerEvent:
      reader.skip(1)
      return { type: 'pointer', mask: reader.u8(), x: reader.u16(), y: reader.u16() }
    case clientMessages.setDesktopSize:
      return readSetDesktopSize(reader)
    case clientMessages.qemu:
      return readExtendedKey(reader)
    default:
      return readCutText(reader)
  }
}

function readRect(reader: Reader): Rect {
  const [x, y, width, height] = [reader.u16(), reader.u16(), reader.u16(), reader.u16()]
  return rectOfSize(x, y, width, height)
}

function readSetEncodings(reader: Reader): ClientMessage | undefined {
  const count = reader.peekU16(2)
  if (count > maxEncodings) {
    throw new ProtocolError(`SetEncodings: expected at most ${maxEncodings} encodings, received ${count}`)
  }
  if (reader.available < setEncodingsHeadBytes + 4 * count) return undefined
  reader.skip(setEncodingsHeadBytes)
  return { type: 'setEncodings', encodings: Array.from({ length: count }, () => reader.s32()) }
}

/** At most 255 screens, 4 KiB. Their ids and flags say nothing here. */
function readSetDesktopSize(reader: Reader): ClientMessage | undefined {
  const count = reader.peekU8(6)
  if (reader.available < setDesktopSizeHeadBytes + count * screenBytes) return undefined
  reader.skip(2)
  const [width, height] = [reader.u16(), reader.u16()]
  reader.skip(2)
  const screens = Array.from({ length: count }, () => {
    reader.skip(4)
    const screen = readRect(reader)
    reader.skip(4)
    return screen
  })
  return { type: 'setDesktopSize', width, height, screens }
}

/** A key event with the place of the key: its scancode of the PC's first set. */
function readExtendedKey(reader: Reader): ClientMessage {
  reader.skip(1)
  const kind = reader.u8()
  if (kind !== qemuMessages.extendedKeyEvent) {
    throw new ProtocolError(
      `QEMU message: expected kind ${qemuMessages.extendedKeyEvent}, the extended key event, received kind ${kind}`,
    )
  }
  return { type: 'key', down: reader.u16() !== 0, keysym: reader.u32(), scancode: reader.u32() }
}

/** The length is unsigned here. (Negative, it would be an extended clipboard, which was not offered.) */
function readCutText(reader: Reader): ClientMessage {
  reader.skip(4)
  const lengthBytes = reader.u32()
  if (lengthBytes > maxCutTextBytes) {
    throw new ProtocolError(
      `ClientCutText: expected at most ${maxCutTextBytes} bytes, received ${lengthBytes}`,
    )
  }
  reader.skip(lengthBytes)
  return { type: 'cutText', lengthBytes }
}
