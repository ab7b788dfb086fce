import { InvalidArgumentError } from '../errors.js'
import { containsRect, height, isEmpty, type Rect, rect, rectOfSize, width } from '../geometry/rect.js'
import type { Mode } from '../surface/mode.js'
import type { ControlledDevice, PixelsResult, TextResult } from './protocol.js'

export interface MethodResult {
  readonly result: object
  readonly bytes?: Uint8Array
}

type Params = Readonly<Record<string, unknown>>

/** @param params as the client sent it: not to be trusted */
export type Method = (device: ControlledDevice, params: Params) => MethodResult | Promise<MethodResult>

/** One line a method. */
export const methods: Readonly<Record<string, Method>> = {
  status: (device) => ({ result: device.status() }),
  pixels,
  type,
  text,
}

function partOf(mode: Mode, value: unknown): Rect {
  const bounds = rect(0, 0, mode.width, mode.height)
  if (value === undefined) return bounds
  const numbers = Array.isArray(value) && value.length === 4 && value.every(Number.isInteger)
  const part = numbers ? rectOfSize(...(value as [number, number, number, number])) : undefined
  if (!part || isEmpty(part) || !containsRect(bounds, part)) {
    throw new InvalidArgumentError(
      `rect: expected x, y, width and height of a part of the ${mode.width}x${mode.height} pixels, ` +
        `received ${JSON.stringify(value)}`,
    )
  }
  return part
}

function pixels(device: ControlledDevice, params: Params): MethodResult {
  const { mode, pixels, palette } = device.snapshot()
  const part = partOf(mode, params.rect)
  const rowBytes = width(part) * mode.format.bytesPerPixel
  const bytes = new Uint8Array(rowBytes * height(part))
  for (let y = part.y1, to = 0; y < part.y2; y++, to += rowBytes) {
    const from = y * mode.strideBytes + part.x1 * mode.format.bytesPerPixel
    bytes.set(pixels.subarray(from, from + rowBytes), to)
  }
  const result: PixelsResult = {
    width: width(part),
    height: height(part),
    format: mode.format.name,
    ...(mode.format.indexed && { palette: Buffer.from(palette).toString('base64') }),
  }
  return { result, bytes }
}

/** One of the params, where it is there, has the type of an example. */
function optional<T>(params: Params, name: string, example: T): { [name: string]: T } {
  const value = params[name]
  if (value === undefined) return {}
  if (typeof value !== typeof example) {
    throw new InvalidArgumentError(`${name}: expected a ${typeof example}, received ${JSON.stringify(value)}`)
  }
  return { [name]: value as T }
}

async function type(device: ControlledDevice, params: Params): Promise<MethodResult> {
  const { text } = params
  if (typeof text !== 'string') {
    throw new InvalidArgumentError(`text: expected a string, received ${JSON.stringify(text)}`)
  }
  await device.type(text, {
    ...optional(params, 'layout', 'us'),
    ...optional(params, 'literal', false),
    ...optional(params, 'intervalMs', 0),
  })
  return { result: {} }
}

async function text(device: ControlledDevice, params: Params): Promise<MethodResult> {
  const result: TextResult = {
    text: await device.text({
      ...optional(params, 'pattern', ''),
      ...optional(params, 'stableMs', 0),
      ...optional(params, 'timeoutMs', 0),
    }),
  }
  return { result }
}
