/** The bytes of every message of the RFB server, as RFC 6143 has them: a change here is a change of the wire. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rect } from '../../src/geometry/rect.js'
import { copyRect } from '../../src/rfb/encodings/copy-rect.js'
import { encodeAlphaCursor, encodeCursor } from '../../src/rfb/encodings/cursor.js'
import { serverFormat } from '../../src/rfb/pixel-format.js'
import * as writer from '../../src/rfb/writer.js'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const ascii = (text: string) => Buffer.from(text).toString('hex')

test('ProtocolVersion', () => {
  assert.equal(Buffer.from(writer.protocolVersion()).toString(), 'RFB 003.008\n')
})

test('security types, listed and told', () => {
  assert.equal(hex(writer.securityTypeList([2, 1])), '020201')
  assert.equal(hex(writer.securityTypeChosen(2)), '00000002')
})

test('SecurityResult, with a reason and without', () => {
  assert.equal(hex(writer.securityResult(true)), '00000000')
  assert.equal(hex(writer.securityResult(false)), '00000001')
  assert.equal(hex(writer.securityResult(false, 'no')), `00000001${'00000002'}${ascii('no')}`)
})

test('ServerInit', () => {
  assert.equal(
    hex(writer.serverInit({ width: 1024, height: 768 }, serverFormat, 'dé')),
    `04000300${'20180001'}${'00ff00ff00ff'}${'100800000000'}${'00000003'}${ascii('dé')}`,
  )
})

test('FramebufferUpdate, and the header of a rect', () => {
  assert.equal(hex(writer.framebufferUpdate(0x1234)), '00001234')
  assert.equal(hex(writer.rectHeader(rect(1, 2, 258, 5), 16)), '0001' + '0002' + '0101' + '0003' + '00000010')
})

test('CopyRect: only where from', () => {
  const op = { op: 'copy', rect: rect(0, 0, 1920, 1064), fromX: 0x102, fromY: 16 } as const
  assert.equal(copyRect.id, 1)
  assert.equal(hex(copyRect.encode(op)), '01020010')
})

test('DesktopSize', () => {
  assert.equal(
    hex(writer.desktopSizeRect({ width: 800, height: 600 })),
    '00000000' + '0320' + '0258' + 'ffffff21',
  )
})

test('ExtendedDesktopSize: why, what came of it, and one screen', () => {
  const screen = '01000000' + '00000000' + '0000' + '0000' + '0320' + '0258' + '00000000'
  const size = { width: 800, height: 600 }
  assert.equal(
    hex(writer.extendedDesktopSizeRect(size, 0)),
    `0000${'0000'}${'0320'}${'0258'}fffffecc${screen}`,
  )
  assert.equal(
    hex(writer.extendedDesktopSizeRect(size, 1, 3)),
    `0001${'0003'}${'0320'}${'0258'}fffffecc${screen}`,
  )
})

test('Cursor, with alpha and without: the hot spot is its place', () => {
  const shape = { width: 3, height: 2, hotX: 1, hotY: 0, pixels: new Uint8Array(24) }
  assert.equal(hex(writer.cursorRect(shape, false)), '0001' + '0000' + '0003' + '0002' + 'ffffff11')
  assert.equal(hex(writer.cursorRect(shape, true)), '0001' + '0000' + '0003' + '0002' + 'fffffec6')
  assert.equal(hex(encodeAlphaCursor(shape)), `00000000${'00'.repeat(24)}`)
  assert.equal(
    hex(
      encodeCursor({ ...shape, width: 9, height: 1, pixels: new Uint8Array(36).fill(255) }, serverFormat),
    ).slice(-4),
    'ff80',
  )
})

test('PointerPos', () => {
  assert.equal(hex(writer.pointerRect(258, 3)), '0102' + '0003' + '0000' + '0000' + 'ffffff18')
})

test('Bell', () => {
  assert.equal(hex(writer.bell()), '02')
})

test('SetColourMapEntries: a cube of 6 × 6 × 6', () => {
  const bytes = hex(writer.setColourMapEntries())
  assert.equal(bytes.length / 2, 6 + 216 * 6)
  assert.equal(bytes.slice(0, 12), '0100' + '0000' + '00d8')
  assert.equal(bytes.slice(12, 12 + 24), '000000000000' + '000000003333')
  assert.equal(bytes.slice(12 + 36 * 12, 12 + 37 * 12), '333300000000')
  assert.equal(bytes.slice(-12), 'ffffffffffff')
})
