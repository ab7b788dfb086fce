import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { area, containsRect, height, overlaps, rect, rectOfSize, width } from '../../src/geometry/rect.js'
import { padding } from '../../src/rfb/padding.js'
import { cutIntoPieces, maxPiecePixels } from '../../src/rfb/pieces.js'

describe('cutIntoPieces', () => {
  it('leaves alone what is small enough', () => {
    const small = [rect(3, 4, 5, 6), rect(0, 10, 256, 266)]
    assert.deepEqual(cutIntoPieces(small), small)
  })

  it('covers each rect exactly, in bounded pieces of whole tiles', () => {
    const sides = fc.integer({ min: 1, max: 16384 })
    fc.assert(
      fc.property(sides, sides, (w, h) => {
        const whole = rectOfSize(7, 9, w, h)
        const pieces = cutIntoPieces([whole])
        assert.equal(
          pieces.reduce((sum, piece) => sum + area(piece), 0),
          area(whole),
        )
        for (const [i, piece] of pieces.entries()) {
          assert.ok(area(piece) > 0 && area(piece) <= maxPiecePixels && containsRect(whole, piece))
          assert.ok(piece.x2 === whole.x2 || width(piece) % 64 === 0)
          assert.ok(piece.y2 === whole.y2 || height(piece) % 64 === 0)
          assert.ok(i === 0 || !overlaps(piece, pieces[i - 1]!))
        }
      }),
    )
  })
})

describe('padding', () => {
  it('is what a viewer shows beyond the surface', () => {
    const size = (width: number, height: number) => ({ width, height })
    assert.deepEqual(padding(size(100, 50), size(100, 50)), [])
    assert.deepEqual(padding(size(100, 50), size(200, 80)), [])
    assert.deepEqual(padding(size(100, 50), size(60, 70)), [rect(60, 0, 100, 50)])
    assert.deepEqual(padding(size(100, 50), size(120, 20)), [rect(0, 20, 100, 50)])
    assert.deepEqual(padding(size(100, 50), size(60, 20)), [rect(60, 0, 100, 20), rect(0, 20, 100, 50)])
  })
})
