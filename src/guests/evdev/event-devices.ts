import { constants } from 'node:os'
import { EV, LED } from '../../input/codes.js'
import { type InputEvent, synReport } from '../../input/event.js'
import type { GuestInput, InputConsumer } from '../../input/guest-input.js'
import { binding } from '../../native/load.js'
import type { ValuesOf } from '../../util/record.js'
import * as wire from '../wire.js'
import { EventStream, type StreamHost } from './event-stream.js'
import { route } from './routing.js'

const { EBUSY, EINVAL, EMFILE, ENODEV } = constants.errno

/** Opens of a guest's event devices at a time, all processes' together; more are refused. */
export const maxStreams = 64

/** What a keyboard starts with in Linux (drivers/input/input.c, input_enable_softrepeat's callers). */
const usualRepeat = { delayMs: 250, periodMs: 33 }

/** A guest's event devices, as Linux has them: a keyboard, a pointer, a touch screen and a mouse, each opened any number of times. */
export class EventDevices implements InputConsumer {
  readonly #input: GuestInput
  readonly #streams = new Map<number, EventStream>()
  /** Who has a device for itself. */
  readonly #grabs = new Map<number, EventStream>()
  readonly #detach: () => void
  readonly #streamHost: StreamHost
  #lastId = 0
  #leds = 0
  #repeat = usualRepeat

  constructor(input: GuestInput) {
    this.#input = input
    this.#detach = input.attach(this)
    this.#streamHost = {
      written: (stream, event) => this.#written(stream, event),
      closed: (stream) => this.#closed(stream),
    }
  }

  get streams(): number {
    return this.#streams.size
  }

  /** @returns the stream's id and the program's end of it, which is the caller's to close; or an errno */
  open(device: number): { id: number; fd: number } | { errno: number } {
    if (device >= wire.inputDevices) return { errno: ENODEV }
    if (this.#streams.size >= maxStreams) return { errno: EMFILE }
    const [ours, theirs] = binding.createStreamPair()
    const id = ++this.#lastId
    this.#streams.set(id, new EventStream(id, device, ours, this.#streamHost))
    return { id, fd: theirs }
  }

  /** @returns 0 or an errno */
  control({ id, control, first, second }: ValuesOf<typeof wire.controlInput.fields>): number {
    const stream = this.#streams.get(id)
    if (!stream) return ENODEV
    switch (control) {
      case wire.inputClock:
        return stream.setClock(first) ? 0 : EINVAL
      case wire.inputGrab:
        if (this.#grabs.has(stream.device)) return EBUSY
        this.#grabs.set(stream.device, stream)
        return 0
      case wire.inputUngrab:
        return this.#ungrab(stream) ? 0 : EINVAL
      case wire.inputRevoke:
        stream.close()
        return 0
      case wire.inputRepeat:
        this.#repeat = { delayMs: first, periodMs: second }
        return 0
      default:
        return EINVAL
    }
  }

  /** @param size of the picture */
  state(size: { readonly width: number; readonly height: number }): ValuesOf<typeof wire.inputState.fields> {
    const { keys, x, y, slot, slots, firstTouch } = this.#input.state
    return {
      keys,
      leds: this.#leds,
      repeatDelayMs: this.#repeat.delayMs,
      repeatPeriodMs: this.#repeat.periodMs,
      width: size.width,
      height: size.height,
      x,
      y,
      touchX: firstTouch?.x ?? 0,
      touchY: firstTouch?.y ?? 0,
      slot,
      slots: slots.map((each) => ({ ...each })),
    }
  }

  input(events: readonly InputEvent[]): void {
    if (this.#streams.size === 0) return
    route(events, this.#input.state).forEach((batch, device) => {
      if (batch.length > 0) for (const stream of this.#readers(device)) stream.send(batch)
    })
  }

  /**
   * Waits for those who read keys, as long as they do. One that does not is not waited for while another reads.
   */
  room(): Promise<void> | undefined {
    const readers = this.#readers(wire.inputKeyboard)
    const full = readers.filter((stream) => stream.full)
    const waited = full.filter((stream) => !stream.abandoned)
    if (waited.length > 0) return Promise.all(waited.map((stream) => stream.room())).then(() => undefined)
    if (full.length === 0 || full.length < readers.length) return undefined
    return Promise.any(full.map((stream) => stream.room()))
  }

  /** Idempotent. To programs the devices are gone. */
  close(): void {
    this.#detach()
    for (const stream of this.#streams.values()) stream.close()
  }

  #readers(device: number): EventStream[] {
    const grabber = this.#grabs.get(device)
    if (grabber) return [grabber]
    return [...this.#streams.values()].filter((stream) => stream.device === device)
  }

  #ungrab(stream: EventStream): boolean {
    return this.#grabs.get(stream.device) === stream && this.#grabs.delete(stream.device)
  }

  #closed(stream: EventStream): void {
    this.#ungrab(stream)
    this.#streams.delete(stream.id)
  }

  /** A keyboard's lights are all that programs can change. */
  #written(stream: EventStream, { type, code, value }: InputEvent): void {
    if (stream.device !== wire.inputKeyboard || type !== EV.LED || code > LED.SCROLLL) return
    const before = this.#leds
    this.#leds = value ? before | (1 << code) : before & ~(1 << code)
    if (this.#leds === before) return
    const batch = [{ type, code, value: value ? 1 : 0 }, synReport]
    for (const reader of this.#readers(wire.inputKeyboard)) reader.send(batch)
  }
}
