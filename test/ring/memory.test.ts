import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ProtocolError } from '../../src/errors.js'
import { binding } from '../../src/native/load.js'
import { info } from '../../src/ring/layout.js'
import {
  adoptDeviceMemory,
  createDeviceMemory,
  decodeLayout,
  encodeLayout,
  type MemoryLayout,
  pixelPages,
  planLayout,
} from '../../src/ring/memory.js'

const page = (layout: MemoryLayout, change: (view: DataView) => void = () => undefined): Uint8Array => {
  const bytes = new Uint8Array(info.size)
  bytes.set(encodeLayout(layout))
  change(new DataView(bytes.buffer))
  return bytes
}

/** All parts, as [offset, end). */
function partsOf(layout: MemoryLayout): [number, number][] {
  return [
    [0, 4096],
    [layout.framebufferOffset, layout.framebufferOffset + 4096],
    [layout.keyboardOffset, layout.keyboardOffset + 4096],
    [layout.coloursOffset, layout.coloursOffset + 4096],
    [layout.bitmapOffset, layout.bitmapOffset + layout.bitmapBytes],
    [layout.heapOffset, layout.heapOffset + layout.heapBytes],
    [layout.pixelsOffset, layout.pixelsOffset + layout.pixelsBytes],
  ]
}

function assertApart(layout: MemoryLayout): void {
  const parts = partsOf(layout)
    .filter(([offset, end]) => end > offset)
    .sort(([a], [b]) => a - b)
  for (const [i, [offset, end]] of parts.entries()) {
    assert.equal(offset % 4096, 0)
    assert.ok(end <= (parts[i + 1]?.[0] ?? layout.memoryBytes))
  }
}

describe('device memory', () => {
  it('is made and adopted: both sides have the same layout', () => {
    const made = createDeviceMemory({ pixelsBytes: 1_000_001, heapBytes: 5000 })
    const again = new binding.DeviceMemory(undefined, made.memory.fd)
    assert.deepEqual(adoptDeviceMemory(again).layout, made.layout)
    assert.equal(Buffer.from(made.memory.view, 0, 8).toString('latin1'), 'umfbdev\0')
    assert.equal(pixelPages(made.layout), 245)
    again.close()
    made.memory.close()
  })

  it('has parts that do not overlap, whatever their sizes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 31 }),
        fc.integer({ min: 0, max: 2 ** 24 }),
        (pixelsBytes, heapBytes) => {
          const layout = planLayout({ pixelsBytes, heapBytes })
          assertApart(layout)
          assert.ok(layout.bitmapBytes * 8 >= pixelPages(layout))
          assert.deepEqual(decodeLayout(page(layout), layout.memoryBytes), layout)
        },
      ),
    )
    for (const bad of [
      { pixelsBytes: 0 },
      { pixelsBytes: 2 ** 32 },
      { pixelsBytes: 1.5 },
      { heapBytes: -1 },
    ]) {
      assert.throws(() => planLayout(bad), { code: 'UMFB_INVALID_ARGUMENT' })
    }
  })

  it('is refused where its info page says what cannot be', () => {
    const layout = planLayout({ pixelsBytes: 65536, heapBytes: 8192 })
    const refused = (change: (view: DataView) => void, what: RegExp) =>
      assert.throws(() => decodeLayout(page(layout, change), layout.memoryBytes), what)
    refused((view) => view.setUint8(0, 0), /magic: expected "umfbdev"/)
    refused((view) => view.setUint32(info.offsets.version, 2, true), /version: expected 1, received 2/)
    refused((view) => view.setUint32(info.offsets.pageBytes, 65536, true), /page_bytes/)
    refused((view) => view.setBigUint64(info.offsets.memoryBytes, 2n ** 63n, true), /memory_bytes/)
    refused((view) => view.setBigUint64(info.offsets.pixelsBytes, 0n, true), /pixels_bytes/)
    refused((view) => view.setBigUint64(info.offsets.pixelsBytes, 2n ** 63n, true), /bitmap_bytes/)
    refused((view) => view.setUint32(info.offsets.bitmapBytes, 1, true), /bitmap_bytes: expected at least 2/)
    refused((view) => view.setUint32(info.offsets.framebufferOffset, 0, true), /framebuffer/)
    refused((view) => view.setUint32(info.offsets.keyboardOffset, layout.framebufferOffset, true), /./)
    refused((view) => view.setUint32(info.offsets.coloursOffset, layout.coloursOffset + 4, true), /colours/)
    refused((view) => view.setUint32(info.offsets.heapBytes, 2 ** 31, true), /./)
    refused((view) => view.setBigUint64(info.offsets.pixelsOffset, 2n ** 62n, true), /pixels/)
  })

  it('is either refused, or has parts that lie inside and apart: random info pages', () => {
    const layout = planLayout({ pixelsBytes: 65536, heapBytes: 8192 })
    const number = fc.oneof(
      fc.nat(40).map((n) => n * 4096),
      fc.nat(),
      fc.constant(0xffffffff),
    )
    const edit = fc.tuple(fc.integer({ min: 2, max: 17 }), number)
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const bytes = page(layout, (view) => {
          for (const [word, value] of edits) view.setUint32(word * 4, value, true)
        })
        try {
          assertApart(decodeLayout(bytes, layout.memoryBytes))
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error))
        }
      }),
      { numRuns: 2000 },
    )
  })
})
