import { EventEmitter } from 'node:events'
import { ClosedError, InvalidArgumentError } from '../errors.js'
import { firstButton, KEY } from '../input/codes.js'
import { type InputEvent, keyEvent, keyValues } from '../input/event.js'
import { modifiersOf } from '../input/key-modifiers.js'
import { TerminalKeys } from '../input/terminal-keys.js'
import { xtermKeys } from '../input/xterm-keys.js'
import type { ProcessExit } from '../util/guard-end.js'
import { ConsoleMouse } from './console-mouse.js'
import { KeyRepeat } from './key-repeat.js'
import { screenText } from './screen-text.js'
import { TerminalProcess } from './terminal-process.js'
import { TextDisplay } from './text-display.js'
import type { TextScreen } from './text-screen.js'
import { TextWaits, type WaitOptions } from './text-waits.js'

export interface TextConsoleOptions {
  /** What it draws on. */
  screen: TextScreen
  /** A name in PATH, or a path. Default: the user's shell, as $SHELL says, else /bin/sh. */
  command?: string
  args?: readonly string[]
  /** Default: this process's. What the program has to know of its terminal is added. */
  env?: NodeJS.ProcessEnv
  cwd?: string
  /** The keyboard layout, a name of layoutNames. Default: 'us'. */
  layout?: string
  /** Most frames a second. Default: 60. */
  fps?: number
  /** Lines that are kept above the screen. Default: 2000. */
  scrollback?: number
  /** From SIGHUP and SIGTERM to SIGKILL. Default: 2000. */
  graceMs?: number
}

export interface TextConsoleEvents {
  /** The program and all that came of it have ended; the last picture is drawn. */
  exit: [exit: ProcessExit]
  bell: []
  /** The program gave itself a title. */
  title: [title: string]
}

/** What programs look for: the terminal's kind, and that it has 24-bit colours. */
const terminalEnvironment = { TERM: 'xterm-256color', COLORTERM: 'truecolor' }

/** A line takes 12 bytes a cell. */
const maxScrollback = 1_000_000

function checkScrollback(lines = 0): void {
  if (Number.isInteger(lines) && lines >= 0 && lines <= maxScrollback) return
  throw new InvalidArgumentError(`scrollback: expected 0 to ${maxScrollback} lines, received ${lines}`)
}

/** A title is for people. */
const maxTitleLength = 256

/**
 * A program on a terminal that is drawn on a screen: glyphs are blits, scrolls copies, clears fills. Drawing takes place at
 * most once a frame and takes only its share of the time, so that it does not slow the program.
 */
