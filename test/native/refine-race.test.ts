import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import { binding } from '../../src/native/load.js'

const width = 61
const height = 40
const bytesPerPixel = 4
const strideBytes = width * bytesPerPixel
const frames = 3000

/** Stores A, B, A, … all over the picture until it is told to stop, then says so. */
const writer = `
  const { workerData: { picture, flags } } = require('node:worker_threads')
  const pixels = new Uint8Array(picture)
  const flag = new Int32Array(flags)
  Atomics.store(flag, 0, 1)
  Atomics.notify(flag, 0)
  for (let i = 0; Atomics.load(flag, 1) === 0; i++) {
    const at = Math.imul(i, 4093) >>> 0
    pixels[at % pixels.length] ^= 1 + (i & 3)
    pixels[(at + 7) % pixels.length] ^= 1
    pixels[(at + 7) % pixels.length] ^= 1
  }
  Atomics.store(flag, 2, 1)
  Atomics.notify(flag, 2)
`

for (const name of ['refine', 'refinePlain'] as const) {
  describe(name, () => {
    it('loses no store of a writer that never waits', () => {
      const picture = new SharedArrayBuffer(strideBytes * height)
      const flags = new SharedArrayBuffer(12)
      const flag = new Int32Array(flags)
      const worker = new Worker(writer, { eval: true, workerData: { picture, flags } })
      worker.unref()
      Atomics.wait(flag, 0, 0)

      const live = new Uint8Array(picture)
      const shadow = new Uint8Array(live.length)
      const shown = new Uint8Array(live.length)
      const whole = Int32Array.of(0, 0, width, height)
      const out = new Int32Array(4 * 512)
      const frame = () => {
        const count = binding[name](live, shadow, strideBytes, bytesPerPixel, 1, whole, 1, out)
        for (let i = 0; i < 4 * count; i += 4) {
          for (let y = out[i + 1]!; y < out[i + 3]!; y++) {
            const from = y * strideBytes + out[i]! * bytesPerPixel
            const to = y * strideBytes + out[i + 2]! * bytesPerPixel
            shown.set(shadow.subarray(from, to), from)
          }
        }
      }
      for (let i = 0; i < frames; i++) {
        frame()
        assert.equal(
          Buffer.compare(shown, shadow),
          0,
          `frame ${i}: all that was copied to the shadow is reported`,
        )
      }
      Atomics.store(flag, 1, 1)
      Atomics.wait(flag, 2, 0)
      frame()
      assert.deepEqual(shown, live, 'one frame after the last store the picture is right')
    })
  })
}
