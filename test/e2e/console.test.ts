/**
 * What this holds: a person at a real viewer has a shell on `umfb console`: types, edits, pages, looks at what runs, clicks;
 * what the viewer shows is what `umfb snapshot` gives, and `umfb text` reads it. It ends with the program, and leaves nothing.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { capture } from '../support/child.js'
import { isSamePicture } from '../support/compare.js'
import { skipWithout } from '../support/programs.js'
import { temporaryFolder } from '../support/temporary.js'
import { UmfbProcess } from '../support/umfb-process.js'
import { TigerVncViewer } from '../support/viewers.js'
import { until } from '../support/wait.js'
import { startXvfb } from '../support/x-server.js'

const viewerPrograms = ['Xvfb', 'xdotool', 'xtigervncviewer', 'xwd', 'xwininfo', 'bash']

/** `umfb console` with bash, or a command. */
async function startConsole(t: TestContext, command = ['bash', '--norc'], options: string[] = []) {
  const env = { PS1: '$ ', HOME: temporaryFolder(t), LANG: 'C.UTF-8' }
  const args = ['console', '--json', '--size', '800x480', ...options, '--', ...command]
  const umfb = new UmfbProcess(t, args, { env })
  const { name } = await umfb.ready()
  const text = async (...query: string[]) => (await umfb.cli('text', name, ...query)).toString()
  const shows = async (pattern: string) => {
    try {
      return await text('--wait', pattern, '--timeout', '15')
    } catch (error) {
      throw new Error(`${(error as Error).message}; it shows:\n${await text()}`)
    }
  }
  return { umfb, name, text, shows }
}

async function startViewer(t: TestContext, umfb: UmfbProcess, display: string) {
  const viewer = await TigerVncViewer.start(t, display, await umfb.target())
  /** xdotool(1): text, or a key by its X name in braces. */
  const type = async (...words: string[]) => {
    for (const word of words) {
      const key = /^\{(.*)\}$/.exec(word)?.[1]
      await viewer.type(...(key ? ['key', key] : ['type', '--delay', '5', word]))
    }
  }
  /** The cursor blinks: again and again, until both were taken of one state. */
  const isSeen = async () => {
    await until(
      async () => {
        const shown = await umfb.snapshot()
        const seen = await viewer.settle(shown, 500)
        return isSamePicture(seen, shown) || undefined
      },
      () => 'the viewer shows another picture than the snapshot',
    )
  }
  return { viewer, type, isSeen }
}