export class TextConsole extends EventEmitter<TextConsoleEvents> {
  /** What runs on it. */
  readonly command: string
  /** Resolves with the 'exit' event; rejects with a GuestProgramError where the program cannot be started. */
  readonly exited: Promise<ProcessExit>
  readonly #display: TextDisplay
  readonly #process: TerminalProcess
  readonly #keys: TerminalKeys
  readonly #repeat = new KeyRepeat((code) =>
    this.#type({ ...keyEvent(code, true), value: keyValues.repeated }),
  )
  readonly #mouse: ConsoleMouse
  readonly #ended = new AbortController()
  readonly #waits: TextWaits
  /** What the middle button pastes. */
  #marked = ''
  #closing: Promise<void> | undefined

  /** @throws InvalidArgumentError an unknown layout, a number out of range */
  static async create(options: TextConsoleOptions): Promise<TextConsole> {
    const { screen, fps, scrollback, layout = 'us', cwd, graceMs, args = [] } = options
    const { LINES: _, COLUMNS: __, ...env } = options.env ?? process.env
    const keys = (modes: TerminalKeysModes) => new TerminalKeys({ layout, encoding: xtermKeys, modes })
    // Before anything is started: an unknown layout throws.
    keys(() => ({ applicationCursor: false, applicationKeypad: false }))
    checkScrollback(scrollback)
    let type: (text: string) => void = () => undefined
    const display = new TextDisplay({ screen, fps, scrollback, reply: (text) => type(text) })
    const command = options.command ?? env.SHELL ?? '/bin/sh'
    try {
      const program = await TerminalProcess.spawn({
        command,
        args,
        env: { ...env, ...terminalEnvironment },
        cwd,
        graceMs,
        size: display.size,
        write: (bytes) => display.write(bytes),
      })
      type = (text) => program.type(Buffer.from(text))
      return new TextConsole(command, display, program, keys)
    } catch (error) {
      display.close()
      throw error
    }
  }

  private constructor(
    command: string,
    display: TextDisplay,
    program: TerminalProcess,
    keys: (modes: TerminalKeysModes) => TerminalKeys,
  ) {
    super()
    this.command = command
    this.#display = display
    this.#process = program
    const { terminal } = display
    this.#keys = keys(() => ({
      applicationCursor: terminal.modes.applicationCursorKeysMode,
      applicationKeypad: terminal.modes.applicationKeypadMode,
    }))
    this.#waits = new TextWaits(terminal, this.#ended.signal)
    this.#mouse = new ConsoleMouse({
      display,
      modifiers: () => modifiersOf(this.#keys.state),
      tell: (bytes) => program.type(Buffer.from(bytes, 'latin1')),
      copied: (text) => {
        this.#marked = text
      },
      paste: () => this.paste(this.#marked),
    })
    terminal.onBell(() => this.emit('bell'))
    terminal.onTitleChange((title) => this.emit('title', title.slice(0, maxTitleLength)))
    this.exited = program.exited.then(async (exit) => {
      await this.#end()
      this.emit('exit', exit)
      return exit
    })
    this.exited.catch(() => this.#end())
  }

  /** Of the program and all that came of it: their guard's. */
  get pid(): number {
    return this.#process.pid
  }

  /** Somebody sees the screen. Default: true. */
  set watched(watched: boolean) {
    this.#display.watched = watched
  }

  /** The screen's lines, without blanks at their ends and empty lines at the end. */
  text(): string {
    return screenText(this.#display.terminal)
  }

  /**
   * Resolves when the screen shows what the pattern describes; at once if it does. Lines are separated by "\n".
   * @throws TimeoutError
   * @throws ClosedError the console was closed before
   */
  waitFor(pattern: RegExp, options?: WaitOptions): Promise<RegExpExecArray> {
    return this.#waits.waitFor(pattern, options)
  }

  /** Resolves when the text has not changed for `ms`. @throws as waitFor() */
  waitStable(ms: number, options?: WaitOptions): Promise<void> {
    return this.#waits.waitStable(ms, options)
  }

  /** Types: what the program reads from its terminal. */
  write(text: string | Uint8Array): void {
    this.#process.type(typeof text === 'string' ? Buffer.from(text) : text)
  }

  /** As the middle button does: a program that knows of pastes is told that it is one. */
  paste(text: string): void {
    if (text === '') return
    // What would end the paste before its end is no text.
    const typed = text.replace(/\r?\n/g, '\r').replaceAll('\x1b', '')
    this.write(this.#display.terminal.modes.bracketedPasteMode ? `\x1b[200~${typed}\x1b[201~` : typed)
  }

  /** A key or a button of the pointer. A press of a key that is down is its repetition. @param code linux/input-event-codes.h */
  key(code: number, pressed: boolean): void {
    if (code >= firstButton) {
      this.#mouse.button(code, pressed)
      return
    }
    const isRepetition = pressed && this.#keys.state.isDown(code)
    if (!pressed) this.#repeat.released(code)
    else if (isRepetition) this.#repeat.stop()
    const { value, ...event } = keyEvent(code, pressed)
    const typed = this.#type({ ...event, value: isRepetition ? keyValues.repeated : value })
    if (typed && !isRepetition) this.#repeat.pressed(code)
  }

  /** Where the pointer is, in pixels of the screen. */
  pointer(x: number, y: number): void {
    this.#mouse.move(x, y)
  }

  /** @param clicks of the wheel; a negative number is the way up */
  wheel(clicks: number): void {
    if (clicks !== 0) this.#mouse.wheel(clicks)
  }

  /** The screen has another mode. */
  modeChanged(): void {
    if (this.#display.modeChanged()) this.#process.resize(this.#display.size)
  }

  /** What has changed is drawn at once: somebody takes a picture. */
  flush(): void {
    this.#display.flush()
  }

  /** Idempotent. The program is ended, and all that came of it. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(): Promise<void> {
    this.#repeat.stop()
    await this.#process.close()
    await this.exited.catch(() => undefined)
    this.#ended.abort(new ClosedError('the console was closed'))
    this.#display.close()
  }

  /** All that the program wrote is drawn. */
  async #end(): Promise<void> {
    this.#repeat.stop()
    await this.#display.settled()
    this.#display.end()
  }

  /** @returns whether the key did anything */
  #type(event: InputEvent): boolean {
    if (this.#scroll(event)) return true
    const typed = this.#keys.type(event)
    if (typed === '') return false
    const { terminal, selection } = this.#display
    selection.clear()
    terminal.scrollToBottom()
    this.#display.changed()
    this.write(typed)
    return true
  }

  /** Shift with Page Up and Page Down: through the scrollback. */
  #scroll(event: InputEvent): boolean {
    const { code, value } = event
    const direction = code === KEY.PAGEUP ? -1 : code === KEY.PAGEDOWN ? 1 : 0
    const { terminal } = this.#display
    const isOurs =
      direction !== 0 && modifiersOf(this.#keys.state).shift && terminal.buffer.active.type === 'normal'
    if (!isOurs || value === keyValues.released) return false
    this.#keys.state.apply(event)
    terminal.scrollLines(direction * Math.max(1, terminal.rows - 1))
    this.#display.changed()
    return true
  }
}

type TerminalKeysModes = NonNullable<ConstructorParameters<typeof TerminalKeys>[0]['modes']>
