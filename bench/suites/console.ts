/** The text console: what its drawing costs a program that floods it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import xterm from '@xterm/headless'
import { TerminalProcess } from '../../src/console/terminal-process.js'
import { Device } from '../../src/index.js'
import { type Figure, median } from '../harness.js'

const textBytes = 10_000_000
const pairs = 15

/** Lines of words, none like another one. */
function sampleText(): string {
  const words = 'the quick brown fox jumps over the lazy dog and runs'.split(' ')
  let text = ''
  for (let line = 0; text.length < textBytes; line++) {
    const count = 2 + ((line * 7) % 13)
    text += `${line} ${Array.from({ length: count }, (_, i) => words[(line * 3 + i) % words.length]).join(' ')}\n`
  }
  return text
}

const size = { width: 1920, height: 1080 }

/** @returns ms from the program's start to its last line on the screen */
async function drawn(file: string): Promise<number> {
  await using device = await Device.create({ ...size, frontend: true, name: `bench-${process.pid}` })
  const start = performance.now()
  const console = await device.console({ command: 'cat', args: [file] })
  await console.exited
  return performance.now() - start
}

/** The same program on the same library, by the same pipe, with as much under way. */
async function parsed(file: string): Promise<number> {
  const terminal = new xterm.Terminal({ cols: 240, rows: 67, scrollback: 2000, allowProposedApi: true })
  let waiting = 0
  let resume: (() => void) | undefined
  const start = performance.now()
  const program = await TerminalProcess.spawn({
    command: 'cat',
    args: [file],
    env: process.env,
    size: { columns: 240, rows: 67, ...size },
    write: (bytes) => {
      waiting += bytes.length
      terminal.write(bytes, () => {
        waiting -= bytes.length
        if (waiting <= 1 << 18) resume?.()
      })
      if (waiting < 1 << 19) return
      return new Promise((resolve) => {
        resume = resolve
      })
    },
  })
  await program.exited
  await new Promise<void>((resolve) => terminal.write('', resolve))
  const ms = performance.now() - start
  terminal.dispose()
  return ms
}

export async function textConsole(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'umfb-bench-'))
  try {
    const file = join(folder, 'text')
    await writeFile(file, sampleText())
    // One by turns with the other, so that a noisy moment is noisy for both.
    const times: [number[], number[]] = [[], []]
    for (let i = 0; i < pairs; i++) {
      for (const [which, run] of [drawn, parsed].entries()) times[which].push(await run(file))
    }
    const [withDrawing, without] = times.map((each) => median(each)) as [number, number]
    return [
      {
        name: 'cat of 10 MB at 1080p: console / terminal library alone',
        value: withDrawing / without,
        unit: '×',
        target: { atMost: 1.1 },
        note: 'medians, by turns',
      },
      { name: 'cat of 10 MB at 1080p', value: textBytes / 1000 / withDrawing, unit: 'MB/s' },
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}
