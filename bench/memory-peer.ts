/**
 * memory-peer DEVICES WIDTH HEIGHT CAPACITY: draws on that many surfaces, each with a viewer's seat, says so, and waits. What
 * is not shown of their device memory is not touched.
 */
import { once } from 'node:events'
import { Surface } from '../src/index.js'

const [devices, width, height, capacityBytes] = process.argv.slice(2).map(Number)
for (let i = 0; i < devices; i++) {
  const surface = await Surface.create({ width, height, capacityBytes })
  surface.pixels.fill(i + 1, 0, width * height * 4)
  await new Promise<void>((resolve) => {
    surface.attach({ name: 'viewer', present: () => resolve() })
    surface.harvest()
  })
}
globalThis.gc?.()
console.log('ready')
process.stdin.resume()
await once(process.stdin, 'end')
process.exit()