test('a shell in a viewer', { skip: skipWithout(...viewerPrograms, 'vi', 'less', 'htop') }, async (t) => {
  const display = await startXvfb(t)
  const { umfb, name, text, shows } = await startConsole(t)
  const { type, viewer, isSeen } = await startViewer(t, umfb, display)
  const folder = temporaryFolder(t)

  await t.test('types, and sees what comes', async () => {
    await shows('^\\$')
    await type('echo $((6*7)); stty size', '{Return}')
    await shows('^42\\n30 100$')
    await isSeen()
  })

  await t.test('interrupts, completes, and goes through the history', async () => {
    await type('sleep 1000', '{Return}')
    await type('{ctrl+c}', 'clear', '{Return}', 'echo /usr/loc', '{Tab}', '{Return}')
    await shows('^/usr/local/?$')
    await type('{Up}', '{BackSpace}', '{BackSpace}', '{Return}')
    await shows('^/usr/loca')
  })

  await t.test('edits a file in vi', async () => {
    const file = join(folder, 'file')
    await type(`vi ${file}`, '{Return}')
    await shows('^~')
    await type('i', 'first line', '{Return}', 'third', '{Escape}')
    await type('k', 'o', 'second', '{Escape}')
    await type('{Up}', '{End}', 'a', '!', '{Escape}')
    await shows('^first line!\\nsecond\\nthird$')
    await isSeen()
    await type(':wq', '{Return}')
    await shows('^\\$[^]*\\$\\s*$')
    assert.equal(readFileSync(file, 'utf8'), 'first line!\nsecond\nthird\n')
  })

  await t.test('pages through a file in less', async () => {
    const file = join(folder, 'long')
    writeFileSync(file, Array.from({ length: 500 }, (_, i) => `line ${i + 1}\n`).join(''))
    await type(`less ${file}`, '{Return}')
    await shows('^line 1$[^]*^line 29$')
    await type('{Next}')
    await shows('^line 30$[^]*^line 58$')
    await type('/line 321', '{Return}')
    await shows('^line 321$')
    await type('{Up}')
    await isSeen()
    await type('q')
    await shows('^\\$')
  })

  await t.test('looks at what runs in htop, and clicks on its "Quit"', async () => {
    await type('clear; htop', '{Return}')
    const screen = (await shows('F10\\s*Quit')).trimEnd()
    const lines = screen.split('\n')
    const [row, column] = [lines.length - 1, lines.at(-1)!.indexOf('Quit')]
    await viewer.type(
      'mousemove',
      '--window',
      viewer.window,
      String(column * 8 + 8),
      String(row * 16 + 8),
      'click',
      '1',
    )
    await until(
      async () => !(await text()).includes('F10') || undefined,
      () => 'htop does not end',
    )
  })

  await t.test('colours, bold, wide characters: seen as they are', async () => {
    const line = '\\e[1;31mred\\e[0m \\e[48;5;27mblue\\e[0m \\e[38;2;10;200;30mtrue\\e[0m 日本語 ┌─┐ Ωж'
    const file = join(folder, 'colours')
    writeFileSync(file, `clear; printf '${line}\\n'\n`)
    await type(`. ${file}`, '{Return}')
    await shows('red blue true 日本語')
    await isSeen()
  })

  await t.test('scrolls: copies, not pictures', async () => {
    await type('clear; seq 1 200', '{Return}')
    await shows('^200$')
    await isSeen()
    await type('{shift+Prior}')
    await isSeen()
    await type('{shift+Next}')
    await isSeen()
  })

  await t.test('follows the size of the viewer’s window', async (t) => {
    const display = await startXvfb(t)
    const other = await TigerVncViewer.start(t, display, await umfb.target(), { remoteResize: true })
    const env = { ...process.env, DISPLAY: display }
    await capture('xdotool', ['windowsize', other.window, '640', '400'], env)
    await until(
      async () => (await umfb.snapshot()).width === 640 || undefined,
      () => 'the console keeps its size',
    )
    await umfb.cli('type', name, 'stty size\\n')
    await shows('^25 80$')
  })

  await t.test('leaves: the status is the shell’s, and nothing is left', async () => {
    await umfb.cli('type', name, 'exit 9\\n')
    assert.deepEqual(await umfb.event('exit'), { event: 'exit', status: 9, signal: null })
    assert.equal((await umfb.ended).status, 9)
    umfb.assertNothingLeft()
  })
})

test('a program in another format, on another tracker', { skip: skipWithout('bash') }, async (t) => {
  for (const format of ['c8', 'rgb565']) {
    const { umfb, shows } = await startConsole(
      t,
      ['bash', '-c', 'printf "\\e[31mred\\n"; exec cat'],
      ['--format', format],
    )
    await shows('red')
    const { rgb, width } = await umfb.snapshot()
    const colours = new Set(Array.from({ length: width * 16 }, (_, i) => rgb.slice(i * 3, i * 3 + 3).join()))
    // #cc0000, as near as 5 and 6 bits have it.
    assert.ok(colours.has(format === 'c8' ? '204,0,0' : '206,0,0'), [...colours].join(' '))
    await umfb.end()
    umfb.assertNothingLeft()
  }
})

test('what is not there in time is one line, and status 1', { skip: skipWithout('bash') }, async (t) => {
  const { umfb, name, text } = await startConsole(t)
  await assert.rejects(text('--wait', 'never', '--timeout', '0.1'), /did not show within 100 ms/)
  await assert.rejects(text('--wait', '('), /pattern/)
  await umfb.cli('type', name, 'seq 3\\n')
  assert.match(await text('--wait', '^3$', '--stable', '100'), /^1\n2\n3$/m)
})

test('ended by a signal: the shell and what it left is gone', { skip: skipWithout('bash') }, async (t) => {
  const { umfb, name, shows } = await startConsole(t)
  await umfb.cli('type', name, 'sleep 1000 &\\n')
  await shows('^\\[1\\]')
  await umfb.end('SIGTERM')
  umfb.assertNothingLeft()

  const killed = await startConsole(t)
  await killed.umfb.cli('type', killed.name, 'nohup sleep 1000 &\\n')
  await killed.shows('^\\[1\\]')
  await killed.umfb.end('SIGKILL')
  await killed.umfb.lastProcessEnded()
})
