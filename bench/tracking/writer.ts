import type { DeviceMemory, Tracker } from '../../src/native/binding.js'
import type { Control } from './control.js'
import { native } from './native.js'
import { RemoteWriter } from './remote-writer.js'
import { type Size, strideBytes } from './size.js'

/** Where the stores come from. */
export const writerKinds = ['same', 'other'] as const
export type WriterKind = (typeof writerKinds)[number]

/** Draws the frames of a control page. */
export interface Writer {
  /** Has its mapping tracked, where it has one of its own. */
  attach(tracker: Tracker): void
  /** Draws what the control page asks for; it is done when this returns. @throws Error where the writer is gone */
  draw(): void
  close(): Promise<void>
}

/** This process: its own mapping is tracked already. */
class LocalWriter implements Writer {
  readonly #control: Control
  readonly #pixels: Uint8Array
  readonly #strideBytes: number

  constructor(control: Control, memory: DeviceMemory, size: Size) {
    this.#control = control
    this.#pixels = new Uint8Array(memory.buffer)
    this.#strideBytes = strideBytes(size)
  }

  attach(): void {}

  draw(): void {
    native.drawHere(this.#control.bytes, this.#pixels, this.#strideBytes)
  }

  async close(): Promise<void> {}
}

/** @param mechanism what the writer's userfaultfd must be good for */
export async function startWriter(
  kind: WriterKind,
  control: Control,
  memory: DeviceMemory,
  size: Size,
  mechanism: string,
): Promise<Writer> {
  return kind === 'same'
    ? new LocalWriter(control, memory, size)
    : RemoteWriter.start(control, memory, size, mechanism)
}
