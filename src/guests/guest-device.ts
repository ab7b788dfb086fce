import { randomBytes } from 'node:crypto'
import { InvalidArgumentError } from '../errors.js'
import { paletteBytes } from '../pixels/format.js'
import { createMode, type Mode } from '../surface/mode.js'
import type { Surface } from '../surface/surface.js'
import { EventDevices } from './evdev/event-devices.js'
import { type FittedScreen, fitScreen, type Screen, toScreen } from './screen.js'

function sameMode(current: Mode, { mode }: FittedScreen): boolean {
  return (
    current.width === mode.width &&
    current.height === mode.height &&
    current.strideBytes === mode.strideBytes &&
    current.offsetBytes === mode.offsetBytes &&
    current.format.name === mode.format
  )
}

/** A surface as fbdev programs see it: with a virtual height, shared by all connections to it. */
export class GuestDevice {
  readonly surface: Surface
  /** Knowing it lets a process join the device. Never 0. */
  readonly token = randomBytes(8).readBigUInt64LE() | 1n
  /** What its programs open below /dev/input. */
  readonly eventDevices: EventDevices
  #virtualHeight = 0

  constructor(surface: Surface) {
    this.surface = surface
    this.eventDevices = new EventDevices(surface.input)
  }

  /** Idempotent. The surface is its owner's to close. */
  close(): void {
    this.eventDevices.close()
  }

  get screen(): Screen {
    const { mode } = this.surface
    const shown = toScreen(mode, 0)
    return { ...shown, virtualHeight: Math.max(this.#virtualHeight, shown.yOffset + mode.height) }
  }

  /** @returns what was set, or with `test` would be; undefined: it cannot be had */
  setScreen(wanted: Screen, { test = false } = {}): Screen | undefined {
    const fitted = fitScreen(wanted, this.surface.mode.format, this.surface.capacityBytes)
    if (!fitted) return undefined
    if (test) return this.#testScreen(fitted)
    this.#virtualHeight = fitted.virtualHeight
    try {
      // A new mode makes every viewer start over: not where nothing is new.
      if (!sameMode(this.surface.mode, fitted)) this.surface.setMode(fitted.mode)
    } catch (error) {
      if (error instanceof InvalidArgumentError) return undefined
      throw error
    }
    return this.screen
  }

  /** @returns false where the offsets lie beyond the virtual screen */
  pan(xOffset: number, yOffset: number): boolean {
    const { screen } = this
    if (xOffset > screen.virtualWidth - screen.width) return false
    if (yOffset > screen.virtualHeight - screen.height) return false
    return this.setScreen({ ...screen, xOffset, yOffset }) !== undefined
  }

  /** @param colours of all 256; only `count` from `first` on are taken. @returns false where they are out of range */
  setColours(first: number, count: number, colours: Uint8Array): boolean {
    if (first > 256 || count > 256 - first || colours.length !== paletteBytes) return false
    const palette = Uint8Array.from(this.surface.palette)
    palette.set(colours.subarray(first * 3, (first + count) * 3), first * 3)
    this.surface.setPalette(palette)
    return true
  }

  #testScreen({ mode, virtualHeight }: FittedScreen): Screen {
    return toScreen(createMode(mode), virtualHeight)
  }
}
