import { binding } from '../src/native/load.js'
import { decodeOut, encodeIn } from '../src/ring/events.js'
import { eventBytes, framebufferPage, stateConnected } from '../src/ring/layout.js'
import type { Link } from '../src/ring/link.js'
import type { LaidOutMemory } from '../src/ring/memory.js'
import { PeerWords } from '../src/ring/peer.js'
import { writeStore } from '../src/ring/store.js'

/** The lower half of the monotonic clock, which all processes share: a value that a FILL has room for as its colour. */
export function clockNs(): number {
  return Number(process.hrtime.bigint() & 0xffffffffn)
}

/**
 * The least that a backend can be: each FILL is answered by a REFRESH_PERIOD that says for how many nanoseconds the event
 * was on its way, from the time that is its colour.
 */
export function lookAndAnswer({ memory, layout }: LaidOutMemory, link: Link): void {
  const out = new binding.RingConsumer(memory, layout.framebufferOffset, framebufferPage.out)
  const back = new binding.RingProducer(memory, layout.framebufferOffset, framebufferPage.in)
  const events = new Uint8Array(framebufferPage.out.slots * eventBytes)
  const view = new DataView(events.buffer)
  const answer = new Uint8Array(eventBytes)
  const words = new PeerWords(memory, 'backend')
  writeStore(memory, 'backend', [['request-fill', 1]])
  words.increment('generation')
  words.store('state', stateConnected)
  link.onBell = () => {
    const count = out.take(events)
    const seen = clockNs()
    out.release(count)
    for (let i = 0; i < count; i++) {
      const event = decodeOut(view, i * eventBytes)
      if (event?.type !== 'fill') continue
      encodeIn(new DataView(answer.buffer), 0, { type: 'refreshPeriod', ms: (seen - event.colour) >>> 0 })
      back.post(answer, 1)
      if (back.takeBell()) link.ring()
    }
  }
}
