/** What a workload stores in one frame, as data; bench/native/draw.c does it. */
import { area, type Rect } from '../../src/index.js'
import { bytesPerPixel, type Size, strideBytes } from './size.js'

export type Store =
  | {
      /** See enum draw_operation in bench/native/draw.h. */
      readonly kind: 'gradient' | 'solid' | 'text' | 'read'
      readonly at: Rect
      readonly seed: number
      /** The content is another one in every frame. */
      readonly animated: boolean
    }
  | { readonly kind: 'moveUp'; readonly at: Rect; readonly rows: number }
  | {
      /** One store of 4 bytes to each byte offset. */
      readonly kind: 'poke'
      readonly offsets: readonly number[]
      readonly seed: number
      readonly animated: boolean
    }

export type Frame = readonly Store[]

/** enum draw_operation. */
const operations = { gradient: 1, solid: 2, text: 3, moveUp: 4, read: 5, poke: 6 } as const

function encodeStore(store: Store): number[] {
  const operation = operations[store.kind]
  if (store.kind === 'poke') {
    return [operation, store.offsets.length, store.seed, Number(store.animated), ...store.offsets]
  }
  const { x1, y1, x2, y2 } = store.at
  const rest = store.kind === 'moveUp' ? [store.rows, 0] : [store.seed, Number(store.animated)]
  return [operation, x1, y1, x2 - x1, y2 - y1, ...rest]
}

/** The words that draw() takes. @throws RangeError for a store outside of the picture */
export function encode(frame: Frame, size: Size): number[] {
  for (const store of frame) requireInside(store, size)
  return frame.flatMap(encodeStore)
}

function requireInside(store: Store, size: Size): void {
  const inside =
    store.kind === 'poke'
      ? store.offsets.every(
          (offset) => offset >= 0 && offset % 4 === 0 && offset < strideBytes(size) * size.height,
        )
      : store.at.x1 >= 0 && store.at.y1 >= 0 && store.at.x2 <= size.width && store.at.y2 <= size.height
  if (!inside) throw new RangeError(`a store of kind ${store.kind} lies outside of ${size.name}`)
}

/** Half-open ranges of bytes that a store may write to, a row at a time. */
function* byteRanges(store: Store, size: Size): Generator<readonly [first: number, end: number]> {
  if (store.kind === 'poke') {
    for (const offset of store.offsets) yield [offset, offset + 4]
    return
  }
  if (area(store.at) === 0) return
  const { x1, y1, x2 } = store.at
  const y2 = store.kind === 'moveUp' ? store.at.y2 - store.rows : store.at.y2
  for (let y = y1; y < y2; y++) {
    const row = y * strideBytes(size)
    yield [row + x1 * bytesPerPixel, row + x2 * bytesPerPixel]
  }
}

/** How many pages a frame stores to: what a tracker should report, and no more. */
export function pagesWritten(frame: Frame, size: Size, pageSize: number): number {
  const written = new Set<number>()
  for (const store of frame) {
    for (const [first, end] of byteRanges(store, size)) {
      for (let page = Math.floor(first / pageSize); page * pageSize < end; page++) written.add(page)
    }
  }
  return written.size
}
