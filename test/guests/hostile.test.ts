import assert from 'node:assert/strict'
import { closeSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { GuestServer } from '../../src/guests/guest-server.js'
import * as wire from '../../src/guests/wire.js'
import type { Channel } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import type { Surface } from '../../src/surface/surface.js'
import { temporaryFolder } from '../support/temporary.js'
import { guestSurface } from '../support/test-guest.js'

/** A guest that lies: every answer is an error, no descriptor is left open, and the host goes on. */

const { operations } = wire

class LyingGuest {
  readonly #channel: Channel
  readonly #answers: { status: number; body: Uint8Array }[] = []
  #wake = () => {}
  ended = false

  constructor(path: string) {
    this.#channel = binding.Channel.connect(path)
    this.#channel.start(
      (message, fds) => {
        for (const fd of fds) binding.closeDescriptor(fd)
        const { status } = wire.header.decode(message.slice(0, wire.header.size))
        this.#answers.push({ status, body: message.slice(wire.header.size) })
        this.#wake()
      },
      () => {
        this.ended = true
        this.#wake()
      },
    )
  }

  send(message: Uint8Array, fds: number[] = []): void {
    this.#channel.send(message, fds)
  }

  /** @returns the answer's status; undefined: the connection was ended */
  async ask(
    op: number,
    body: Uint8Array = new Uint8Array(),
    fds: number[] = [],
  ): Promise<number | undefined> {
    const header = wire.header.encode({ op, serial: 7, status: 0, reserved: 0 })
    this.send(Buffer.concat([header, body]), fds)
    while (this.#answers.length === 0 && !this.ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#answers.shift()?.status
  }

  introduce(token = 0n): Promise<number | undefined> {
    const hello = wire.hello.encode({
      version: 1,
      wanted: 0,
      token,
      width: 0,
      height: 0,
      bitsPerPixel: 0,
      reserved: 0,
      program: 'liar',
    })
    return this.ask(operations.hello.code, hello)
  }

  close(): void {
    this.#channel.close()
  }
}

interface Stage {
  surface: Surface
  server: GuestServer
  guest: LyingGuest
}

async function stage(t: TestContext, act: (stage: Stage) => Promise<void>): Promise<void> {
  await using surface = await guestSurface()
  const path = join(temporaryFolder(t), 'socket')
  const server = new GuestServer({ path, openSurface: () => surface })
  const guest = new LyingGuest(path)
  try {
    await act({ surface, server, guest })
  } finally {
    guest.close()
    server.close()
  }
}

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}

const map = (values: Partial<Parameters<typeof wire.map.encode>[0]>) =>
  wire.map.encode({ flags: 0, firstPage: 0, pageCount: 1, reserved: 0, address: 0x10000n, ...values })

test('a message that is shorter than a header ends the connection', (t) =>
  stage(t, async ({ guest }) => {
    guest.send(new Uint8Array([1, 2, 3]))
    assert.equal(await guest.ask(operations.kick.code), undefined)
  }))

test('nothing is answered before the introduction, and there is only one', (t) =>
  stage(t, async ({ guest }) => {
    assert.equal(await guest.ask(operations.getScreen.code), -71)
    assert.equal(await guest.introduce(), 0)
    assert.equal(await guest.introduce(), -71)
  }))

test('a token that nobody was given opens no device', (t) =>
  stage(t, async ({ guest }) => assert.equal(await guest.introduce(12345n), -19)))

test('unknown operations, and bodies of a wrong size', (t) =>
  stage(t, async ({ guest }) => {
    await guest.introduce()
    assert.equal(await guest.ask(77), -38)
    for (const operation of Object.values(operations)) {
      if (operation === operations.hello) continue
      assert.equal(await guest.ask(operation.code, new Uint8Array(3)), -74, `operation ${operation.code}`)
    }
    assert.equal(await guest.ask(operations.getScreen.code), 0, 'it still answers')
  }))

