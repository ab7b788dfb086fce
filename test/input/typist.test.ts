import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CannotTypeError, InputStalledError, InvalidArgumentError } from '../../src/errors.js'
import { EV, KEY } from '../../src/input/codes.js'
import { GuestInput } from '../../src/input/guest-input.js'
import { Typist } from '../../src/input/typist.js'

/** A guest that takes keys when it is told to. */
class SlowGuest {
  readonly input = new GuestInput()
  readonly typist = new Typist(this.input)
  readonly taken: [code: number, value: number][] = []
  #isOpen: boolean
  #makeRoom = () => {}
  readonly #room = new Promise<void>((resolve) => {
    this.#makeRoom = resolve
  })

  constructor({ open = false } = {}) {
    this.#isOpen = open
    this.input.attach({
      input: (events) => {
        for (const { type, code, value } of events) if (type === EV.KEY) this.taken.push([code, value])
      },
      room: () => (this.#isOpen ? undefined : this.#room),
    })
  }

  /** From now on it takes whatever comes. */
  open(): void {
    this.#isOpen = true
    this.#makeRoom()
  }
}

const press = (...codes: number[]) =>
  codes.flatMap((code) => [
    [code, 1],
    [code, 0],
  ])

describe('typing', () => {
  it('presses the keys of a stroke in order, and releases them in the reverse one', async () => {
    const guest = new SlowGuest({ open: true })
    await guest.typist.type('A{ctrl-alt-x}', { intervalMs: 0 })
    const { LEFTSHIFT, LEFTCTRL, LEFTALT, A, X } = KEY
    const all = [
      [LEFTSHIFT, 1],
      [A, 1],
      [A, 0],
      [LEFTSHIFT, 0],
    ]
    all.push([LEFTCTRL, 1], [LEFTALT, 1], [X, 1], [X, 0], [LEFTALT, 0], [LEFTCTRL, 0])
    assert.deepEqual(guest.taken, all)
  })

  it('waits for a guest that has no room', async () => {
    const guest = new SlowGuest()
    const typed = guest.typist.type('ab', { intervalMs: 0 })
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(guest.taken, [])
    guest.open()
    await typed
    assert.deepEqual(guest.taken, press(KEY.A, KEY.B))
  })

  it('gives up a guest that never has any, and goes on with the next text', async () => {
    const guest = new SlowGuest()
    const stuck = guest.typist.type('a', { stallMs: 5 })
    const next = guest.typist.type('b', { stallMs: 60_000 })
    await assert.rejects(stuck, InputStalledError)
    guest.open()
    await next
    assert.deepEqual(guest.taken, press(KEY.B))
  })

  it('types one text after the other', async () => {
    const guest = new SlowGuest({ open: true })
    await Promise.all([
      guest.typist.type('ab', { intervalMs: 1 }),
      guest.typist.type('cd', { intervalMs: 0 }),
    ])
    assert.deepEqual(guest.taken, press(KEY.A, KEY.B, KEY.C, KEY.D))
  })

  it('bounds the texts that wait', async () => {
    const guest = new SlowGuest()
    const typed = Array.from({ length: 16 }, () => guest.typist.type('a', { intervalMs: 0 }))
    await assert.rejects(guest.typist.type('a'), /at most 16 texts/)
    guest.open()
    await Promise.all(typed)
    await guest.typist.type('a')
  })

  it('stops at its signal', async () => {
    const guest = new SlowGuest()
    const controller = new AbortController()
    const typed = guest.typist.type('ab', { signal: controller.signal })
    controller.abort(new Error('enough'))
    await assert.rejects(typed, /enough/)
    assert.deepEqual(guest.taken, [])
    const later = new AbortController()
    guest.open()
    const half = guest.typist.type('ab', { signal: later.signal, intervalMs: 1000 })
    await new Promise((resolve) => setImmediate(resolve))
    later.abort(new Error('enough'))
    await assert.rejects(half, /enough/)
    assert.deepEqual(guest.taken, press(KEY.A))
  })

  it('types nothing of what it cannot type whole', async () => {
    const guest = new SlowGuest({ open: true })
    await assert.rejects(guest.typist.type('aé'), CannotTypeError)
    await assert.rejects(guest.typist.type('a', { intervalMs: -1 }), InvalidArgumentError)
    await assert.rejects(guest.typist.type('a', { intervalMs: Number.NaN }), InvalidArgumentError)
    assert.deepEqual(guest.taken, [])
  })
})
