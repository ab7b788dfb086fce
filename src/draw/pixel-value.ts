import { InvalidArgumentError } from '../errors.js'
import type { PixelFormat } from '../pixels/format.js'
import { scaleComponent } from '../pixels/translation.js'

/**
 * A colour as the value of a pixel: the nearest that the format has.
 * @param red 0 to 255, as are green and blue
 * @throws InvalidArgumentError for an indexed format, whose colours are the palette's, and for a component out of range
 */
export function pixelValue(format: PixelFormat, red: number, green: number, blue: number): number {
  if (format.indexed) {
    throw new InvalidArgumentError(
      `format: expected one with colours of its own, received ${format.name}. Its pixels are numbers of the palette.`,
    )
  }
  let value = 0
  for (const [name, component] of Object.entries({ red, green, blue })) {
    if (!(component >= 0 && component <= 255)) {
      throw new InvalidArgumentError(`${name}: expected 0 to 255, received ${component}`)
    }
    const { bits, shift } = format[name as 'red' | 'green' | 'blue']
    value += scaleComponent(component, 2 ** bits - 1) * 2 ** shift
  }
  return value
}