test('mappings beyond the device', (t) =>
  stage(t, async ({ guest }) => {
    await guest.introduce()
    const untracked = { flags: 0 }
    for (const [firstPage, pageCount] of [
      [0, 0],
      [0, 1000],
      [1000, 1],
      [0xffffffff, 0xffffffff],
    ]) {
      const status = await guest.ask(operations.map.code, map({ ...untracked, firstPage, pageCount }))
      assert.equal(status, -22)
      const pages = wire.pages.encode({ firstPage: firstPage!, pageCount: pageCount! })
      assert.equal(await guest.ask(operations.dirty.code, pages), -22)
    }
    assert.equal(await guest.ask(operations.unmap.code, wire.mapping.encode({ id: 99, reserved: 0 })), -22)
  }))

test('descriptors that are not what they should be', (t) =>
  stage(t, async ({ guest, surface }) => {
    await guest.introduce()
    const before = openDescriptors()
    const plain = openSync('/dev/zero', 'r')
    const tracked = map({ flags: wire.mapAsync })
    assert.equal(await guest.ask(operations.map.code, tracked), -74, 'none')
    assert.equal(await guest.ask(operations.map.code, tracked, [plain]), -74, 'one')
    assert.equal(await guest.ask(operations.map.code, tracked, [plain, plain, plain]), -74, 'three')
    assert.equal(await guest.ask(operations.map.code, map({}), [plain]), -74, 'one too many')
    // What cannot be armed is compared: the picture is right all the same.
    assert.equal(await guest.ask(operations.map.code, tracked, [plain, plain]), 0)
    assert.equal(surface.stats.tracking.tracked, 1, 'the own mapping alone')
    assert.equal(await guest.ask(operations.adopt.code, undefined, [plain]), 0)
    assert.equal(await guest.ask(operations.kick.code, undefined, [plain, plain, plain]), 0)
    closeSync(plain)
    assert.equal(openDescriptors(), before)
  }))

test('mappings have a bound, and end with the connection', (t) =>
  stage(t, async ({ guest, surface, server }) => {
    await guest.introduce()
    const untracked = map({})
    for (let count = 0; count < wire.maxMappings; count++) {
      assert.equal(await guest.ask(operations.map.code, untracked), 0)
    }
    assert.equal(await guest.ask(operations.map.code, untracked), -12)
    guest.close()
    await server.idle(AbortSignal.timeout(5000))
    assert.equal(surface.stats.tracking.compared, 0)
  }))

test('event devices that are not there, and streams of nobody', (t) =>
  stage(t, async ({ guest }) => {
    await guest.introduce()
    const open = (device: number) =>
      guest.ask(operations.openInput.code, wire.openInput.encode({ device, reserved: 0 }))
    for (const device of [wire.inputDevices, 0xffffffff]) assert.equal(await open(device), -19)
    const stolen = wire.controlInput.encode({ id: 7, control: wire.inputGrab, first: 0, second: 0 })
    assert.equal(await guest.ask(operations.controlInput.code, stolen), -19)
    assert.equal(await open(wire.inputKeyboard), 0)
  }))

test('impossible screens', (t) =>
  stage(t, async ({ guest, surface }) => {
    await guest.introduce()
    const all = (value: number) => new Uint8Array(wire.setScreen.size).fill(value)
    for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
      assert.equal(await guest.ask(operations.setScreen.code, all(value)), -22)
    }
    assert.equal(surface.mode.width, 128)
    const pan = wire.pan.encode({ xOffset: 0xffffffff, yOffset: 0xffffffff })
    assert.equal(await guest.ask(operations.pan.code, pan), -22)
  }))

test('a surface that closes meanwhile', (t) =>
  stage(t, async ({ guest, surface }) => {
    await guest.introduce()
    await surface.close()
    assert.equal(await guest.ask(operations.getPalette.code), 0)
    assert.equal(await guest.ask(operations.kick.code), 0)
    assert.equal(await guest.ask(operations.map.code, map({})), -12)
  }))
