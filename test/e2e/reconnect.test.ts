/**
 * What this holds: a guest that tells by rings outlives `umfb serve`, killed by SIGKILL while it draws; a new one has its
 * device again, and the next picture is exact. A guest that dies is noticed, and its device goes.
 */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { pixelFormats, rect, toRgb } from '../../src/index.js'
import { start } from '../support/child.js'
import { assertSamePicture } from '../support/compare.js'
import { repositoryRoot } from '../support/paths.js'
import { readPicture } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary.js'
import { UmfbProcess } from '../support/umfb-process.js'

const program = join(repositoryRoot, 'dist/test/support/drawing-frontend.js')
const size = { width: 320, height: 200 }

/** The guest, and the lines that it says. */
function startGuest(t: TestContext, socket: string, file: string) {
  const child = start(t, process.execPath, [program, socket, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const says = async (line: string) => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error(`the guest ended before it said ${line}`)
      if (value === line) return
    }
  }
  return { child, says, tell: () => child.stdin!.write('\n') }
}

test('a guest outlives the backend', async (t) => {
  const folder = temporaryFolder(t)
  const socket = join(folder, 'socket')
  const file = join(folder, 'pixels')
  const serve = async () => {
    const umfb = new UmfbProcess(t, ['serve', '--json', '--name', 'x', '--vnc', 'off', socket])
    await umfb.event('ready')
    return umfb
  }
  const first = await serve()
  const guest = startGuest(t, socket, file)
  await guest.says('connected')
  await first.event('device')
  for (let i = 0; i < 3; i++) await first.cli('snapshot', 'x-1', '-')
  await first.end('SIGKILL')
  await guest.says('alone')

  const second = await serve()
  const { name } = await second.event('device')
  assert.equal(name, 'x-1')
  await guest.says('connected')
  await second.cli('snapshot', 'x-1', '-')
  guest.tell()
  await guest.says('stopped')
  const pixels = await readFile(file)
  const { width, height } = size
  const layout = { strideBytes: width * 4, format: pixelFormats.xrgb8888 }
  const rgb = toRgb(pixels, layout, new Uint8Array(768), rect(0, 0, width, height))
  const shown = await readPicture(await second.cli('snapshot', 'x-1', '-'))
  assertSamePicture(shown, { width, height, rgb }, 'umfb snapshot')

  guest.child.kill('SIGKILL')
  await second.event('gone')
  assert.equal((await second.cli('ls', '--json')).toString(), '')
})
