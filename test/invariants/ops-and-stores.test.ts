/**
 * Invariant: no lost update, with 2D ops among the stores. However stores, ops, looks, and presents that are slow or fail
 * follow each other, a viewer that does the ops and shows the damage that it is handed has the surface's picture once all
 * is silent. The truth is a blitter of the test's own, told of each store and op.
 *
 * So it is with a guest that draws in memory by itself, sees no tracker, and tells of it some ops later: whatever it tells,
 * true or not, and whatever of it is lost where "all is dirty" is said instead.
 */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import type { PictureOpName } from '../../src/damage/picture-op.js'
import { clipOp } from '../../src/draw/clip.js'
import { drawBlit, drawCopy, drawFill } from '../../src/draw/draw.js'
import type { DrawOp } from '../../src/draw/op.js'
import { type Rect, rectOfSize } from '../../src/geometry/rect.js'
import type { DeviceMemory } from '../../src/native/binding.js'
import { binding } from '../../src/native/load.js'
import { pixelFormatNames, pixelFormats } from '../../src/pixels/format.js'
import type { Attachment, Demand } from '../../src/surface/sink.js'
import { Surface } from '../../src/surface/surface.js'
import type { ToldOp } from '../../src/surface/told-drawing.js'
import type { TrackerName } from '../../src/surface/tracker-choice.js'
import {
  arbitraryCopy,
  arbitraryPaint,
  arbitraryRect,
  arbitraryScroll,
  smallRect,
} from '../support/draw-ops.js'
import { randomNumbers } from '../support/pixel-formats.js'
import { PlainBlitter } from '../support/plain-blitter.js'
import { ReplayingSink } from '../support/replaying-sink.js'
import { mechanismsOfMappings, skipReason } from '../support/tracked-memory.js'
import { Writer } from '../support/writer.js'

const width = 40
const height = 30

const sinkKinds: readonly { takes: readonly PictureOpName[]; demand: Demand }[] = [
  { takes: ['copy', 'fill'], demand: 'push' },
  { takes: ['copy'], demand: 'pull' },
  { takes: ['copy', 'fill'], demand: 'pull' },
  { takes: [], demand: 'push' },
]

type Step =
  | { what: 'draw'; ops: readonly DrawOp[] }
  | { what: 'store'; rect: Rect; value: number }
  | { what: 'look' }
  | { what: 'show'; sink: number; count: number }
  | { what: 'request' | 'fail' | 'toggle'; sink: number }
  | { what: 'lose'; sink: number; rect: Rect }
  /** A guest draws, and tells of it later. */
  | { what: 'drawUnseen'; ops: readonly DrawOp[] }
  | { what: 'tell'; count: number }
  | { what: 'lie'; op: DrawOp }
  /** What was not told yet is lost, and all is dirty. */
  | { what: 'forget' }

const size = { width, height }
const spots = smallRect(size)
const ops: fc.Arbitrary<DrawOp[]> = fc.oneof(
  { weight: 3, arbitrary: arbitraryScroll(size) },
  { weight: 2, arbitrary: arbitraryCopy(size, spots).map((op) => [op]) },
  { weight: 2, arbitrary: arbitraryPaint(spots).map((op) => [op]) },
  { weight: 1, arbitrary: arbitraryCopy(size, arbitraryRect(size)).map((op) => [op]) },
  { weight: 1, arbitrary: arbitraryPaint(arbitraryRect(size)).map((op) => [op]) },
)
const sinks = fc.nat(sinkKinds.length - 1)
const is = <T extends string>(...what: T[]) => fc.constantFrom(...what)
const draws: fc.Arbitrary<Step> = fc.record({ what: is('draw'), ops })
const tells: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: is('drawUnseen'), ops }) },
  { weight: 5, arbitrary: fc.record({ what: is('tell'), count: fc.constantFrom(1, 2, 3, 99) }) },
  { weight: 1, arbitrary: fc.record({ what: is('lie'), op: ops.map((list) => list[0]!) }) },
  { weight: 1, arbitrary: fc.record({ what: is('forget') }) },
)
const others: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ what: is('store'), rect: spots, value: fc.nat(255) }) },
  { weight: 5, arbitrary: fc.record({ what: is('look') }) },
  { weight: 6, arbitrary: fc.record({ what: is('show'), sink: sinks, count: fc.constantFrom(1, 2, 99) }) },
  { weight: 2, arbitrary: fc.record({ what: is('request', 'fail'), sink: sinks }) },
  { weight: 1, arbitrary: fc.record({ what: is('toggle'), sink: sinks }) },
  { weight: 1, arbitrary: fc.record({ what: is('lose'), sink: sinks, rect: spots }) },
)

