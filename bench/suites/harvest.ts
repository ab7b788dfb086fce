/**
 * What it costs to ask "which pages are dirty?": ours through N-API, the same ioctl in plain C, and memcmp of the whole
 * surface, all in one run.
 */
import { binding } from '../../src/native/load.js'
import { type Figure, median, runPeer } from '../harness.js'
import { meanNs } from '../micro.js'

const peer = 'build/Release/umfb-bench-raw'
const rounds = 400

const sizes = [
  { name: '1080p', bytes: 1920 * 1080 * 4 },
  { name: '4K', bytes: 3840 * 2160 * 4 },
]

/** Median time of one harvest after `store`, in nanoseconds: the store itself is not counted. */
function harvestAfter(store: () => void, harvest: () => void): number {
  const times: number[] = []
  for (let i = 0; i < rounds; i++) {
    store()
    const start = process.hrtime.bigint()
    harvest()
    times.push(Number(process.hrtime.bigint() - start))
  }
  return median(times)
}

function measure({ name, bytes }: (typeof sizes)[number]): Figure[] {
  const memory = new binding.DeviceMemory(bytes)
  const pixels = new Uint8Array(memory.buffer)
  const shadow = new Uint8Array(memory.sizeBytes)
  const tracker = new binding.Tracker(memory, { mechanism: 'wp-async', shadow })
  const runs = new Uint32Array(memory.sizeBytes / binding.pageSize + 2)
  const harvest = () => {
    tracker.harvest(runs)
  }
  pixels.fill(1)
  harvest()
  try {
    // Before and after, so that a machine that slows down meanwhile slows both.
    const before = runPeer(peer, [bytes, rounds])
    const idle = harvestAfter(() => {}, harvest)
    let value = 0
    const onePage = harvestAfter(() => {
      pixels[bytes >> 1] = ++value
    }, harvest)
    const allDirty = harvestAfter(() => {
      value++
      for (let at = 0; at < bytes; at += binding.pageSize) pixels[at] = value
    }, harvest)
    const idleMean = meanNs(`${name} idle`, harvest)
    const after = runPeer(peer, [bytes, rounds])
    const raw = (key: string) => (before[key] + after[key]) / 2

    const promise4K = name === '4K'
    return [
      { name: `${name} idle harvest`, value: idle / 1000, unit: 'µs' },
      { name: `${name} idle harvest, mean by benchmark.js`, value: idleMean / 1000, unit: 'µs' },
      {
        name: `${name} idle harvest / raw ioctl in C`,
        value: idle / raw('idleScanNs'),
        unit: '×',
        target: promise4K ? { atMost: 1.5 } : undefined,
      },
      {
        name: `${name} memcmp of the surface / idle harvest`,
        value: raw('memcmpNs') / idle,
        unit: '×',
        target: promise4K ? { atLeast: 100 } : undefined,
      },
      { name: `${name} one-page harvest`, value: onePage / 1000, unit: 'µs' },
      { name: `${name} one-page harvest / raw ioctl in C`, value: onePage / raw('onePageScanNs'), unit: '×' },
      { name: `${name} all-dirty harvest`, value: allDirty / 1000, unit: 'µs' },
      {
        name: `${name} all-dirty harvest / raw ioctl in C`,
        value: allDirty / raw('allDirtyScanNs'),
        unit: '×',
      },
    ]
  } finally {
    tracker.close()
    memory.close()
  }
}

export async function harvest(): Promise<Figure[]> {
  return sizes.flatMap(measure)
}
