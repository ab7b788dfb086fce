/**
 * What these hold: a viewer that knows ExtendedDesktopSize is told its size at first, at each change with who wished for it,
 * and what came of its own wish, each in an update without pixels; the guest decides; what is no wish costs nothing.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import { rect } from '../../src/geometry/rect.js'
import type { ModeWish } from '../../src/surface/mode-wishes.js'
import type { RfbClient } from '../support/rfb-client.js'
import { setDesktopSize } from '../support/rfb-messages.js'
import { type ServedDisplay, serveDisplay } from '../support/rfb-server.js'

const small = { width: 40, height: 30 }
const [desktopSize, extendedDesktopSize] = [-223, -308]
const [byServer, byViewer, byOther] = [0, 1, 2]
const [ok, prohibited, outOfResources, invalid] = [0, 1, 2, 3]

/** A viewer that has its first picture, and has asked for more. */
async function viewer({ connect }: ServedDisplay, ...listed: number[]): Promise<RfbClient> {
  const client = await connect()
  client.setEncodings(0, extendedDesktopSize, ...listed)
  await client.update(false)
  await client.nextUpdate()
  client.sizes.length = 0
  return client
}

/** The next word on sizes; pictures on the way are taken. */
async function nextSize(client: RfbClient): Promise<RfbClient['sizes'][0]> {
  while (client.sizes.length === 0) await client.update(true)
  return client.sizes.shift()!
}

async function served(t: TestContext, options = {}): Promise<ServedDisplay> {
  return serveDisplay(t, small, options)
}

function wishes(display: ServedDisplay['display'], answer: (wish: ModeWish) => void): ModeWish[] {
  const heard: ModeWish[] = []
  display.on('modeWanted', (wish: ModeWish) => {
    heard.push(wish)
    answer(wish)
  })
  return heard
}

describe('a viewer that knows ExtendedDesktopSize', () => {
  it('is told the size first, without pixels, and then the picture', async (t) => {
    const { connect } = await served(t)
    const client = await connect()
    client.setEncodings(0, desktopSize, extendedDesktopSize)
    const first = await client.update(false)
    assert.deepEqual(
      first.map(({ encoding }) => encoding),
      [extendedDesktopSize],
    )
    const { screens, ...size } = client.sizes[0]!
    assert.deepEqual(size, { reason: byServer, status: ok, ...small })
    assert.equal(screens.toString('hex'), `${'00000000'}${'0000'}${'0000'}${'0028'}${'001e'}${'00000000'}`)
    const [second] = await client.nextUpdate()
    assert.deepEqual([second!.width, second!.height], [40, 30])
  })

  it('is told again with each request for all, and with no other', async (t) => {
    const all = await served(t)
    const client = await viewer(all)
    all.display.damage(all.display.bounds)
    await client.update(true)
    assert.equal(client.sizes.length, 0)
    await client.update(false, [3, 3, 1, 1])
    assert.equal(client.sizes.length, 1)
  })

  it('is told of a change, and shown the new picture, without DesktopSize', async (t) => {
    const all = await served(t)
    const client = await viewer(all, desktopSize)
    client.request(true)
    all.display.setMode({ width: 50, height: 20 })
    all.display.pixels.fill(7)
    const rects = await client.nextUpdate()
    assert.deepEqual(
      rects.map(({ encoding }) => encoding),
      [extendedDesktopSize],
    )
    assert.deepEqual([client.width, client.height, client.sizes[0]!.reason], [50, 20, byServer])
    await client.nextUpdate()
    assert.ok(client.pixels.every((pixel) => pixel === 0x070707))
  })

  it('that lists it late is told, and shown all', async (t) => {
    const { display, connect } = await served(t)
    const client = await connect()
    await client.update(false)
    display.setMode({ width: 50, height: 20 })
    await client.update(true)
    assert.deepEqual([client.width, client.height], [40, 30])
    client.setEncodings(0, extendedDesktopSize)
    display.pixels.fill(3)
    display.damage(rect(0, 0, 1, 1))
    assert.equal((await nextSize(client)).width, 50)
    await client.nextUpdate()
    await client.update(true)
    assert.ok(client.pixels.every((pixel) => pixel === 0x030303))
  })
})

