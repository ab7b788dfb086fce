import type { CopyOp } from '../../draw/op.js'
import { encodings } from '../protocol.js'

/** RFC 6143, 7.7.2: no pixels, only where the viewer finds them. Chosen for each op, beside whatever encodes pixels. */
export const copyRect = {
  id: encodings.copyRect,
  name: 'copyrect',

  /** A rect's bytes behind its header. */
  encode({ fromX, fromY }: CopyOp): Uint8Array {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt16BE(fromX, 0)
    bytes.writeUInt16BE(fromY, 2)
    return bytes
  },
}
