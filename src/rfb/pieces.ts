import { height, type Rect, rect, width } from '../geometry/rect.js'

/** Encoded in one go, in well under a millisecond; between two pieces the event loop may turn. */
export const maxPiecePixels = 65_536
/** Of a piece's height, where it is not the last: whole rows of tiles. */
const rowStep = 64
/** A wide rect's pieces are at most this wide, so that a piece of rowStep rows fits. */
const maxPieceWidth = maxPiecePixels / rowStep

/** Cuts rects into pieces of at most maxPiecePixels, each a multiple of 64 wide and high, but for the last of a row or column. */
export function cutIntoPieces(rects: readonly Rect[]): Rect[] {
  const pieces: Rect[] = []
  for (const whole of rects) {
    const pieceWidth = Math.min(width(whole), maxPieceWidth)
    const rows = Math.floor(maxPiecePixels / pieceWidth)
    const pieceHeight = rows >= height(whole) ? rows : rows - (rows % rowStep)
    for (let y = whole.y1; y < whole.y2; y += pieceHeight) {
      for (let x = whole.x1; x < whole.x2; x += pieceWidth) {
        pieces.push(rect(x, y, Math.min(x + pieceWidth, whole.x2), Math.min(y + pieceHeight, whole.y2)))
      }
    }
  }
  return pieces
}
