import { copyRect } from './encodings/copy-rect.js'
import type { Encoder, Encoding } from './encodings/encoding.js'
import { raw } from './encodings/raw.js'
import { chooseEncoding } from './encodings/registry.js'
import { type ClientFormat, serverFormat } from './pixel-format.js'
import { encodings } from './protocol.js'

/** What one viewer asked for, and the encoders that serve it. An update reads it once, at its start. */
export class ClientParameters {
  #format: ClientFormat = serverFormat
  #encoding: Encoding = raw
  #copyRect = false
  #desktopSize = false
  #extendedDesktopSize = false
  #cursor: 'plain' | 'alpha' | undefined
  #pointerPos = false
  #colourMapOwed = false
  /** Whether the viewer is still to be told that its extended key events are understood, or was told. */
  #extendedKeys: 'unknown' | 'owed' | 'told' = 'unknown'
  readonly #encoders = new Map<Encoding, Encoder>()

  get format(): ClientFormat {
    return this.#format
  }

  get encoding(): Encoding {
    return this.#encoding
  }

  /** True: the viewer can copy what it shows from one place to another. */
  get copyRect(): boolean {
    return this.#copyRect
  }

  /** True: the viewer bears another size of the framebuffer. */
  get desktopSize(): boolean {
    return this.#desktopSize
  }

  /** True: the viewer knows sizes with screens, and is told no other. */
  get extendedDesktopSize(): boolean {
    return this.#extendedDesktopSize
  }

  /** How the viewer can be told the pointer's shape, the best of its ways; undefined: not at all. */
  get cursor(): 'plain' | 'alpha' | undefined {
    return this.#cursor
  }

  /** True: the viewer can put its pointer where the guest has it. */
  get pointerPos(): boolean {
    return this.#pointerPos
  }

  setFormat(format: ClientFormat): void {
    this.#format = format
    this.#colourMapOwed = !format.trueColour
  }

  /** True, once for each change of format, where the viewer must be told our colours before it gets pixels. */
  takeColourMapOwed(): boolean {
    const owed = this.#colourMapOwed
    this.#colourMapOwed = false
    return owed
  }

  /** True, once, for a viewer that could send where its keys are and waits to hear that it may. */
  takeExtendedKeysOwed(): boolean {
    if (this.#extendedKeys !== 'owed') return false
    this.#extendedKeys = 'told'
    return true
  }

  /** The newest list is the whole truth: what it leaves out is not borne any more. */
  setEncodings(listed: readonly number[]): void {
    this.#encoding = chooseEncoding(listed)
    this.#copyRect = listed.includes(copyRect.id)
    this.#desktopSize = listed.includes(encodings.desktopSize)
    this.#extendedDesktopSize = listed.includes(encodings.extendedDesktopSize)
    const hasAlpha = listed.includes(encodings.cursorWithAlpha)
    this.#cursor = hasAlpha ? 'alpha' : listed.includes(encodings.cursor) ? 'plain' : undefined
    this.#pointerPos = listed.includes(encodings.pointerPos)
    if (this.#extendedKeys === 'unknown' && listed.includes(encodings.qemuExtendedKeyEvent)) {
      this.#extendedKeys = 'owed'
    }
  }

  /** The encoder in use. Encoders are kept while others are in use: their streams go on where they stopped. */
  encoder(): Encoder {
    let encoder = this.#encoders.get(this.#encoding)
    if (!encoder) {
      encoder = this.#encoding.createEncoder()
      this.#encoders.set(this.#encoding, encoder)
    }
    return encoder
  }

  /** Idempotent. */
  close(): void {
    for (const encoder of this.#encoders.values()) encoder.close()
    this.#encoders.clear()
  }
}
