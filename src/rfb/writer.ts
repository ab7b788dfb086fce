import type { Rect } from '../geometry/rect.js'
import { height, rectOfSize, width } from '../geometry/rect.js'
import { type ClientFormat, cubeSide, pixelFormatBytes } from './pixel-format.js'
import { encodings, securityResults, serverMessages } from './protocol.js'

/** Every message of the server, built whole. All numbers are big-endian (RFC 6143, 7). */

/** RFC 6143, 7.1.1: what this server offers. */
export function protocolVersion(): Uint8Array {
  return Buffer.from('RFB 003.008\n', 'latin1')
}

/** RFC 6143, 7.1.2: 3.7 and later let the viewer choose. */
export function securityTypeList(types: readonly number[]): Uint8Array {
  return Uint8Array.of(types.length, ...types)
}

/** RFC 6143, A.1: 3.3 is told. */
export function securityTypeChosen(type: number): Uint8Array {
  return u32(type)
}

/** RFC 6143, 7.1.3. A reason only where the version has it: 3.8. */
export function securityResult(ok: boolean, reason?: string): Uint8Array {
  const result = u32(ok ? securityResults.ok : securityResults.failed)
  return reason === undefined ? result : Buffer.concat([result, text(reason)])
}

/** RFC 6143, 7.3.2. */
export function serverInit(
  size: { readonly width: number; readonly height: number },
  format: ClientFormat,
  name: string,
): Uint8Array {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(size.width, 0)
  head.writeUInt16BE(size.height, 2)
  return Buffer.concat([head, pixelFormat(format), text(name)])
}

/** RFC 6143, 7.4. */
function pixelFormat({ bitsPerPixel, depth, trueColour, target }: ClientFormat): Uint8Array {
  const bytes = Buffer.alloc(pixelFormatBytes)
  bytes[0] = bitsPerPixel
  bytes[1] = depth
  bytes[2] = target.bigEndian ? 1 : 0
  bytes[3] = trueColour ? 1 : 0
  for (const [i, { max, step }] of [target.red, target.green, target.blue].entries()) {
    bytes.writeUInt16BE(max, 4 + 2 * i)
    bytes[10 + i] = Math.log2(step)
  }
  return bytes
}

/** RFC 6143, 7.6.1. The rects follow. */
export function framebufferUpdate(rectCount: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes[0] = serverMessages.framebufferUpdate
  bytes.writeUInt16BE(rectCount, 2)
  return bytes
}

/** RFC 6143, 7.6.1: what precedes each rect's pixels. */
export function rectHeader(rect: Rect, encoding: number): Uint8Array {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt16BE(rect.x1, 0)
  bytes.writeUInt16BE(rect.y1, 2)
  bytes.writeUInt16BE(width(rect), 4)
  bytes.writeUInt16BE(height(rect), 6)
  bytes.writeInt32BE(encoding, 8)
  return bytes
}

/** RFC 6143, 7.8.2: a rect without pixels. */
export function desktopSizeRect(size: { readonly width: number; readonly height: number }): Uint8Array {
  return rectHeader({ x1: 0, y1: 0, x2: size.width, y2: size.height }, encodings.desktopSize)
}

/**
 * The community's "ExtendedDesktopSize": one screen, which is all of the framebuffer. To be sent without any pixels.
 * @param reason one of resizeReasons
 * @param status one of resizeStatuses
 */
export function extendedDesktopSizeRect(
  { width, height }: { readonly width: number; readonly height: number },
  reason: number,
  status = 0,
): Uint8Array {
  const screen = Buffer.alloc(20)
  screen[0] = 1
  // The screen's id and flags are 0.
  screen.writeUInt16BE(width, 12)
  screen.writeUInt16BE(height, 14)
  return Buffer.concat([
    rectHeader(rectOfSize(reason, status, width, height), encodings.extendedDesktopSize),
    screen,
  ])
}

/** RFC 6143, 7.8.1: the hot spot is where other rects have their place. The shape follows. */
export function cursorRect(
  shape: { readonly width: number; readonly height: number; readonly hotX: number; readonly hotY: number },
  hasAlpha: boolean,
): Uint8Array {
  const place = rectOfSize(shape.hotX, shape.hotY, shape.width, shape.height)
  return rectHeader(place, hasAlpha ? encodings.cursorWithAlpha : encodings.cursor)
}

/** TightVNC's "PointerPos": a place, and nothing else. */
export function pointerRect(x: number, y: number): Uint8Array {
  return rectHeader(rectOfSize(x, y, 0, 0), encodings.pointerPos)
}

/** RFC 6143, 7.6.3. */
export function bell(): Uint8Array {
  return Uint8Array.of(serverMessages.bell)
}

/** Nothing but the word that extended key events are understood. */
export function extendedKeysRect(): Uint8Array {
  return rectHeader({ x1: 0, y1: 0, x2: 0, y2: 0 }, encodings.qemuExtendedKeyEvent)
}

/** RFC 6143, 7.6.2: the colours of our cube, from entry 0 on; 16 bits a component. */
export function setColourMapEntries(): Uint8Array {
  const count = cubeSide ** 3
  const bytes = Buffer.alloc(6 + count * 6)
  bytes[0] = serverMessages.setColourMapEntries
  bytes.writeUInt16BE(count, 4)
  const step = 0xffff / (cubeSide - 1)
  for (let i = 0; i < count; i++) {
    const at = 6 + i * 6
    bytes.writeUInt16BE(Math.floor(i / cubeSide ** 2) * step, at)
    bytes.writeUInt16BE((Math.floor(i / cubeSide) % cubeSide) * step, at + 2)
    bytes.writeUInt16BE((i % cubeSide) * step, at + 4)
  }
  return bytes
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value, 'utf8')
  return Buffer.concat([u32(bytes.length), bytes])
}
