import { randomBytes } from 'node:crypto'
import { InvalidArgumentError } from '../errors.js'
import { paletteBytes } from '../pixels/format.js'
import { createMode } from '../surface/mode.js'
import type { Surface } from '../surface/surface.js'
import { EventDevices } from './evdev/event-devices.js'
import { type FittedScreen, fitScreen, memoryBytesFor, type Screen, toScreen } from './screen.js'

/** A surface as fbdev programs see it: with a virtual height, shared by all connections to it. */
export class GuestDevice {
  readonly surface: Surface
  /** Knowing it lets a process join the device. Never 0. */
  readonly token = randomBytes(8).readBigUInt64LE() | 1n
  /** What its programs open below /dev/input. */
  readonly eventDevices: EventDevices
  #virtualHeight = 0
  #memoryBytes = 0

  constructor(surface: Surface) {
    this.surface = surface
    this.eventDevices = new EventDevices(surface.input)
  }

  /** Idempotent. The surface is its owner's to close. */
  close(): void {
    this.eventDevices.close()
  }

  get screen(): Screen {
    const { mode, capacityBytes } = this.surface
    const shown = toScreen(mode, 0, 0)
    const virtualHeight = Math.max(this.#virtualHeight, shown.yOffset + mode.height)
    // Programs map it once and set modes later, and other processes have mapped what was there before.
    this.#memoryBytes = Math.max(this.#memoryBytes, memoryBytesFor(mode, virtualHeight, capacityBytes))
    return { ...shown, virtualHeight, memoryBytes: this.#memoryBytes }
  }

  /** @returns what was set, or with `test` would be; undefined: it cannot be had */
  setScreen(wanted: Screen, { test = false } = {}): Screen | undefined {
    const fitted = fitScreen(wanted, this.surface.mode.format, this.surface.capacityBytes)
    if (!fitted) return undefined
    if (test) return this.#testScreen(fitted)
    this.#virtualHeight = fitted.virtualHeight
    try {
      this.surface.setMode(fitted.mode)
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
    const tested = createMode(mode)
    const needed = memoryBytesFor(tested, virtualHeight, this.surface.capacityBytes)
    return toScreen(tested, virtualHeight, Math.max(this.#memoryBytes, needed))
  }
}
