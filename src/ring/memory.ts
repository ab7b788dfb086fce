import { InvalidArgumentError, ProtocolError } from '../errors.js'
import type { DeviceMemory } from '../native/binding.js'
import { binding } from '../native/load.js'
import { deviceMagic, devicePageBytes, deviceVersion, info, maxScanouts, paletteColours } from './layout.js'

/** Where the parts of device memory lie, in bytes: the first part of the info page. */
export interface MemoryLayout {
  readonly memoryBytes: number
  readonly framebufferOffset: number
  readonly keyboardOffset: number
  readonly bitmapOffset: number
  readonly bitmapBytes: number
  readonly heapOffset: number
  readonly heapBytes: number
  readonly coloursOffset: number
  readonly pixelsOffset: number
  readonly pixelsBytes: number
}

/** Device memory, and what its info page said when it was read. */
export interface LaidOutMemory {
  readonly memory: DeviceMemory
  readonly layout: MemoryLayout
}

export interface MemoryOptions {
  /** Room for all that any mode of any scanout will show. What was never drawn to takes no memory. Default: 64 MiB. */
  pixelsBytes?: number
  /** Room for images that are on their way to the backend. Default: 1 MiB. */
  heapBytes?: number
}

const defaultPixelsBytes = 64 * 2 ** 20
const defaultHeapBytes = 2 ** 20
const coloursBytes = paletteColours * maxScanouts * 4
/** Of the largest device (see DeviceMemory in src/native/binding.ts). */
const mostBytes = 2 ** 32
/** The largest page of any machine that Linux runs on: pixels share a page with nothing else. */
const largestPageBytes = 65536

/** Pages of the pixels, as the dirty bitmap counts them. */
export function pixelPages({ pixelsBytes }: MemoryLayout): number {
  return Math.ceil(pixelsBytes / devicePageBytes)
}

/** @throws InvalidArgumentError where a size is out of range */
export function planLayout(options: MemoryOptions = {}): MemoryLayout {
  const { pixelsBytes = defaultPixelsBytes, heapBytes = defaultHeapBytes } = options
  checkSize('pixelsBytes', pixelsBytes, 1)
  checkSize('heapBytes', heapBytes, 0)
  let end: number = info.size
  const place = (sizeBytes: number): number => {
    const offset = end
    end += roundUp(sizeBytes, devicePageBytes)
    return offset
  }
  const bitmapBytes = roundUp(Math.ceil(pixelsBytes / devicePageBytes / 8), devicePageBytes)
  const layout = {
    framebufferOffset: place(devicePageBytes),
    keyboardOffset: place(devicePageBytes),
    coloursOffset: place(coloursBytes),
    bitmapOffset: place(bitmapBytes),
    bitmapBytes,
    heapOffset: place(heapBytes),
    heapBytes,
  }
  const pixelsOffset = roundUp(end, largestPageBytes)
  const memoryBytes = pixelsOffset + roundUp(pixelsBytes, devicePageBytes)
  if (memoryBytes > mostBytes) {
    throw new InvalidArgumentError(
      `pixelsBytes, heapBytes: expected a device of at most ${mostBytes} bytes, received ${memoryBytes}`,
    )
  }
  return { ...layout, memoryBytes, pixelsOffset, pixelsBytes }
}

/**
 * New device memory with an info page. The caller closes it.
 * @throws InvalidArgumentError where a size is out of range
 */
export function createDeviceMemory(options: MemoryOptions = {}): LaidOutMemory {
  const layout = planLayout(options)
  const memory = new binding.DeviceMemory(layout.memoryBytes)
  const page = encodeLayout(layout)
  new Uint8Array(memory.untracked).set(page.subarray(8), 8)
  // The magic last: whoever sees its first letters sees all that was written before them.
  const magic = new DataView(page.buffer)
  binding.storeWord(memory, 4, magic.getUint32(4, true))
  binding.storeWord(memory, 0, magic.getUint32(0, true))
  return { memory, layout }
}

/**
 * Device memory that somebody else made: its info page is read once, and checked.
 * @throws ProtocolError where it is none, or a part of it lies where it cannot
 */
