import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { constants, inflateSync } from 'node:zlib'
import { Deflate } from '../../src/rfb/encodings/deflate.js'
import { randomNumbers } from '../support/pixel-formats.js'

const random = randomNumbers(7)
const noise = (length: number) => Uint8Array.from({ length }, () => random(256))

describe('Deflate', () => {
  it('gives every write whole, ended by a sync flush, in one stream', async () => {
    const deflate = new Deflate()
    const writes = [
      Uint8Array.of(1),
      noise(300_000),
      new Uint8Array(1_000_000),
      Uint8Array.of(2, 3),
      noise(65_536),
    ]
    const parts: Uint8Array[] = []
    for (const bytes of writes) {
      parts.push(await deflate.write(bytes))
      // RFC 1951, 3.2.4: a sync flush ends with an empty stored block.
      assert.equal(Buffer.from(parts.at(-1)!.subarray(-4)).toString('hex'), '0000ffff')
      const soFar = inflateSync(Buffer.concat(parts), { finishFlush: constants.Z_SYNC_FLUSH })
      assert.deepEqual(soFar, Buffer.concat(writes.slice(0, parts.length)))
    }
    deflate.close()
  })

  it('rejects when it is closed, in the middle or before', async () => {
    const deflate = new Deflate()
    const write = deflate.write(noise(1_000_000))
    deflate.close()
    deflate.close()
    await assert.rejects(write)
    await assert.rejects(deflate.write(noise(1)))
  })
})
