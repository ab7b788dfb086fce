import type { Surface } from '../../src/index.js'
import type { Control } from './control.js'
import { startKvmWriter } from './kvm-writer.js'
import { native } from './native.js'
import { RemoteWriter } from './remote-writer.js'
import type { WriterKind } from './writer-kind.js'

/** Draws the frames of a control page on a surface. */
export interface Writer {
  /** Draws what the control page asks for; it is done when this returns. @throws Error where the writer is gone */
  draw(): void
  /** Idempotent. */
  close(): Promise<void>
}

class LocalWriter implements Writer {
  readonly #control: Control
  readonly #pixels: Uint8Array
  readonly #strideBytes: number

  constructor(control: Control, surface: Surface) {
    this.#control = control
    this.#pixels = surface.pixels
    this.#strideBytes = surface.mode.strideBytes
  }

  draw(): void {
    native.drawHere(this.#control.bytes, this.#pixels, this.#strideBytes)
  }

  async close(): Promise<void> {}
}

export async function startWriter(kind: WriterKind, control: Control, surface: Surface): Promise<Writer> {
  switch (kind) {
    case 'same':
      return new LocalWriter(control, surface)
    case 'other':
      return RemoteWriter.start(control, surface)
    case 'kvm':
      return startKvmWriter(control, surface)
  }
}
