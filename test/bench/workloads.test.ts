import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Control } from '../../bench/tracking/control.js'
import { encode, pagesWritten } from '../../bench/tracking/frame.js'
import { native } from '../../bench/tracking/native.js'
import { findSize, pagesOf, type Size, strideBytes } from '../../bench/tracking/size.js'
import { findWorkload, startFrame, workloads } from '../../bench/tracking/workloads.js'
import { rectOfSize } from '../../src/geometry/rect.js'
import { binding } from '../../src/native/load.js'

const size = findSize('800x600')

/** Pages of device memory that differ from noise after each frame was drawn over it: those which the writer stored to. */
function storedPages(name: string, size: Size): { declared: number; stored: number }[] {
  const frames = findWorkload(name).frames(size)
  const control = new Control(frames, size)
  const pixels = new Uint8Array(pagesOf(size) * binding.pageSize)
  const noise = new Uint32Array(pixels.buffer)
  const before = new Uint8Array(pixels.length)
  const result = frames.map((frame, i) => {
    for (let word = 0; word < noise.length; word++) noise[word] = Math.imul(word + 1, 0x9e3779b1) ^ (i << 7)
    before.set(pixels)
    control.set(i, i + 1)
    native.drawHere(control.bytes, pixels, strideBytes(size))
    assert.equal(control.error, 0)
    return {
      declared: pagesWritten(frame, size, binding.pageSize),
      stored: native.takeChanges(pixels, before).pages,
    }
  })
  control.close()
  return result
}

describe('workloads', () => {
  // Rows that end inside of a page, and rows of exactly one.
  for (const each of [size, findSize('1024x256')]) {
    for (const { name } of [...workloads, findWorkload('band-10%'), findWorkload('pokes-100%')]) {
      it(`${name}, ${each.name}: the pages that its frames declare are those that the writer stores to`, () => {
        for (const { declared, stored } of storedPages(name, each)) assert.equal(stored, declared)
      })
    }
  }

  it('dirty the share of pages that they are named after', () => {
    for (const percent of [1, 10, 30, 100]) {
      for (const sweep of ['band', 'pokes']) {
        const [frame] = findWorkload(`${sweep}-${percent}%`).frames(size)
        const share = pagesWritten(frame!, size, binding.pageSize) / pagesOf(size)
        assert.ok(Math.abs(share - percent / 100) < 0.01, `${sweep}-${percent}%: ${share}`)
      }
    }
  })

  it('animated contents change in every frame, others do not', () => {
    const changes = (name: string) => {
      const workload = findWorkload(name)
      const control = new Control([...workload.frames(size), startFrame(workload, size)], size)
      const pixels = new Uint8Array(pagesOf(size) * binding.pageSize)
      const before = new Uint8Array(pixels.length)
      const draw = (index: number, number: number) => {
        control.set(index, number)
        native.drawHere(control.bytes, pixels, strideBytes(size))
        return native.takeChanges(pixels, before).pixels
      }
      draw(control.frameCount - 1, 1)
      draw(0, 2)
      const again = draw(0, 3)
      control.close()
      return again
    }
    assert.equal(changes('video-full'), size.width * size.height)
    assert.equal(changes('repaint'), 0)
    assert.equal(changes('cursor'), 1)
    assert.ok(changes('scroll') > 0.1 * size.width * size.height)
  })

  it('stores outside of the picture are refused', () => {
    const at = rectOfSize(0, 0, size.width + 1, 1)
    assert.throws(() => encode([{ kind: 'solid', at, seed: 0, animated: false }], size), RangeError)
    const offsets = [strideBytes(size) * size.height]
    assert.throws(() => encode([{ kind: 'poke', offsets, seed: 0, animated: false }], size), RangeError)
  })

  it('an unknown name is told with the known ones', () => {
    assert.throws(() => findWorkload('nothing'), /expected idle, .* received nothing/)
    assert.throws(() => findWorkload('pokes-101%'), /received pokes-101%/)
    assert.throws(() => findSize('1x1'), /expected 800x600, .* received 1x1/)
  })
})
