/**
 * Invariant: no lost update, while the window moves over memory. Stores to the buffer that is shown and to hidden ones,
 * before, during and after flips and scrolls, ops, blanking, looks, and presents that are slow or fail: once all is silent,
 * each viewer's picture is what memory has in the window.
 */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import type { PictureOpName } from '../../src/damage/picture-op.js'
import type { DrawOp } from '../../src/draw/op.js'
import type { Attachment, Demand } from '../../src/surface/sink.js'
import { Surface } from '../../src/surface/surface.js'
import type { TrackerName } from '../../src/surface/tracker-choice.js'
import { arbitraryCopy, arbitraryPaint, arbitraryRect } from '../support/draw-ops.js'
import { randomNumbers } from '../support/pixel-formats.js'
import { ReplayingSink } from '../support/replaying-sink.js'
import { mechanismsOfMappings, skipReason } from '../support/tracked-memory.js'
import { Writer } from '../support/writer.js'

const width = 100
const height = 60
const strideBytes = 512
const bytesPerPixel = 4
const size = { width, height }
/** Three screens, one after the other, each some pages. */
const screenBytes = strideBytes * 64
const capacityBytes = 3 * screenBytes

const sinkKinds: readonly { takes: readonly PictureOpName[]; demand: Demand }[] = [
  { takes: ['copy', 'fill'], demand: 'push' },
  { takes: ['copy'], demand: 'pull' },
  { takes: [], demand: 'push' },
]

type Step =
  | { what: 'store'; at: number; count: number; value: number }
  | { what: 'flip'; screen: number }
  | { what: 'scroll'; rows: number; columns: number }
  | { what: 'draw'; op: DrawOp }
  | { what: 'blank'; level: number }
  | { what: 'look' }
  | { what: 'show' | 'request' | 'fail'; sink: number }

const ops = fc.oneof(
  arbitraryCopy(size, arbitraryRect(size)),
  arbitraryPaint(arbitraryRect(size)),
) as fc.Arbitrary<DrawOp>
const sinks = fc.nat(sinkKinds.length - 1)
const is = <T extends string>(...what: T[]) => fc.constantFrom(...what)
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      what: is('store'),
      at: fc.nat(capacityBytes - 1),
      count: fc.constantFrom(1, 4, 700),
      value: fc.nat(2),
    }),
  },
  { weight: 5, arbitrary: fc.record({ what: is('flip'), screen: fc.nat(2) }) },
  {
    weight: 3,
    arbitrary: fc.record({ what: is('scroll'), rows: fc.integer({ min: -9, max: 9 }), columns: fc.nat(28) }),
  },
  { weight: 3, arbitrary: fc.record({ what: is('draw'), op: ops }) },
  { weight: 1, arbitrary: fc.record({ what: is('blank'), level: fc.nat(1) }) },
  { weight: 5, arbitrary: fc.record({ what: is('look') }) },
  { weight: 6, arbitrary: fc.record({ what: is('show', 'request'), sink: sinks }) },
  { weight: 1, arbitrary: fc.record({ what: is('fail'), sink: sinks }) },
)

class Scene {
  readonly surface: Surface
  readonly sinks: readonly { sink: ReplayingSink; attachment: Attachment }[]

  constructor(surface: Surface) {
    this.surface = surface
    this.sinks = sinkKinds.map(({ takes, demand }) => {
      const sink = new ReplayingSink(surface.snapshot(), takes)
      return { sink, attachment: surface.attach(sink, { demand }) }
    })
  }

  async do(step: Step): Promise<void> {
    const { surface } = this
    switch (step.what) {
      case 'store':
        surface.pixels.fill(step.value, step.at, step.at + step.count)
        break
      case 'flip':
        surface.pan(step.screen * screenBytes)
        break
      case 'scroll': {
        const rows = Math.floor(surface.mode.offsetBytes / strideBytes) + step.rows
        const most = capacityBytes / strideBytes - height
        surface.pan(Math.min(Math.max(rows, 0), most) * strideBytes + step.columns * bytesPerPixel)
        break
      }
      case 'draw':
        surface.draw(step.op)
        break
      case 'blank':
        surface.blank(step.level)
        break
      case 'look':
        surface.harvest()
        break
      case 'show':
        this.sinks[step.sink]!.sink.step(3)
        break
      case 'request':
        this.sinks[step.sink]!.attachment.request()
        break
      case 'fail':
        this.sinks[step.sink]!.sink.fail()
        break
    }
    await settled()
  }

