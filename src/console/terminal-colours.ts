/**
 * A terminal's colours, 0xRRGGBB each: the 256 of its palette and the defaults. Programs change them and ask for them (OSC
 * 4, 10 to 12 and 104, 110 to 112; xterm's ctlseqs).
 */

/** Tango's, as GNOME's terminal has them, but for a black that is black. */
const ansi = [
  0x000000, 0xcc0000, 0x4e9a06, 0xc4a000, 0x3465a4, 0x75507b, 0x06989a, 0xd3d7cf, 0x555753, 0xef2929,
  0x8ae234, 0xfce94f, 0x729fcf, 0xad7fa8, 0x34e2e2, 0xeeeeec,
]

/** Steps of the cube of 6 x 6 x 6, and the 24 greys: xterm's (256colres.pl). */
const cubeSteps = [0, 95, 135, 175, 215, 255]

function grey(i: number): number {
  return (8 + i * 10) * 0x010101
}

/** The palette as it is before any program changed it. */
export const standardPalette: readonly number[] = [
  ...ansi,
  ...Array.from({ length: 216 }, (_, i) =>
    [Math.floor(i / 36), Math.floor(i / 6) % 6, i % 6].reduce((rgb, step) => rgb * 256 + cubeSteps[step]!, 0),
  ),
  ...Array.from({ length: 24 }, (_, i) => grey(i)),
]

const standardForeground = 0xd3d7cf
const standardBackground = 0x000000

export class TerminalColours {
  readonly palette = Uint32Array.from(standardPalette)
  foreground = standardForeground
  background = standardBackground

  reset(): void {
    this.palette.set(standardPalette)
    this.foreground = standardForeground
    this.background = standardBackground
  }
}

/** Halfway to the background: how faint text is shown. */
export function dimmed(foreground: number, background: number): number {
  return ((foreground & 0xfefefe) >>> 1) + ((background & 0xfefefe) >>> 1)
}

/** "rgb:ff/80/00" with one to four digits each, "#ff8000" (XParseColor(3)). @returns undefined for others */
export function parseColour(text: string): number | undefined {
  const parts =
    /^rgb:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})$/i.exec(text) ??
    /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(text)
  if (!parts) return undefined
  return parts.slice(1).reduce((rgb, digits) => {
    const value = Number.parseInt(digits, 16) / (16 ** digits.length - 1)
    return rgb * 256 + Math.round(value * 255)
  }, 0)
}

/** As xterm answers: 16 bits a component. */
export function formatColour(rgb: number): string {
  const components = [rgb >>> 16, (rgb >>> 8) & 255, rgb & 255]
  return `rgb:${components.map((value) => value.toString(16).padStart(2, '0').repeat(2)).join('/')}`
}
