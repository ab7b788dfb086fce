/**
 * What this holds: a program on a console sees a terminal, what it shows can be read and waited for, keys and the mouse reach
 * it as a terminal sends them, and it ends with all that came of it.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { TextConsole, type TextConsoleOptions } from '../../src/console/text-console.js'
import { BTN, KEY } from '../../src/input/codes.js'
import { GuestInput } from '../../src/input/guest-input.js'
import { Typist } from '../../src/input/typist.js'
import { Surface } from '../../src/surface/surface.js'
import { SurfaceScreen } from '../support/surface-screen.js'
import { until } from '../support/wait.js'

const timeoutMs = 20_000

async function start(t: TestContext, script: string, options: Partial<TextConsoleOptions> = {}) {
  const surface = await Surface.create({ width: 400, height: 160 })
  const screen = new SurfaceScreen(surface)
  const console = await TextConsole.create({ screen, command: 'sh', args: ['-c', script], ...options })
  t.after(async () => {
    await console.close()
    await surface.close()
  })
  const shows = (pattern: RegExp) => console.waitFor(pattern, { timeoutMs })
  return { surface, screen, console, shows }
}

/** A program that shows each byte that it is typed, as cat -v does, one line for each read. */
const echo = 'stty raw -echo; printf "%b" "$0"; echo ready; exec cat -v'

/** Starts it with some modes set. */
async function echoing(t: TestContext, modes = '', options: Partial<TextConsoleOptions> = {}) {
  const started = await start(t, '', { ...options, args: ['-c', echo, modes] })
  await started.shows(/ready/)
  const { console, surface } = started
  const typed = () => console.text().split('ready')[1]!.replaceAll('\n', '').replaceAll(' ', '')
  const gets = (expected: string) =>
    until(
      () => typed().endsWith(expected) || undefined,
      () => `expected ${expected}, received ${typed()}`,
    )
  const input = new GuestInput()
  input.attach({
    input: (events) => {
      for (const { type, code, value } of events) if (type === 1) console.key(code, value !== 0)
    },
  })
  const type = (text: string, layout = 'us') => new Typist(input).type(text, { layout, intervalMs: 0 })
  return { ...started, typed, gets, type, surface }
}

test('a terminal of the right kind and size', async (t) => {
  const { console, shows } = await start(
    t,
    'stty size; echo $TERM $COLORTERM $LINES; tty; test -t 2 && exit 7',
  )
  await shows(/^10 50\nxterm-256color truecolor\n\/dev\/pts\/\d+$/m)
  assert.deepEqual(await console.exited, { code: 7, signal: null, status: 7 })
  await console.close()
})

test('the last words of a program that ends are shown, all of them', async (t) => {
  for (let i = 0; i < 5; i++) {
    const { console } = await start(t, 'seq 1 20000; echo the end')
    await console.exited
    assert.match(console.text(), /^19993\n.*\n19995\n[\s\S]*\n20000\nthe end$/)
    await console.close()
  }
})

test('how it ended: by a signal, or not at all', async (t) => {
  const killed = await start(t, 'kill -TERM $$')
  assert.deepEqual(await killed.console.exited, { code: null, signal: 'SIGTERM', status: 143 })
  const none = await start(t, '', { command: '/no/such/program', args: [] })
  await assert.rejects(none.console.exited, { code: 'UMFB_GUEST_PROGRAM' })
  await assert.rejects(start(t, '', { layout: 'xx' }), { code: 'UMFB_INVALID_ARGUMENT' })
  await assert.rejects(start(t, '', { scrollback: -1 }), { code: 'UMFB_INVALID_ARGUMENT' })
})

test('what came of it ends with it: a shell that ignores SIGTERM, and what it left in the background', async (t) => {
  const { console, shows } = await start(t, "trap '' TERM; (trap '' TERM HUP; sleep 1000) & echo $!; cat", {
    graceMs: 100,
  })
  const [pid] = await shows(/^\d+$/m)
  await console.close()
  assert.throws(() => process.kill(Number(pid), 0), { code: 'ESRCH' })
  await console.close()
  await assert.rejects(console.waitFor(/never/), { code: 'UMFB_CLOSED' })
})

test('text: waited for, also where it has scrolled away', async (t) => {
  const { console, shows } = await start(t, 'read x; seq 1 300; echo; echo end; cat')
  assert.equal(console.text(), '')
  const waiting = shows(/^17$/m)
  console.write('\r')
  assert.equal((await waiting)[0], '17')
  await console.waitStable(50, { timeoutMs })
  assert.equal(console.text().split('\n').at(-1), 'end')
  await assert.rejects(console.waitFor(/nothing/, { timeoutMs: 20 }), { code: 'UMFB_TIMEOUT' })
  await assert.rejects(console.waitFor(/nothing/, { signal: AbortSignal.timeout(10) }), {
    name: 'TimeoutError',
  })
})

