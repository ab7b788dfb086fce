/** What is told is what was drawn: a picture that only the events draw, and that knows what it does not know. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { DrawOp } from '../../src/draw/op.js'
import { rect } from '../../src/geometry/rect.js'
import type { OutEvent } from '../../src/ring/events.js'
import { Frontend } from '../../src/ring/frontend.js'
import { LocalLink } from '../../src/ring/link.js'
import { createDeviceMemory } from '../../src/ring/memory.js'
import { createMode } from '../../src/surface/mode.js'
import { arbitraryPaint, arbitraryRect } from '../support/draw-ops.js'
import { PlainBlitter } from '../support/plain-blitter.js'
import { allRequests, TestBackend } from '../support/test-backend.js'

const size = { width: 40, height: 12 }
const mode = createMode(size)
const whole = rect(0, 0, size.width, size.height)

/** What a backend knows by the events alone: pixels, and where it has to compare instead. */
class Replay {
  readonly #heap: Uint8Array
  readonly picture: PlainBlitter
  /** 1 where the picture is not known. */
  readonly unknown: PlainBlitter

  constructor(heap: Uint8Array, pixels: Uint8Array) {
    this.#heap = heap
    this.picture = new PlainBlitter(mode, pixels)
    this.unknown = new PlainBlitter(createMode({ ...size, format: 'c8' }), new Uint8Array(2 ** 12))
  }

  mark(part = whole, value: 0 | 1 = 1): void {
    this.unknown.draw({ op: 'fill', rect: part, colour: value })
  }

  take(event: OutEvent): void {
    switch (event.type) {
      case 'update':
        this.mark(event.rect)
        break
      case 'fill':
        this.picture.draw({ op: 'fill', ...event })
        if (event.rop === 'copy') this.mark(event.rect, 0)
        break
      case 'copy':
        this.picture.draw({ op: 'copy', ...event })
        this.unknown.draw({ op: 'copy', ...event })
        break
      case 'blit': {
        const { kind, heapOffset, strideBytes, foreground, background } = event
        const bytes = this.#heap.slice(heapOffset)
        const image =
          kind === 'pixels'
            ? { pixels: bytes, strideBytes }
            : {
                bits: bytes,
                strideBytes,
                foreground,
                background: kind === 'glyph' ? background : undefined,
              }
        this.picture.draw({ op: 'blit', rect: event.rect, image })
        if (kind !== 'transparentGlyph') this.mark(event.rect, 0)
      }
    }
  }
}

const rects = arbitraryRect(size)
const copies = fc.record({
  op: fc.constant('copy' as const),
  rect: rects,
  fromX: fc.integer({ min: -5, max: size.width }),
  fromY: fc.integer({ min: -5, max: size.height }),
})
const drawn = fc.oneof({ weight: 3, arbitrary: arbitraryPaint(rects) }, { weight: 1, arbitrary: copies })

/** An op, or a moment at which what was drawn is told, and at times taken, too. */
const step = fc.oneof(
  { weight: 12, arbitrary: drawn },
  { weight: 1, arbitrary: fc.constantFrom('flush' as const, 'take' as const) },
)

function draw(frontend: Frontend, op: DrawOp): void {
  if (op.op === 'fill') frontend.fill(op.rect, op.colour, op.rop)
  else if (op.op === 'copy') frontend.copy(op.rect, op.fromX, op.fromY)
  else frontend.blit(op.rect, op.image, op.fromX, op.fromY)
}

describe('what a frontend tells', () => {
  const requests = fc.subarray(['request-fill', 'request-copy', 'request-blit', 'request-update'])

  it('is what it drew: random ops, with a ring and a heap that are full at times', () => {
    let known = 0
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 150, size: 'max' }),
        fc.oneof(fc.constant(allRequests), requests),
        fc.constantFrom(512, 65536),
        (steps, wanted, heapBytes) => {
          const device = createDeviceMemory({ pixelsBytes: 65536, heapBytes })
          const { memory, layout } = device
          const backend = new TestBackend(device, wanted)
          const [ours, theirs] = LocalLink.pair()
          backend.use(theirs)
          const frontend = new Frontend(device, ours, size)
          const pixels = new Uint8Array(memory.view, layout.pixelsOffset)
          const replay = new Replay(new Uint8Array(memory.view, layout.heapOffset, heapBytes), pixels)
          const take = () => {
            frontend.flush()
            const events = backend.peek()
            for (const event of events) replay.take(event)
            backend.out.release(events.length)
            if (backend.takeAllDirty()) replay.mark()
          }
          for (const now of steps) {
            if (now === 'take') take()
            else if (now === 'flush') frontend.flush()
            else draw(frontend, now)
          }
          take()
          const live = replay.picture.read(pixels)
          for (const [i, pixel] of live.entries()) {
            if (replay.unknown.pixels[i] === 1) continue
            known++
            assert.equal(
              replay.picture.pixels[i],
              pixel,
              `pixel ${i % size.width}, ${Math.floor(i / size.width)}`,
            )
          }
          memory.close()
        },
      ),
      { numRuns: 300 },
    )
    assert.ok(known > 10_000, `${known} pixels were known`)
  })
})