  async fallSilent(): Promise<void> {
    this.surface.harvest()
    while (this.sinks.some(({ sink, attachment }) => attachment.pending || sink.busy)) {
      this.surface.harvest()
      for (const { sink, attachment } of this.sinks) {
        attachment.request()
        sink.step(Number.POSITIVE_INFINITY)
      }
      await settled()
    }
  }

  assertShown(what: string): void {
    const { offsetBytes } = this.surface.mode
    const isBlank = this.surface.blankLevel > 0
    for (const [i, { sink }] of this.sinks.entries()) {
      for (let y = 0; y < height; y++) {
        const row = y * strideBytes
        const from = offsetBytes + row
        const expected = isBlank
          ? new Uint8Array(width * bytesPerPixel)
          : this.surface.pixels.subarray(from, from + width * bytesPerPixel)
        const shown = sink.picture.subarray(row, row + width * bytesPerPixel)
        assert.equal(Buffer.compare(shown, expected), 0, `${what}: sink ${i}, row ${y}`)
      }
      assert.deepEqual(sink.unasked, [])
    }
  }
}

/** Promises have been told; no timer has had its turn, so that only the test says when there is a frame. */
async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve()
}

/** No present has to wait after a failure. */
function hurry(t: TestContext): void {
  let now = 0
  t.mock.method(performance, 'now', () => {
    now += 10_000
    return now
  })
}

/** Memory of few values: pixels differ from their neighbours, and from other screens', about as often as they do not. */
async function createSurface(tracker: TrackerName): Promise<Surface> {
  const surface = await Surface.create({ width, height, strideBytes, capacityBytes, tracker, fps: 1 })
  const random = randomNumbers(9)
  for (let at = 0; at < capacityBytes; at += 32) surface.pixels.fill(random(3), at, at + 32)
  return surface
}

for (const tracker of ['auto', ...mechanismsOfMappings] as const) {
  const skip = tracker === 'auto' ? false : skipReason(tracker)
  describe(`${tracker}: pans and stores`, { skip }, () => {
    it('in any order give each viewer the right picture', async (t) => {
      hurry(t)
      let copies = 0
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { minLength: 10, maxLength: 50, size: 'max' }), async (list) => {
          await using surface = await createSurface(tracker)
          const scene = new Scene(surface)
          for (const step of list) await scene.do(step)
          await scene.fallSilent()
          scene.assertShown('silent')
          surface.blank(0)
          await scene.fallSilent()
          scene.assertShown('not blank')
          for (const { sink } of scene.sinks) copies += sink.done.filter(({ op }) => op === 'copy').length
        }),
        { numRuns: 120 },
      )
      t.diagnostic(`${copies} copies were shown as such`)
      assert.ok(copies > 5)
    })

    it('of another process at the same time lose nothing', async (t) => {
      await using surface = await createSurface(tracker)
      const writer = await Writer.start(t)
      const pageCount = capacityBytes / 4096
      const mapping = await writer.map(surface.memoryDescriptor, 0, pageCount)
      surface.attachWriter({ ...mapping, firstPage: 0, pageCount })
      mapping.close()
      const scene = new Scene(surface)
      const random = randomNumbers(5)
      for (let round = 1; round <= 30; round++) {
        let silent = false
        const done = writer.tell(`burst 3000 ${round}`).then(() => {
          silent = true
        })
        while (!silent) {
          surface.pan(random(3) * screenBytes + (random(3) === 0 ? random(4) * strideBytes : 0))
          if (random(2) === 0) surface.harvest()
          for (const { sink, attachment } of scene.sinks) {
            attachment.request()
            sink.step(1 + random(3))
          }
          await setImmediate()
        }
        await done
        await scene.fallSilent()
        scene.assertShown(`round ${round}`)
      }
    })
  })
}
