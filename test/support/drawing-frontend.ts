/**
 * A guest: draws all the time, by ops and by stores that it tells of, until a line comes; then it writes its pixels to a
 * file, and lives on until the next one.
 *
 *   node drawing-frontend.js SOCKET FILE
 */
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import { Frontend, rectOfSize } from '../../src/index.js'
import { randomNumbers } from './pixel-formats.js'

export const size = { width: 320, height: 200 }

const [, , socket = '', file = ''] = process.argv
const frontend = await Frontend.connect(socket, size)
const lines = createInterface({ input: process.stdin })
const stopped = once(lines, 'line')
let stop = false
stopped.then(() => {
  stop = true
})
console.log('connected')
frontend.on('backend', (connected) => console.log(connected ? 'connected' : 'alone'))

const random = randomNumbers(7)
const all = rectOfSize(0, 0, size.width, size.height)
while (!stop) {
  const part = rectOfSize(random(300), random(180), 1 + random(80), 1 + random(60))
  frontend.fill(part, random(2 ** 24))
  frontend.copy(rectOfSize(0, 0, size.width, size.height - 8), 0, 8)
  frontend.fill(rectOfSize(random(300), random(180), 9, 9), random(2 ** 24), 'xor')
  const at = random(size.width * size.height * 4 - 64)
  frontend.pixels.fill(random(256), at, at + 64)
  frontend.update(all)
  await setImmediate()
}
await writeFile(file, frontend.pixels.subarray(0, size.width * size.height * 4))
console.log('stopped')
await once(lines, 'line')
await frontend.close()
process.exit()
