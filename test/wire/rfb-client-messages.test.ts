/** The bytes of every message of a viewer (RFC 6143, 7.5): golden, in any portions, and wrong. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ProtocolError } from '../../src/errors.js'
import { rect } from '../../src/geometry/rect.js'
import {
  type ClientMessage,
  maxCutTextBytes,
  maxEncodings,
  readClientMessage,
} from '../../src/rfb/client-messages.js'
import { serverFormat } from '../../src/rfb/pixel-format.js'
import { Reader } from '../../src/rfb/reader.js'

const rgb888 = '20180001' + '00ff00ff00ff' + '100800' + '000000'

const golden: readonly [string, ClientMessage][] = [
  [`00000000${rgb888}`, { type: 'setPixelFormat', format: serverFormat }],
  ['02000000', { type: 'setEncodings', encodings: [] }],
  ['020000030000001000000000ffffff21', { type: 'setEncodings', encodings: [16, 0, -223] }],
  ['03010001000200030004', { type: 'updateRequest', incremental: true, rect: rect(1, 2, 4, 6) }],
  [
    '0300ffffffffffffffff',
    { type: 'updateRequest', incremental: false, rect: rect(65535, 65535, 131070, 131070) },
  ],
  ['040100000000ffe1', { type: 'key', down: true, keysym: 0xffe1 }],
  ['0400000080000001', { type: 'key', down: false, keysym: 0x80000001 }],
  ['ff0000010000006100000010', { type: 'key', down: true, keysym: 0x61, scancode: 0x10 }],
  ['ff000000000000000000e048', { type: 'key', down: false, keysym: 0, scancode: 0xe048 }],
  ['050900ff1234', { type: 'pointer', mask: 9, x: 255, y: 0x1234 }],
  ['0600000000000003616263', { type: 'cutText', lengthBytes: 3 }],
  [
    'fb00' +
      '0400' +
      '0300' +
      '0200' +
      '00000007' +
      '0000' +
      '0000' +
      '0200' +
      '0300' +
      '00000000' +
      '00000008' +
      '0200' +
      '0000' +
      '0200' +
      '0300' +
      'ffffffff',
    {
      type: 'setDesktopSize',
      width: 1024,
      height: 768,
      screens: [rect(0, 0, 512, 768), rect(512, 0, 1024, 768)],
    },
  ],
  ['fb00' + '0001' + '0002' + '0000', { type: 'setDesktopSize', width: 1, height: 2, screens: [] }],
  ['0600000000000000', { type: 'cutText', lengthBytes: 0 }],
]

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))

/** Feeds the stream in portions, and takes all messages that come out. */
function read(stream: Uint8Array, portions: Iterable<number>): ClientMessage[] {
  const reader = new Reader()
  const messages: ClientMessage[] = []
  let at = 0
  for (const size of portions) {
    reader.push(stream.slice(at, at + size))
    at += size
    for (let message = readClientMessage(reader); message; message = readClientMessage(reader))
      messages.push(message)
    if (at >= stream.length) break
  }
  assert.equal(reader.available, 0)
  return messages
}

describe('messages of a viewer', () => {
  for (const [hex, message] of golden) {
    it(`${message.type} ${hex.slice(0, 16)}`, () => assert.deepEqual(read(bytesOf(hex), [1e6]), [message]))
  }

  const stream = bytesOf(golden.map(([hex]) => hex).join(''))
  const all = golden.map(([, message]) => message)

  it('come out the same when fed byte by byte', () => {
    assert.deepEqual(read(stream, new Array<number>(stream.length).fill(1)), all)
  })

  it('come out the same in any portions', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 })), (sizes) => {
        assert.deepEqual(read(stream, [...sizes, stream.length]), all)
      }),
    )
  })
})

describe('what is no message', () => {
  const refused = (hex: string, expected: RegExp) => {
    const reader = new Reader()
    reader.push(bytesOf(hex))
    assert.throws(
      () => readClientMessage(reader),
      (error: unknown) => error instanceof ProtocolError && expected.test(error.message),
    )
  }

  it('is an unknown type', () => refused('07', /received type 7/))

  it('is another message of QEMU', () => refused(`ff01${'00'.repeat(10)}`, /received kind 1/))

  it('is a list of encodings that is too long, before it has come', () => {
    refused(`0200${(maxEncodings + 1).toString(16).padStart(4, '0')}`, /at most 1024/)
  })

  it('is a clipboard that is too long, before it has come; its length is unsigned', () => {
    refused(`06000000${(maxCutTextBytes + 1).toString(16).padStart(8, '0')}`, /at most 16777216/)
    refused('06000000ffffffff', /received 4294967295/)
  })

  it('is not even looked at before its first byte', () =>
    assert.equal(readClientMessage(new Reader()), undefined))

  const formats: [string, string, RegExp][] = [
    ['24 bits a pixel', '18180001' + '00ff00ff00ff' + '100800', /8, 16 or 32 bits/],
    ['0 bits a pixel', '00000001' + '00ff00ff00ff' + '100800', /8, 16 or 32 bits/],
    ['a depth beyond its bits', '10180001' + '001f003f001f' + '0b0500', /depth of 1 to 16/],
    ['a depth of 0', '10000001' + '001f003f001f' + '0b0500', /depth of 1 to 16/],
    ['a maximum of 0', '20180001' + '00ff000000ff' + '100800', /green that fits/],
    ['a shift beyond its bits', '20180001' + '00ff00ff00ff' + '190800', /red that fits/],
    ['a shift of 255', '20180001' + '00ff00ff00ff' + '1008ff', /blue that fits/],
    ['a maximum beyond its bits', '08080001' + '000700070100' + '000306', /blue that fits/],
    [
      'a colour map of 32 bits a pixel',
      '20180000' + '000000000000' + '000000',
      /8 bits a pixel with a colour map/,
    ],
  ]
  for (const [name, hex, expected] of formats) {
    it(`is a pixel format with ${name}`, () => refused(`00000000${hex}000000`, expected))
  }
})

describe('a clipboard', () => {
  it('is passed over as it comes, and not kept', () => {
    const reader = new Reader()
    const megabyte = new Uint8Array(2 ** 20)
    reader.push(bytesOf('0600000001000000'))
    assert.equal(readClientMessage(reader)?.type, 'cutText')
    for (let i = 0; i < 16; i++) {
      reader.push(megabyte)
      assert.equal(reader.available, 0)
    }
    reader.push(bytesOf('050000000000'))
    assert.equal(readClientMessage(reader)?.type, 'pointer')
  })
})
