import { Socket } from 'node:net'
import { EV, SYN } from '../../input/codes.js'
import { type InputEvent, synReport } from '../../input/event.js'
import { binding } from '../../native/load.js'
import { i32, i64, record, u16 } from '../../util/record.js'

/** struct input_event on 64-bit systems (linux/input.h). */
const timedEvent = record('timed_event', {
  seconds: i64,
  microseconds: i64,
  type: u16,
  code: u16,
  value: i32,
})

/** What EVIOCSCLOCKID knows (drivers/input/evdev.c): CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME. */
const clocks: readonly number[] = [0, 1, 7]

const lost: readonly InputEvent[] = [{ type: EV.SYN, code: SYN.DROPPED, value: 0 }, synReport]

/** Behind the system's full buffer: so much that all keys of a stroke fit that began when there was room. */
const maxBacklogBytes = 4096

/** A reader that has taken nothing for so long is waited for no more: it has lost its interest. */
const patienceMs = 2000

export interface StreamHost {
  /** The guest wrote an event, as programs do to switch a LED. */
  written(stream: EventStream, event: InputEvent): void
  /** The last process that had it open has closed it, or ended. */
  closed(stream: EventStream): void
}

/**
 * One open of an event device: this end of a socket pair, whose other end a program reads as it would read the device. The
 * system's buffer is its queue. What does not fit is dropped, and SYN_DROPPED says so where it was.
 */
export class EventStream {
  readonly id: number
  readonly device: number
  readonly #socket: Socket
  readonly #host: StreamHost
  #clock = 0
  #dropping = false
  #fullSinceMs = 0
  #room: { readonly made: Promise<void>; readonly make: () => void } | undefined
  #rest: Uint8Array = new Uint8Array(0)

  /** @param fd taken over */
  constructor(id: number, device: number, fd: number, host: StreamHost) {
    this.id = id
    this.device = device
    this.#host = host
    this.#socket = new Socket({ fd, readable: true, writable: true })
    this.#socket.on('data', (chunk) => this.#read(chunk))
    this.#socket.on('error', () => this.close())
    this.#socket.on('end', () => this.close())
    this.#socket.on('close', () => {
      this.#room?.make()
      host.closed(this)
    })
    this.#socket.unref()
  }

  /** Something waits that did not fit: the reader is slow. */
  get full(): boolean {
    return this.#socket.writableLength > 0
  }

  get abandoned(): boolean {
    return this.full && performance.now() - this.#fullSinceMs > patienceMs
  }

  /** @returns false for a clock that event devices do not know */
  setClock(clock: number): boolean {
    if (!clocks.includes(clock)) return false
    this.#clock = clock
    return true
  }

  send(events: readonly InputEvent[]): void {
    this.#dropping ||= this.#socket.writableLength > maxBacklogBytes
    if (!this.#dropping) this.#write(events)
  }

  /** Resolves when it is no longer full, or closed, or abandoned. */
  async room(): Promise<void> {
    if (!this.full) return
    let make = () => {}
    this.#room ??= {
      made: new Promise<void>((resolve) => {
        make = resolve
      }),
      make: () => make(),
    }
    const { made } = this.#room
    let patience: NodeJS.Timeout | undefined
    const lostPatience = new Promise<void>((resolve) => {
      patience = setTimeout(resolve, patienceMs)
    })
    await Promise.race([made, lostPatience])
    clearTimeout(patience)
  }

  /** Idempotent. */
  close(): void {
    this.#socket.destroy()
  }

  #write(events: readonly InputEvent[]): void {
    const now = binding.clockTime(this.#clock)
    const time = { seconds: now / 1_000_000n, microseconds: now % 1_000_000n }
    const bytes = Buffer.concat(events.map((event) => timedEvent.encode({ ...time, ...event })))
    const wasFull = this.full
    this.#socket.write(bytes, () => this.#flushed())
    if (this.full && !wasFull) this.#fullSinceMs = performance.now()
  }

  #flushed(): void {
    if (this.full) return
    if (this.#dropping) {
      this.#dropping = false
      this.#write(lost)
    }
    const room = this.#room
    this.#room = undefined
    room?.make()
  }

  #read(chunk: Uint8Array): void {
    const bytes = Buffer.concat([this.#rest, chunk])
    let at = 0
    for (; at + timedEvent.size <= bytes.length; at += timedEvent.size) {
      const { type, code, value } = timedEvent.decode(bytes.subarray(at, at + timedEvent.size))
      this.#host.written(this, { type, code, value })
    }
    this.#rest = bytes.subarray(at)
  }
}
