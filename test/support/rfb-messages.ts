/** What a viewer says (RFC 6143, 7.5), byte by byte. */
export interface WireFormat {
  readonly bitsPerPixel: number
  readonly depth: number
  readonly bigEndian?: boolean
  readonly trueColour?: boolean
  /** Red, green, blue. */
  readonly max?: readonly [number, number, number]
  readonly shift?: readonly [number, number, number]
}

const u16 = (value: number) => [(value >> 8) & 255, value & 255]
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value)]

export function setPixelFormat(format: WireFormat): Buffer {
  const { bitsPerPixel, depth, bigEndian = false, trueColour = true } = format
  const { max = [0, 0, 0], shift = [0, 0, 0] } = format
  const flags = [bigEndian ? 1 : 0, trueColour ? 1 : 0]
  return Buffer.from([0, 0, 0, 0, bitsPerPixel, depth, ...flags, ...max.flatMap(u16), ...shift, 0, 0, 0])
}

export function setEncodings(encodings: readonly number[]): Buffer {
  return Buffer.from([2, 0, ...u16(encodings.length), ...encodings.flatMap(u32)])
}

export function updateRequest(
  incremental: boolean,
  [x, y, width, height]: readonly [number, number, number, number],
): Buffer {
  return Buffer.from([3, incremental ? 1 : 0, ...u16(x), ...u16(y), ...u16(width), ...u16(height)])
}

export function keyEvent(keysym: number, down: boolean): Buffer {
  return Buffer.from([4, down ? 1 : 0, 0, 0, ...u32(keysym)])
}

/** QEMU's, with the place of the key. */
export function extendedKeyEvent(keysym: number, down: boolean, scancode: number): Buffer {
  return Buffer.from([255, 0, 0, down ? 1 : 0, ...u32(keysym), ...u32(scancode)])
}

export function pointerEvent(mask: number, x: number, y: number): Buffer {
  return Buffer.from([5, mask, ...u16(x), ...u16(y)])
}

/** @param screens each id, x, y, width, height, flags; default: one, which is all */
export function setDesktopSize(
  width: number,
  height: number,
  screens: readonly (readonly number[])[] = [[0, 0, 0, width, height, 0]],
): Buffer {
  const bytes = screens.flatMap(([id, x, y, w, h, flags]) => [
    ...u32(id!),
    ...[x!, y!, w!, h!].flatMap(u16),
    ...u32(flags!),
  ])
  return Buffer.from([251, 0, ...u16(width), ...u16(height), screens.length, 0, ...bytes])
}

export function clientCutText(text: string): Buffer {
  return Buffer.concat([Buffer.from([6, 0, 0, 0, ...u32(text.length)]), Buffer.from(text, 'latin1')])
}