/** A surface, what it should show, a guest that tells, and a sink of each kind. */
class Scene {
  readonly surface: Surface
  readonly truth: PlainBlitter
  readonly guest: TellingGuest
  readonly sinks: readonly { sink: ReplayingSink; attachment: Attachment }[]
  readonly #bytes: Uint8Array

  constructor(surface: Surface) {
    this.surface = surface
    this.#bytes = surface.pixels.subarray(surface.mode.offsetBytes)
    this.truth = new PlainBlitter(surface.mode, this.#bytes)
    this.guest = new TellingGuest(surface)
    this.sinks = sinkKinds.map(({ takes, demand }) => {
      const sink = new ReplayingSink(surface.snapshot(), takes)
      return { sink, attachment: surface.attach(sink, { demand }) }
    })
  }

  async do(step: Step): Promise<void> {
    switch (step.what) {
      case 'store':
        this.#store(step.rect, step.value)
        break
      case 'draw':
        for (const op of step.ops) {
          this.surface.draw(op)
          this.truth.draw(op)
        }
        break
      case 'drawUnseen':
        for (const op of step.ops) {
          this.guest.draw(op)
          this.truth.draw(op)
        }
        break
      case 'tell':
        this.guest.tell(step.count)
        break
      case 'lie':
        this.surface.tell(told(step.op))
        break
      case 'forget':
        this.guest.forget()
        break
      case 'look':
        this.surface.harvest()
        break
      case 'show':
        this.sinks[step.sink]!.sink.step(step.count)
        break
      case 'request':
        this.sinks[step.sink]!.attachment.request()
        break
      case 'fail':
        this.sinks[step.sink]!.sink.fail()
        break
      case 'toggle': {
        const { sink } = this.sinks[step.sink]!
        sink.takesOps = sink.takesOps.length > 0 ? [] : ['copy']
        break
      }
      case 'lose':
        this.sinks[step.sink]!.sink.lose(step.rect)
        this.sinks[step.sink]!.attachment.request(step.rect)
        break
    }
    await settled()
  }

  /** All is shown, and each sink's picture is right. */
  async fallSilent(): Promise<void> {
    this.guest.tell(Number.POSITIVE_INFINITY)
    assert.deepEqual(this.truth.read(this.#bytes), this.truth.pixels, 'memory')
    // What was stored or told last, nobody may owe yet.
    this.surface.harvest()
    while (this.sinks.some(({ sink, attachment }) => attachment.pending || sink.busy)) {
      this.surface.harvest()
      for (const { sink, attachment } of this.sinks) {
        attachment.request()
        sink.step(Number.POSITIVE_INFINITY)
      }
      await settled()
      this.surface.harvest()
    }
    for (const [i, { sink }] of this.sinks.entries()) {
      assert.deepEqual(this.truth.read(sink.picture), this.truth.pixels, `sink ${i}`)
      assert.deepEqual(sink.unasked, [])
    }
  }

  #store(part: Rect, value: number): void {
    const { strideBytes, format } = this.surface.mode
    for (let y = part.y1; y < part.y2; y++) {
      const row = y * strideBytes
      this.#bytes.fill(value, row + part.x1 * format.bytesPerPixel, row + part.x2 * format.bytesPerPixel)
    }
    const colour = value * 0x01010101
    this.truth.draw({ op: 'fill', rect: part, colour })
  }
}

/** Draws in memory by a mapping that no tracker arms, and says afterwards what it did. */
class TellingGuest {
  readonly #surface: Surface
  readonly #memory: DeviceMemory
  #untold: DrawOp[] = []

  constructor(surface: Surface) {
    this.#surface = surface
    this.#memory = new binding.DeviceMemory(undefined, surface.memoryDescriptor)
    surface.once('close', () => this.#memory.close())
  }

  draw(op: DrawOp): void {
    const { strideBytes, offsetBytes, format } = this.#surface.mode
    const { bytesPerPixel } = format
    const clipped = clipOp(op, { bounds: this.#surface.bounds, bytesPerPixel })
    const picture = {
      pixels: new Uint8Array(this.#memory.untracked, offsetBytes),
      strideBytes,
      bytesPerPixel,
    }
    if (clipped?.op === 'fill') drawFill(picture, clipped)
    else if (clipped?.op === 'copy') drawCopy(picture, clipped)
    else if (clipped) drawBlit(picture, clipped)
    this.#untold.push(op)
  }

  tell(count: number): void {
    for (const op of this.#untold.splice(0, count)) this.#surface.tell(told(op))
  }

  forget(): void {
    this.#untold = []
    this.#surface.markDirty()
  }
}

function told(op: DrawOp): ToldOp {
  if (op.op === 'copy') return op
  return op.op === 'fill' && op.rop !== 'xor' ? { ...op, rop: 'copy' } : { op: 'update', rect: op.rect }
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

for (const tracker of mechanismsOfMappings) {
  describe(`${tracker}: ops and stores`, { skip: skipReason(tracker) }, () => {
    const pictures = async (t: TestContext, steps: fc.Arbitrary<Step>) => {
      hurry(t)
      const seen = { copies: 0, fills: 0 }
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...pixelFormatNames),
          fc.nat(5),
          fc.array(steps, { minLength: 20, maxLength: 60, size: 'max' }),
          async (format, padding, list) => {
            const strideBytes = width * pixelFormats[format].bytesPerPixel + padding
            await using surface = await Surface.create({
              width,
              height,
              format,
              strideBytes,
              tracker,
              fps: 1,
            })
            const scene = new Scene(surface)
            for (const step of list) await scene.do(step)
            await scene.fallSilent()
            for (const { sink } of scene.sinks) {
              for (const { op } of sink.done) seen[op === 'copy' ? 'copies' : 'fills']++
            }
          },
        ),
        { numRuns: 250 },
      )
      t.diagnostic(`${seen.copies} copies and ${seen.fills} fills were shown as such`)
      assert.ok(seen.copies > 100 && seen.fills > 100)
    }

    it('in any order give each viewer the right picture', (t) =>
      pictures(t, fc.oneof({ weight: 6, arbitrary: draws }, { weight: 17, arbitrary: others })))

    it('that are told by who has drawn already give each viewer the right picture', (t) =>
      pictures(t, fc.oneof({ weight: 13, arbitrary: tells }, { weight: 17, arbitrary: others })))

    it('of another process at the same time lose nothing', async (t) => {
      const size = { width: 512, height: 256 }
      await using surface = await Surface.create({ ...size, tracker: tracker as TrackerName, fps: 1 })
      const writer = await Writer.start(t)
      const sizePages = (size.width * size.height * 4) / 4096
      const mapping = await writer.map(surface.memoryDescriptor, 0, sizePages)
      surface.attachWriter({ ...mapping, firstPage: 0, pageCount: sizePages })
      mapping.close()
      const sink = new ReplayingSink(surface.snapshot(), ['copy', 'fill'])
      const attachment = surface.attach(sink)
      const random = randomNumbers(3)
      for (let round = 1; round <= 60; round++) {
        let silent = false
        const done = writer.tell(`burst 4000 ${round}`).then(() => {
          silent = true
        })
        while (!silent) {
          for (let i = 0; i < 6; i++) {
            const part = rectOfSize(random(100), random(50), 400, 200)
            const { x1, y1 } = part
            surface.draw({ op: 'copy', rect: part, fromX: x1 + random(9) - 4, fromY: y1 + random(9) - 4 })
          }
          const spot = rectOfSize(random(400), random(200), 20, 10)
          surface.draw({ op: 'fill', rect: spot, colour: random(2 ** 31) })
          if (random(2) === 0) surface.harvest()
          sink.step(1 + random(3))
          await setImmediate()
        }
        await done
        do {
          surface.harvest()
          sink.step(Number.POSITIVE_INFINITY)
          await settled()
        } while (attachment.pending || sink.busy)
        assert.deepEqual(Buffer.compare(sink.picture, surface.pixels), 0, `round ${round}`)
      }
      t.diagnostic(`${sink.done.length} ops were shown as such`)
      assert.ok(sink.done.length > 0)
    })
  })
}
