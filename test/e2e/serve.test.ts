/**
 * What this holds: programs that were built with libumfb connect to `umfb serve` and get a device each, of the size that
 * they want; viewers see them, and their input arrives, unless the server was told that viewers only view.
 */
import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { start } from '../support/child.js'
import { assertSamePicture, isSamePicture } from '../support/compare.js'
import { compile, withLibumfb } from '../support/compile.js'
import { type Picture, readPicture } from '../support/pictures.js'
import { skipWithout } from '../support/programs.js'
import { type Event, UmfbProcess } from '../support/umfb-process.js'
import { WatchingViewer } from '../support/watching-viewer.js'

/** linux/input-event-codes.h */
const [typeKey, keyA, buttonLeft] = [1, 30, 0x110]
/** X11's keysymdef.h */
const keysymA = 0x61

interface DeviceEvent extends Event {
  readonly name: string
  readonly program: string
  readonly vnc: { host: string; port: number }
}

/** A running frontend.c: its device, and the lines that it says. */
class Frontend {
  readonly device: DeviceEvent
  readonly picture: Picture
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  static async start(
    t: TestContext,
    program: string,
    umfb: UmfbProcess,
    socket: string,
    size: [number, number],
    colour: number,
  ) {
    const args = [socket, `${size[0]}`, `${size[1]}`, `0x${colour.toString(16)}`]
    const process = start(t, program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = createInterface({ input: process.stdout! })[Symbol.asyncIterator]()
    const device = (await umfb.event('device')) as DeviceEvent
    const { value } = await lines.next()
    assert.equal(value, 'drawn')
    return new Frontend(process, lines, device, plain(size, colour))
  }

  private constructor(
    process: ChildProcess,
    lines: AsyncIterator<string>,
    device: DeviceEvent,
    picture: Picture,
  ) {
    this.#process = process
    this.#lines = lines
    this.device = device
    this.picture = picture
  }

  /** Until the line is said. Never, where it is not: the test's time ends. */
  async says(line: string): Promise<void> {
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done) throw new Error(`the frontend ended before it said "${line}"`)
      if (value === line) return
    }
  }

  /** Ends it. @returns what it said that nobody waited for */
  async end(): Promise<string[]> {
    this.#process.stdin!.end()
    const rest: string[] = []
    for (let next = await this.#lines.next(); !next.done; next = await this.#lines.next())
      rest.push(next.value)
    if (this.#process.exitCode === null) await once(this.#process, 'exit')
    assert.equal(this.#process.exitCode, 0)
    return rest
  }
}

function plain([width, height]: [number, number], colour: number): Picture {
  const bytes = [colour >> 16, (colour >> 8) & 255, colour & 255]
  return { width, height, rgb: Uint8Array.from({ length: width * height * 3 }, (_, i) => bytes[i % 3]!) }
}

async function serve(t: TestContext, ...options: string[]) {
  const program = await compile(t, 'frontend', ...withLibumfb)
  const socket = join(program, '..', 'guests')
  const umfb = new UmfbProcess(t, ['serve', '--json', '--name', 'wall', ...options, socket])
  const ready = await umfb.event('ready')
  assert.equal(ready.socket, socket)
  const frontend = (size: [number, number], colour: number) =>
    Frontend.start(t, program, umfb, socket, size, colour)
  const password = ready.password as string
  const connect = ({ device }: Frontend) => WatchingViewer.connect(t, { ...device.vnc, password })
  return { umfb, socket, frontend, connect }
}

test('frontends of libumfb', { skip: skipWithout('gcc') }, async (t) => {
  await t.test('a device each, listed, seen, gone with its frontend', async (t) => {
    const { umfb, socket, frontend, connect } = await serve(t)
    const frontends = [await frontend([320, 200], 0xc02040), await frontend([200, 320], 0x2040c0)]
    const names = frontends.map(({ device }) => device.name)
    assert.deepEqual(names, ['wall-1', 'wall-2'])
    assert.deepEqual(
      frontends.map(({ device }) => device.program),
      ['frontend', 'frontend'],
    )

    const list = async () => {
      const lines = (await umfb.cli('ls', '--json')).toString().trim().split('\n')
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
    }
    assert.deepEqual(
      (await list()).map(({ name, width, height }) => [name, width, height]),
      [
        ['wall-1', 320, 200],
        ['wall-2', 200, 320],
      ],
    )
    for (const each of frontends) {
      const { device, picture } = each
      assertSamePicture(await readPicture(await umfb.cli('snapshot', device.name, '-')), picture, device.name)
      const viewer = await connect(each)
      await viewer.shows((seen) => isSamePicture(seen, picture))
    }

    await frontends[0]!.end()
    assert.equal((await umfb.event('gone')).name, 'wall-1')
    assert.deepEqual(
      (await list()).map(({ name }) => name),
      ['wall-2'],
    )
    assert.deepEqual(await umfb.end(), { status: 0, signal: null })
    assert.equal(existsSync(socket), false)
    umfb.assertNothingLeft()
  })

  await t.test("a viewer's keys and pointer arrive", async (t) => {
    const { frontend, connect } = await serve(t)
    const painted = await frontend([320, 200], 0x808080)
    const viewer = await connect(painted)
    viewer.key(keysymA, true)
    viewer.key(keysymA, false)
    await painted.says(`input ${typeKey} ${keyA} 1`)
    await painted.says(`input ${typeKey} ${keyA} 0`)
    viewer.click(100, 50)
    await painted.says(`input ${typeKey} ${buttonLeft} 1`)
    await painted.says(`input ${typeKey} ${buttonLeft} 0`)
  })

  await t.test('--view-only: no input arrives', async (t) => {
    const { frontend, connect } = await serve(t, '--view-only')
    const painted = await frontend([320, 200], 0x808080)
    const viewer = await connect(painted)
    await viewer.shows((picture) => isSamePicture(picture, painted.picture))
    viewer.key(keysymA, true)
    viewer.key(keysymA, false)
    viewer.click(100, 50)
    // When it answers what came after the input, the server has taken the input.
    await viewer.refresh()
    assert.deepEqual(await painted.end(), [])
  })
})