describe('a wish', () => {
  it('is the guest’s to grant; who wished hears that, and others hear of another', async (t) => {
    const all = await served(t)
    const [first, second] = [await viewer(all), await viewer(all)]
    const heard = wishes(all.display, ({ width, height }) => all.display.setMode({ width, height }))
    first.socket.write(setDesktopSize(50, 20))
    const [told, toldOther] = await Promise.all([nextSize(first), nextSize(second)])
    assert.deepEqual(
      heard.map(({ width, height }) => [width, height]),
      [[50, 20]],
    )
    assert.deepEqual([told.reason, told.status, told.width, told.height], [byViewer, ok, 50, 20])
    assert.deepEqual([toldOther.reason, toldOther.status, toldOther.width], [byOther, ok, 50])
    all.display.setMode(small)
    assert.equal((await nextSize(first)).reason, byServer)
  })

  it('for the size that there is, is granted', async (t) => {
    const all = await served(t)
    const heard = wishes(all.display, () => {})
    const client = await viewer(all)
    client.socket.write(setDesktopSize(40, 30))
    const { reason, status } = await nextSize(client)
    assert.deepEqual([reason, status, heard], [byViewer, ok, []])
  })

  for (const [what, status, answer] of [
    ['nobody hears is prohibited', prohibited, undefined],
    ['the guest refuses is prohibited', prohibited, (wish: ModeWish) => wish.refuse()],
    ['memory has no room for is out of resources', outOfResources, 'large'],
    ['no mode can have is out of resources', outOfResources, 'huge'],
  ] as const) {
    it(`that ${what}`, async (t) => {
      const all = await served(t)
      const [client, other] = [await viewer(all), await viewer(all)]
      if (typeof answer === 'function') wishes(all.display, answer)
      client.socket.write(
        answer === 'large'
          ? setDesktopSize(16384, 16384)
          : answer === 'huge'
            ? setDesktopSize(20000, 9)
            : setDesktopSize(50, 20),
      )
      const told = await nextSize(client)
      assert.deepEqual([told.reason, told.status], [byViewer, status])
      assert.deepEqual([client.width, client.height], [40, 30])
      assert.equal(other.sizes.length, 0)
    })
  }

  it('of a view-only viewer is prohibited, and the guest does not hear of it', async (t) => {
    const all = await served(t, { viewOnly: true })
    const heard = wishes(all.display, () => assert.fail('it was told'))
    const client = await viewer(all)
    client.socket.write(setDesktopSize(50, 20))
    assert.equal((await nextSize(client)).status, prohibited)
    assert.deepEqual(heard, [])
  })

  for (const [what, message] of [
    ['no screen', setDesktopSize(50, 20, [])],
    ['255 screens', setDesktopSize(50, 20, new Array(255).fill([0, 0, 0, 50, 20, 0]))],
    [
      'two screens',
      setDesktopSize(50, 20, [
        [0, 0, 0, 25, 20, 0],
        [1, 25, 0, 25, 20, 0],
      ]),
    ],
    ['a screen that is smaller', setDesktopSize(50, 20, [[0, 0, 0, 49, 20, 0]])],
    ['a screen beside', setDesktopSize(50, 20, [[0, 1, 0, 50, 20, 0]])],
    ['no pixels', setDesktopSize(0, 0, [[0, 0, 0, 0, 0, 0]])],
    ['no height', setDesktopSize(50, 0, [[0, 0, 0, 50, 0, 0]])],
  ] as const) {
    it(`with ${what} is no layout`, async (t) => {
      const all = await served(t)
      wishes(all.display, () => assert.fail('it was told'))
      const client = await viewer(all)
      client.socket.write(message)
      const { reason, status } = await nextSize(client)
      assert.deepEqual([reason, status], [byViewer, invalid])
    })
  }

  it('may have any id and flags, and comes in any portions', async (t) => {
    const all = await served(t)
    const client = await viewer(all)
    const heard = wishes(all.display, (wish) => wish.refuse())
    for (const byte of setDesktopSize(50, 20, [[0xffffffff, 0, 0, 50, 20, 0x80000001]])) {
      client.socket.write(Uint8Array.of(byte))
    }
    assert.equal((await nextSize(client)).status, prohibited)
    assert.equal(heard.length, 1)
  })

  it('of a viewer that knows no answer is asked all the same', async (t) => {
    const { display, connect } = await served(t)
    const client = await connect()
    await client.update(false)
    const told = once(display, 'modeWanted')
    client.socket.write(setDesktopSize(50, 20))
    const [{ width }] = (await told) as [ModeWish]
    assert.equal(width, 50)
    display.damage(display.bounds)
    await client.update(true)
    assert.equal(client.sizes.length, 0)
  })

  it('is one of many when a window is dragged: the newest is told, few before it, and it is answered', async (t) => {
    const all = await served(t)
    const client = await viewer(all)
    const heard = wishes(all.display, ({ width, height }) => all.display.setMode({ width, height }))
    for (let i = 1; i <= 300; i++) client.socket.write(setDesktopSize(100 + i, 100))
    while (client.width !== 400) await nextSize(client)
    assert.equal(heard.at(-1)!.width, 400)
    assert.ok(heard.length < 20, `${heard.length} wishes were told`)
  })

  it('ends with its viewer', async (t) => {
    const all = await served(t)
    const client = await viewer(all)
    const heard = wishes(all.display, () => {})
    client.socket.write(setDesktopSize(50, 20))
    while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const left = once(all.server, 'leave')
    client.close()
    await left
    const other = await viewer(all)
    all.display.setMode({ width: 50, height: 20 })
    assert.equal((await nextSize(other)).reason, byServer, 'nobody wishes for it any more')
  })
})
