/** memory-peer DEVICES WIDTH HEIGHT: draws on that many surfaces, each with a viewer's seat, says so, and waits. */
import { once } from 'node:events'
import { Surface } from '../src/index.js'

const [devices, width, height] = process.argv.slice(2).map(Number)
for (let i = 0; i < devices; i++) {
  const surface = await Surface.create({ width, height })
  surface.pixels.fill(i + 1)
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