test('a screen that is never still is told', async (t) => {
  const { console, shows } = await start(t, 'i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done')
  await shows(/\d/)
  await assert.rejects(console.waitStable(500, { timeoutMs: 700 }), { code: 'UMFB_TIMEOUT' })
})

test('bell and title', async (t) => {
  const { console } = await start(t, "read x; printf '\\033]2;a title\\007\\007'; cat")
  const heard = Promise.all([once(console, 'title'), once(console, 'bell')])
  console.write('\r')
  assert.deepEqual((await heard)[0], ['a title'])
})

test('keys as xterm has them, in the modes that the program sets', async (t) => {
  const { gets, type } = await echoing(t, '\\033[?1h')
  await type('ab{up}{ctrl-c}{alt-x}{ctrl-right}')
  await gets('ab^[OA^C^[x^[[1;5C')
})

test('keys of a layout, dead ones too', async (t) => {
  const { console, type } = await echoing(t, '', { layout: 'fr' })
  await type('aé', 'fr')
  await console.waitFor(/aM-CM-\)/, { timeoutMs })
})

test('the mouse is told to a program that asks for it', async (t) => {
  const { console, gets } = await echoing(t, '\\033[?1002h\\033[?1006h')
  console.pointer(12, 40)
  console.key(BTN.LEFT, true)
  console.pointer(30, 40)
  console.key(BTN.LEFT, false)
  console.wheel(-1)
  await gets('^[[<0;2;3M^[[<32;4;3M^[[<0;4;3m^[[<64;4;3M')
})

test('marked text is pasted by the middle button; with Shift where the mouse is the program’s', async (t) => {
  const { console, screen, gets, shows } = await echoing(
    t,
    'some words\\r\\n\\033[?1000h\\033[?1006h\\033[?2004h',
  )
  await shows(/some words/)
  console.flush()
  console.key(KEY.LEFTSHIFT, true)
  screen.ops = []
  const click = (x: number, y: number, button: number = BTN.LEFT) => {
    console.pointer(x, y)
    console.key(button, true)
    console.key(button, false)
  }
  click(45, 8)
  click(45, 8)
  console.flush()
  assert.equal(screen.ops.length, 1, 'the word is shown as marked')
  click(45, 8, BTN.MIDDLE)
  console.key(KEY.LEFTSHIFT, false)
  await gets('^[[200~words^[[201~')
})

test('what has scrolled away comes back with Shift-Page Up and the wheel, and goes with a key', async (t) => {
  const { screen, console, shows } = await start(t, 'seq 1 100; cat')
  await shows(/^100$/m)
  console.flush()
  const bottom = screen.pixels()
  const shift = (code: number) => {
    console.key(KEY.LEFTSHIFT, true)
    console.key(code, true)
    console.key(code, false)
    console.key(KEY.LEFTSHIFT, false)
    console.flush()
  }
  shift(KEY.PAGEUP)
  assert.notDeepEqual(screen.pixels(), bottom)
  shift(KEY.PAGEDOWN)
  assert.deepEqual(screen.pixels(), bottom)
  console.wheel(-2)
  console.flush()
  assert.notDeepEqual(screen.pixels(), bottom)
  console.key(KEY.LEFTCTRL, true)
  console.key(KEY.C, true)
  console.flush()
  assert.match(console.text(), /^100$/m)
  await console.exited
})

test('in a program that fills the screen, the wheel is arrows', async (t) => {
  const { console, gets } = await echoing(t, '\\033[?1049h')
  console.wheel(1)
  await gets('^[[B^[[B^[[B')
})

test('a mode of another size is another size for the program', async (t) => {
  const { surface, console, shows } = await start(
    t,
    'trap "stty size" WINCH; echo ready; while :; do sleep 0.05; done',
  )
  await shows(/ready/)
  surface.setMode({ width: 320, height: 96 })
  console.modeChanged()
  await shows(/^6 40$/m)
})

test('an idle console draws nothing, and its cursor blinks for those who watch', async (t) => {
  const { screen, console, shows } = await start(t, 'echo ready; cat')
  await shows(/ready/)
  console.watched = false
  await console.waitStable(50)
  console.flush()
  const { flushes } = screen
  console.watched = true
  await until(
    () => screen.flushes >= flushes + 2 || undefined,
    () => 'the cursor does not blink',
  )
  console.watched = false
  console.flush()
  const still = screen.pixels()
  const count = screen.flushes
  await new Promise((resolve) => setTimeout(resolve, 1200))
  assert.equal(screen.flushes, count)
  assert.deepEqual(screen.pixels(), still)
})
