/** What a device takes: the difference of two processes, one with a device and one without, all else alike. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Figure, pssBytes } from '../harness.js'

const program = fileURLToPath(new URL('../memory-peer.js', import.meta.url))
const width = 1920
const height = 1080
/** What a device has that nobody chose another size for. */
const capacityBytes = 64 * 2 ** 20

async function processBytes(devices: number): Promise<number> {
  const args = [devices, width, height, capacityBytes].map(String)
  const child = spawn(process.execPath, ['--expose-gc', program, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const bytes = pssBytes(child.pid as number)
  child.stdin.end()
  await once(child, 'exit')
  return bytes
}

export async function memory(): Promise<Figure[]> {
  const one = await processBytes(1)
  const eleven = await processBytes(11)
  const deviceBytes = (eleven - one) / 10
  const pixelsAndShadow = 2 * width * height * 4
  const mib = 2 ** 20
  return [
    {
      name: '1080p device with a viewer: memory',
      value: deviceBytes / mib,
      unit: 'MiB',
      note: 'Pss, 11 devices less 1; room for 4096x4096',
    },
    {
      name: '… beyond its pixels and one shadow',
      value: (deviceBytes - pixelsAndShadow) / mib,
      unit: 'MiB',
      target: { atMost: 4 },
    },
  ]
}
