/** libumfb's device API on `umfb serve`, and on the one that comes after it. */
import assert from 'node:assert/strict'
import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { rectOfSize } from '../../src/geometry/rect.js'
import { type PixelFormatName, pixelFormatNames, pixelFormats } from '../../src/pixels/format.js'
import { toRgb } from '../../src/pixels/to-rgb.js'
import { formatCodes, info } from '../../src/ring/layout.js'
import { isSamePicture } from '../support/compare.js'
import { DeviceProcess } from '../support/device-process.js'
import type { Picture } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary.js'
import { UmfbProcess } from '../support/umfb-process.js'
import { WatchingViewer } from '../support/watching-viewer.js'

const [width, height] = [200, 120]
const page = 4096

/** What scanout 0 shows, from the memory that the process shares. */
async function truth(device: DeviceProcess, format: PixelFormatName = 'xrgb8888'): Promise<Picture> {
  const fd = openSync(`/proc/${device.child.pid}/fd/${await device.call('memory')}`, 'r')
  const read = (length: number, at: number) => {
    const bytes = new Uint8Array(length)
    readSync(fd, bytes, 0, length, at)
    return bytes
  }
  const { pixelsOffset, coloursOffset, scanouts } = info.decode(read(info.size, 0))
  const { width, height, strideBytes, offsetBytes } = scanouts[0]!
  const pixels = read(strideBytes * height, Number(pixelsOffset + offsetBytes))
  const colours = new Uint32Array(read(1024, coloursOffset).buffer)
  closeSync(fd)
  const palette = Uint8Array.from(
    { length: 768 },
    (_, i) => colours[Math.floor(i / 3)]! >> (16 - (i % 3) * 8),
  )
  const layout = { format: pixelFormats[format], strideBytes }
  return { width, height, rgb: toRgb(pixels, layout, palette, rectOfSize(0, 0, width, height)) }
}

/** A running `umfb serve`. */
class Server {
  readonly umfb: UmfbProcess
  readonly #t: TestContext
  readonly #password: string

  static async start(t: TestContext, socket: string): Promise<Server> {
    const umfb = new UmfbProcess(t, ['serve', '--json', '--name', 'wall', socket])
    const { password } = await umfb.event('ready')
    return new Server(t, umfb, password as string)
  }

  private constructor(t: TestContext, umfb: UmfbProcess, password: string) {
    this.#t = t
    this.umfb = umfb
    this.#password = password
  }

  /** A viewer of the next device. */
  async view(): Promise<WatchingViewer> {
    const { vnc } = await this.umfb.event('device')
    const target = { ...(vnc as { host: string; port: number }), password: this.#password }
    return WatchingViewer.connect(this.#t, target)
  }
}

async function shows(viewer: WatchingViewer, expected: Picture): Promise<void> {
  await viewer.shows((picture) => isSamePicture(picture, expected))
}

async function connect(t: TestContext, socket: string, format: PixelFormatName): Promise<DeviceProcess> {
  const device = new DeviceProcess(t, socket)
  assert.equal(await device.call('open', width, height, formatCodes[format]), 0)
  return device
}

test('every op of every format reaches a viewer exactly', async (t) => {
  for (const format of pixelFormatNames) {
    await t.test(format, async (t) => {
      const socket = join(temporaryFolder(t), 'device')
      const server = await Server.start(t, socket)
      const device = await connect(t, socket, format)
      const viewer = await server.view()
      if (format === 'c8') await device.call('colours', 0, 0, 256, 5)
      const ops = [
        ['poke', 0, width * 40, 0x5c],
        ['update', 0, 0, 0, width, height],
        ['fill', 0, -5, 10, 100, 50, 0x89abcdef, 0],
        ['fill', 0, 50, 30, 100, 500, 0x01ffff77, 1],
        ['copy', 0, 20, 20, 150, 90, 17, 26],
        ['blit', 0, 150, 3, 90, 30, 1, 0, 0x76543210, 0xfedcba98, 3],
        ['blit', 0, 3, 60, 70, 33, 2, 0, 0x76543210, 0, 4],
        ['blit', 0, 90, 60, 70, 33, 0, 0, 0, 0, 5],
        ['copy', 0, 0, 0, 200, 119, 0, 1],
        ['poke', 7 * page + 3, 1000, 0xa7],
        ['mark', 7 * page + 3, 1000],
        ['mode', 0, 160, 100, 0, formatCodes[format], page],
        ['fill', 0, 5, 5, 20, 20, 0x31313131, 0],
        ['pan', 0, 2 * page],
      ] as const
      for (const [name, ...values] of ops) {
        assert.equal(await device.call(name, ...values), 0, name)
        // A store is nobody's news until it is told.
        if (name !== 'poke') await shows(viewer, await truth(device, format))
      }
    })
  }
})

test('a backend killed while a frontend draws: the next one shows the exact picture', async (t) => {
  const socket = join(temporaryFolder(t), 'device')
  const first = await Server.start(t, socket)
  const device = await connect(t, socket, 'xrgb8888')
  const viewer = await first.view()
  const before = await truth(device)
  const drawn = device.call('many', 400_000, 1)
  await viewer.shows((picture) => !isSamePicture(picture, before))
  await first.umfb.end('SIGKILL')
  const second = await Server.start(t, socket)
  await drawn
  assert.equal(await device.call('fill', 0, 3, 4, 50, 60, 0x123456, 0), 0)
  await device.says('event connected')
  const next = await second.view()
  await shows(next, await truth(device))
  assert.equal(await device.call('fill', 0, 70, 4, 50, 60, 0x654321, 0), 0)
  await shows(next, await truth(device))
})
