/**
 * What this holds: docs/protocol.md is enough to write a frontend. One in C and one in Python, which share nothing with
 * this project, draw on `umfb serve`; a viewer sees each stage of their picture, pixel for pixel, and types to them.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import type { DrawOp } from '../../src/draw/op.js'
import { rectOfSize } from '../../src/geometry/rect.js'
import { type PixelFormatName, pixelFormats } from '../../src/pixels/format.js'
import { toRgb } from '../../src/pixels/to-rgb.js'
import { createMode } from '../../src/surface/mode.js'
import { capture, start } from '../support/child.js'
import { describeDifference, isSamePicture } from '../support/compare.js'
import { repositoryRoot } from '../support/paths.js'
import type { Picture } from '../support/pictures.js'
import { PlainBlitter } from '../support/plain-blitter.js'
import { skipWithout } from '../support/programs.js'
import { temporaryFolder } from '../support/temporary.js'
import { UmfbProcess } from '../support/umfb-process.js'
import { WatchingViewer } from '../support/watching-viewer.js'

const sources = join(repositoryRoot, 'test/ring/frontends')

/* The picture: plain.c and plain.py have the same ops. */

const [width, height] = [160, 100]

function gradient(): Uint8Array {
  const values = Uint32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)]
    return (((x * 7) ^ (y * 13)) * 0x010305) & 0xffffff
  })
  return new Uint8Array(values.buffer)
}

const bits = Uint8Array.from({ length: 27 }, (_, i) => 0xa6 ^ (i * 37))
const image = Uint32Array.from({ length: 16 * 8 }, (_, i) => (i % 16) * 0x100f00 + Math.floor(i / 16) * 0x1f)

/** After the gradient, which is the first stage. */
const stages: readonly (readonly DrawOp[])[] = [
  [
    { op: 'fill', rect: rectOfSize(10, 10, 50, 30), colour: 0xc02040 },
    { op: 'fill', rect: rectOfSize(40, 20, 60, 40), colour: 0xffffff, rop: 'xor' },
  ],
  [{ op: 'copy', rect: rectOfSize(20, 15, 80, 50), fromX: 10, fromY: 10 }],
  [
    {
      op: 'blit',
      rect: rectOfSize(100, 60, 13, 7),
      image: { bits, foreground: 0xffff00, background: 0x0000ff },
    },
    { op: 'blit', rect: rectOfSize(118, 60, 21, 9), image: { bits, foreground: 0x00ff00 } },
    { op: 'blit', rect: rectOfSize(5, 80, 16, 8), image: { pixels: new Uint8Array(image.buffer) } },
  ],
]

const [smallWidth, smallHeight, smallStrideBytes] = [96, 64, 256]

/** The last two stages: another mode, and a store that its page alone tells of. */
function smallPicture(hasStore: boolean): Picture {
  const values = Uint16Array.from({ length: (smallStrideBytes / 2) * smallHeight }, (_, i) => {
    const [x, y] = [i % (smallStrideBytes / 2), Math.floor(i / (smallStrideBytes / 2))]
    return x < smallWidth ? x * 331 + y * 57 : 0
  })
  if (hasStore) new Uint8Array(values.buffer).fill(0x5a, 4096, 4112)
  return toPicture(values.buffer, smallWidth, smallHeight, smallStrideBytes, 'rgb565')
}

function toPicture(
  buffer: ArrayBufferLike,
  width: number,
  height: number,
  strideBytes: number,
  format: PixelFormatName,
): Picture {
  const layout = { format: pixelFormats[format], strideBytes }
  const whole = rectOfSize(0, 0, width, height)
  return { width, height, rgb: toRgb(new Uint8Array(buffer), layout, new Uint8Array(768), whole) }
}

function* expectedPictures(): Generator<Picture> {
  const blitter = new PlainBlitter(createMode({ width, height }), gradient())
  for (const ops of [[], ...stages]) {
    for (const op of ops) blitter.draw(op)
    yield toPicture(Uint32Array.from(blitter.pixels).buffer, width, height, width * 4, 'xrgb8888')
  }
  yield smallPicture(false)
  yield smallPicture(true)
}

/** linux/input-event-codes.h, X11's keysymdef.h */
const keyA = 30
const keysymA = 0x61

async function drawOnServer(t: TestContext, command: string, ...args: string[]): Promise<void> {
  const socket = join(temporaryFolder(t), 'frontends')
  const umfb = new UmfbProcess(t, ['serve', '--json', '--name', 'plain', socket])
  const { password } = await umfb.event('ready')
  const frontend = start(t, command, [...args, socket], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: frontend.stdout! })[Symbol.asyncIterator]()
  const says = async (line: string) => {
    const { value } = await lines.next()
    assert.equal(value, line)
  }
  const vnc = (await umfb.event('device')).vnc as { host: string; port: number }
  await says('stage 1')
  const viewer = await WatchingViewer.connect(t, { ...vnc, password: password as string })
  let stage = 1
  for (const expected of expectedPictures()) {
    if (stage > 1) await says(`stage ${stage}`)
    const patience = setTimeout(() => {
      const difference = describeDifference(viewer.picture(), expected)
      assert.fail(`stage ${stage}: ${difference}; ${umfb.stderr.text}`)
    }, 20_000)
    await viewer.shows((picture) => isSamePicture(picture, expected))
    clearTimeout(patience)
    if (stage === 3) {
      viewer.key(keysymA, true)
      viewer.key(keysymA, false)
      await says(`key ${keyA} 1`)
      await says(`key ${keyA} 0`)
    }
    if (stage < 6) frontend.stdin!.write('\n')
    stage++
  }
  frontend.stdin!.end()
  await umfb.event('gone')
}

test('a frontend in C, by nothing but libc', { skip: skipWithout('gcc') }, async (t) => {
  const program = join(temporaryFolder(t), 'plain')
  const flags = ['-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-O1']
  await capture('gcc', [...flags, '-o', program, join(sources, 'plain.c')])
  await drawOnServer(t, program)
})

test("a frontend in Python, by nothing but Python's own library", { skip: skipWithout('python3') }, (t) =>
  drawOnServer(t, 'python3', join(sources, 'plain.py')),
)
