/** From an event in one process to its being seen in the other: both awake, by rings and socket as they are in use. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDeviceMemory, Frontend, LocalLink, rectOfSize } from '../../src/index.js'
import { type Figure, median } from '../harness.js'
import { meanNs } from '../micro.js'
import { clockNs, lookAndAnswer } from '../ring-look.js'

const program = fileURLToPath(new URL('../ring-peer.js', import.meta.url))
const warmUp = 500
const rounds = 5000
const pixel = rectOfSize(0, 0, 1, 1)

interface Times {
  readonly thereUs: number
  readonly andBackUs: number
}

/** One event at a time: the next one is told when the answer to this one has come. */
async function pingPong(frontend: Frontend): Promise<Times> {
  const there: number[] = []
  const andBack: number[] = []
  await new Promise<void>((resolve) => {
    let start = 0
    const tell = () => {
      start = clockNs()
      frontend.fill(pixel, start)
      frontend.flush()
    }
    frontend.on('refreshPeriod', (onItsWayNs) => {
      there.push(onItsWayNs / 1000)
      andBack.push(((clockNs() - start) >>> 0) / 1000)
      if (there.length < warmUp + rounds) tell()
      else resolve()
    })
    tell()
  })
  return { thereUs: median(there.slice(warmUp)), andBackUs: median(andBack.slice(warmUp)) }
}

async function betweenProcesses(): Promise<Times> {
  const folder = mkdtempSync(join(tmpdir(), 'umfb-bench-'))
  const path = join(folder, 's')
  const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await once(child.stdout, 'data')
    await using frontend = await Frontend.connect(path, { reconnect: false })
    return await pingPong(frontend)
  } finally {
    child.kill()
    rmSync(folder, { recursive: true })
  }
}

async function inOneProcess(): Promise<{ times: Times; fillNs: number }> {
  const device = createDeviceMemory()
  const [ours, theirs] = LocalLink.pair()
  lookAndAnswer(device, theirs)
  const frontend = new Frontend(device, ours)
  const times = await pingPong(frontend)
  frontend.removeAllListeners('refreshPeriod')
  // Told and simplified: the backend has no turn in between.
  const fillNs = meanNs('fill', () => frontend.fill(pixel, 1))
  await frontend.close()
  device.memory.close()
  return { times, fillNs }
}

export async function ring(): Promise<Figure[]> {
  const two = await betweenProcesses()
  const { times: one, fillNs } = await inOneProcess()
  return [
    {
      name: 'ring round trip: event in one process → seen in the other',
      value: two.thereUs,
      unit: 'µs',
      target: { atMost: 50 },
      note: 'drawn, posted, rung by a socket, taken; median',
    },
    { name: '… and the answer seen back', value: two.andBackUs, unit: 'µs' },
    { name: 'the same inside of one process: event → seen', value: one.thereUs, unit: 'µs' },
    { name: '… and the answer seen back', value: one.andBackUs, unit: 'µs' },
    { name: 'a fill of one pixel, drawn and told', value: fillNs, unit: 'ns' },
  ]
}
