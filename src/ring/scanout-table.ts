import type { DeviceMemory } from '../native/binding.js'
import { type PixelFormatName, pixelFormatNames } from '../pixels/format.js'
import { createMode, type Mode, modeBytes } from '../surface/mode.js'
import { formatCodes, framebufferMode, info, maxScanouts, paletteColours, scanout } from './layout.js'
import type { LaidOutMemory } from './memory.js'

/** What a scanout shows, and where. */
export interface ScanoutState {
  readonly mode: Mode
  /** 0: shown; 1 to 4: FB_BLANK_* (linux/fb.h). */
  readonly blank: number
  /** Beside the other scanouts. */
  readonly x: number
  readonly y: number
}

const formatNames = new Map<number, PixelFormatName>(
  pixelFormatNames.map((name) => [formatCodes[name], name]),
)
const silence = new Uint8Array(scanout.fields.reserved.size)

function entryOf(memory: DeviceMemory, number: number): Uint8Array {
  return new Uint8Array(memory.untracked, info.offsets.scanouts + number * scanout.size, scanout.size)
}

/**
 * Reads an entry once.
 * @returns undefined where the scanout shows nothing, or what it says cannot be
 */
export function readScanout({ memory, layout }: LaidOutMemory, number: number): ScanoutState | undefined {
  const { enabled, width, height, strideBytes, offsetBytes, format, blank, x, y } = scanout.decode(
    entryOf(memory, number).slice(),
  )
  const name = formatNames.get(format)
  if (enabled !== 1 || name === undefined || blank > 4) return undefined
  try {
    const mode = createMode({ width, height, strideBytes, offsetBytes: Number(offsetBytes), format: name })
    return mode.offsetBytes + modeBytes(mode) <= layout.pixelsBytes ? { mode, blank, x, y } : undefined
  } catch {
    return undefined
  }
}

/** @param state inside of the pixels; undefined: the scanout shows nothing */
export function writeScanout(memory: DeviceMemory, number: number, state: ScanoutState | undefined): void {
  const { mode, blank = 0, x = 0, y = 0 } = state ?? {}
  const entry = scanout.encode({
    enabled: mode ? 1 : 0,
    width: mode?.width ?? 0,
    height: mode?.height ?? 0,
    strideBytes: mode?.strideBytes ?? 0,
    offsetBytes: BigInt(mode?.offsetBytes ?? 0),
    format: mode ? formatCodes[mode.format.name] : 0,
    blank,
    x,
    y,
    reserved: silence,
  })
  entryOf(memory, number).set(entry)
}

/** The mode of scanout 0 where Xen's kind looks for it. */
export function writeFramebufferMode({ memory, layout }: LaidOutMemory, mode: Mode): void {
  const { width, height, strideBytes, format } = mode
  const raw = framebufferMode.encode({
    indices: new Uint8Array(),
    width,
    height,
    lineLength: strideBytes,
    memLength: Math.min(layout.pixelsBytes, 2 ** 32 - 1),
    depth: format.bytesPerPixel * 8,
    padding: new Uint8Array(),
  })
  const at = framebufferMode.offsets.width
  new Uint8Array(memory.untracked, layout.framebufferOffset + at).set(raw.subarray(at))
}

/** The colours of a scanout: 256 values 0x00RRGGBB, those of the memory itself. */
export function coloursOf({ memory, layout }: LaidOutMemory, number: number): Uint32Array {
  const offset = layout.coloursOffset + number * paletteColours * Uint32Array.BYTES_PER_ELEMENT
  return new Uint32Array(memory.untracked, offset, paletteColours)
}

/** The numbers of all scanouts. */
export const scanoutNumbers: readonly number[] = Array.from({ length: maxScanouts }, (_, number) => number)
