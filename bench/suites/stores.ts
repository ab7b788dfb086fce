/**
 * What tracking costs the one who draws: a guest's first store to each page of a re-armed surface. The guest is an
 * unmodified program in a process of its own, armed from outside; the peer protects its own memory, in plain C.
 */
import { createInterface } from 'node:readline'
import { ProcessGuest, Surface } from '../../src/index.js'
import { type Figure, median, runPeer } from '../harness.js'

const rounds = 100
const bytes = 1920 * 1080 * 4

async function guestStores(): Promise<number> {
  // By name: the adaptive policy would leave pages open that are stored to in every round.
  await using surface = await Surface.create({ width: 1920, height: 1080, tracker: 'wp-async' })
  await using guest = await ProcessGuest.spawn({
    surface,
    program: 'build/Release/umfb-bench-stores',
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(guest.stdout!)[Symbol.asyncIterator]()
  await lines.next()
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    surface.harvest()
    guest.stdin!.write('\n')
    times.push(Number((await lines.next()).value))
  }
  guest.stdin!.end()
  await guest.exited
  return median(times)
}

export async function stores(): Promise<Figure[]> {
  const raw = () => runPeer('build/Release/umfb-bench-raw', [bytes, rounds]).firstStoreNs
  const before = raw()
  const ours = await guestStores()
  const after = raw()
  return [
    { name: "1080p guest's first store to a page", value: ours, unit: 'ns' },
    {
      name: "1080p guest's first store / the raw kernel's cost in C",
      value: ours / ((before + after) / 2),
      unit: '×',
      target: { atMost: 1.1 },
    },
  ]
}