export function adoptDeviceMemory(memory: DeviceMemory): LaidOutMemory {
  const page = new Uint8Array(memory.untracked).slice(0, info.size)
  return { memory, layout: decodeLayout(page, memory.sizeBytes) }
}

/** The first part of an info page: what does not change. */
export function encodeLayout({
  memoryBytes,
  pixelsOffset,
  pixelsBytes,
  ...layout
}: MemoryLayout): Uint8Array {
  return info
    .encode({
      ...info.decode(new Uint8Array(info.size)),
      ...layout,
      magic: deviceMagic,
      version: deviceVersion,
      pageBytes: devicePageBytes,
      memoryBytes: BigInt(memoryBytes),
      pixelsOffset: BigInt(pixelsOffset),
      pixelsBytes: BigInt(pixelsBytes),
    })
    .subarray(0, info.offsets.backend)
}

/**
 * @param page an info page; nobody else writes to it
 * @param sizeBytes of the file
 * @throws ProtocolError
 */
export function decodeLayout(page: Uint8Array, sizeBytes: number): MemoryLayout {
  const values = info.decode(page)
  expectValue('magic', values.magic, deviceMagic)
  expectValue('version', values.version, deviceVersion)
  expectValue('page_bytes', values.pageBytes, devicePageBytes)
  const layout: MemoryLayout = {
    memoryBytes: Number(values.memoryBytes),
    framebufferOffset: values.framebufferOffset,
    keyboardOffset: values.keyboardOffset,
    bitmapOffset: values.bitmapOffset,
    bitmapBytes: values.bitmapBytes,
    heapOffset: values.heapOffset,
    heapBytes: values.heapBytes,
    coloursOffset: values.coloursOffset,
    pixelsOffset: Number(values.pixelsOffset),
    pixelsBytes: Number(values.pixelsBytes),
  }
  if (layout.memoryBytes > sizeBytes) {
    throw new ProtocolError(
      `info page: memory_bytes: expected at most ${sizeBytes}, received ${layout.memoryBytes}`,
    )
  }
  if (layout.pixelsBytes === 0)
    throw new ProtocolError('info page: pixels_bytes: expected at least 1, received 0')
  const bitmapBytes = Math.ceil(pixelPages(layout) / 8)
  if (layout.bitmapBytes < bitmapBytes) {
    throw new ProtocolError(
      `info page: bitmap_bytes: expected at least ${bitmapBytes}, received ${layout.bitmapBytes}`,
    )
  }
  checkParts(layout)
  return layout
}

/** Parts are whole pages behind the info page and inside of the memory, and do not overlap. */
function checkParts(layout: MemoryLayout): void {
  const { bitmapBytes, heapBytes, pixelsBytes } = layout
  const parts = [
    { name: 'framebuffer', offset: layout.framebufferOffset, bytes: devicePageBytes },
    { name: 'keyboard', offset: layout.keyboardOffset, bytes: devicePageBytes },
    { name: 'colours', offset: layout.coloursOffset, bytes: coloursBytes },
    { name: 'bitmap', offset: layout.bitmapOffset, bytes: bitmapBytes },
    { name: 'heap', offset: layout.heapOffset, bytes: heapBytes },
    { name: 'pixels', offset: layout.pixelsOffset, bytes: pixelsBytes },
  ].filter(({ bytes }) => bytes > 0)
  let end: number = info.size
  for (const { name, offset, bytes } of parts.sort((a, b) => a.offset - b.offset)) {
    const fits = offset % devicePageBytes === 0 && offset >= end && offset + bytes <= layout.memoryBytes
    if (!fits) {
      throw new ProtocolError(
        `info page: ${name}: expected ${bytes} bytes on whole pages, from ${end} to ${layout.memoryBytes}, received offset ${offset}`,
      )
    }
    end = offset + roundUp(bytes, devicePageBytes)
  }
}

function expectValue<V extends string | number>(name: string, received: V, expected: V): void {
  if (received === expected) return
  throw new ProtocolError(
    `info page: ${name}: expected ${JSON.stringify(expected)}, received ${JSON.stringify(received)}`,
  )
}

function checkSize(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least && value <= mostBytes) return
  throw new InvalidArgumentError(
    `${name}: expected a whole number from ${least} to ${mostBytes}, received ${value}`,
  )
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit
}
