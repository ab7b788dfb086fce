import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ProtocolError } from '../../src/errors.js'
import { agreeOnVersion, Handshake } from '../../src/rfb/handshake.js'
import { Reader } from '../../src/rfb/reader.js'
import { none } from '../../src/rfb/security/none.js'
import type { SecurityType } from '../../src/rfb/security/security-type.js'
import { answerTo, desKey, vncAuth } from '../../src/rfb/security/vnc-auth.js'

/** Speaks one side of a handshake: what is said is checked, byte by byte fed. */
function start(type: SecurityType) {
  let sent = Buffer.alloc(0)
  const reader = new Reader()
  const handshake = new Handshake([type], (bytes) => {
    sent = Buffer.concat([sent, bytes])
  })
  return {
    handshake,
    /** What the server has said since the last call. */
    heard(): Buffer {
      const heard = sent
      sent = Buffer.alloc(0)
      return heard
    },
    /** @returns the first event */
    say(bytes: string | Uint8Array) {
      for (const byte of Buffer.from(bytes as string, 'latin1')) {
        reader.push(Uint8Array.of(byte))
        const event = handshake.advance(reader)
        if (event) return event
      }
      return undefined
    },
  }
}

const passwords = { type: 'vnc-auth' as const, password: 'secret', viewOnlyPassword: 'watch' }

describe('protocol versions', () => {
  for (const [said, agreed] of [
    ['003.003', '3.3'],
    ['003.004', '3.3'],
    ['003.005', '3.3'],
    ['003.006', '3.3'],
    ['003.000', '3.3'],
    ['003.007', '3.7'],
    ['003.008', '3.8'],
    ['003.009', '3.8'],
    ['003.889', '3.8'],
    ['004.001', '3.8'],
    ['005.000', '3.8'],
  ]) {
    it(`${said} is spoken to as ${agreed}`, () => assert.equal(agreeOnVersion(`RFB ${said}\n`), agreed))
  }

  for (const line of [
    'RFB 003.008 ',
    'RFB 3.8\n....',
    'GET / HTTP/1',
    'RFB 002.002\n',
    'RFB 00x.008\n',
    '\0'.repeat(12),
  ]) {
    it(`${JSON.stringify(line)} is refused`, () => assert.throws(() => agreeOnVersion(line), ProtocolError))
  }
})

describe('VncAuth', () => {
  it('mirrors the bits of each byte of the key', () => {
    assert.equal(desKey('password').toString('hex'), '0e86ceceeef64e26')
    assert.equal(desKey('ab').toString('hex'), '8646000000000000')
    assert.deepEqual(desKey('password and more'), desKey('password'))
  })

  for (const version of ['003.003', '003.007', '003.008']) {
    it(`judges by ${version}`, () => {
      for (const [password, verdict] of [
        ['secret', { ok: true, viewOnly: false }],
        ['watch', { ok: true, viewOnly: true }],
        ['Secret', { ok: false, reason: 'Wrong password' }],
        ['', { ok: false, reason: 'Wrong password' }],
      ] as const) {
        const { say, heard, handshake } = start(vncAuth(passwords))
        assert.equal(heard().toString(), 'RFB 003.008\n')
        say(`RFB ${version}\n`)
        if (version !== '003.003') say(Uint8Array.of(2))
        const told = heard()
        const challenge = told.subarray(-16)
        assert.equal(told.subarray(0, -16).toString('hex'), version === '003.003' ? '00000002' : '0102')
        const event = say(answerTo(challenge, password))
        assert.deepEqual(event, { type: 'verdict', verdict })
        assert.equal(heard().length, 0, 'nothing is told before announce()')
        assert.equal(say('\x01'), undefined, 'nothing goes on before announce()')
        handshake.announce(verdict)
        if (!verdict.ok) {
          const reason = version === '003.008' ? `0000000e${Buffer.from(verdict.reason).toString('hex')}` : ''
          assert.equal(heard().toString('hex'), `00000001${reason}`)
        } else {
          assert.equal(heard().toString('hex'), '00000000')
        }
      }
    })
  }

  it('never asks the same thing twice', () => {
    const challenges = [1, 2].map(() => Buffer.from(vncAuth(passwords).begin().opening).toString('hex'))
    assert.notEqual(challenges[0], challenges[1])
  })
})

describe('None', () => {
  for (const [version, result] of [
    ['003.003', ''],
    ['003.007', ''],
    ['003.008', '00000000'],
  ]) {
    it(`tells the result in 3.8 alone: ${version}`, () => {
      const { say, heard, handshake } = start(none({ type: 'none' }))
      heard()
      let event = say(`RFB ${version}\n`)
      assert.equal(heard().toString('hex'), version === '003.003' ? '00000001' : '0101')
      if (version !== '003.003') event = say(Uint8Array.of(1))
      assert.deepEqual(event, { type: 'verdict', verdict: { ok: true, viewOnly: false } })
      handshake.announce({ ok: true, viewOnly: false })
      assert.equal(heard().toString('hex'), result)
      assert.deepEqual(say(Uint8Array.of(0)), { type: 'done', viewOnly: false })
    })
  }
})

describe('a security type that was not offered', () => {
  for (const [version, told] of [
    ['003.007', /^00000001$/],
    ['003.008', /^00000001.+/],
  ] as const) {
    it(`is refused, by ${version}`, () => {
      for (const type of [0, 1, 16, 255]) {
        const { say, heard } = start(vncAuth(passwords))
        say(`RFB ${version}\n`)
        heard()
        assert.throws(() => say(Uint8Array.of(type)), ProtocolError)
        assert.match(heard().toString('hex'), told)
      }
    })
  }
})
