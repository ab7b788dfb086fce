/** Real VNC viewers, and how to get their pictures out of them. */

import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { capture, listen, start } from './child.js'
import { isSamePicture } from './compare.js'
import { type Picture, readPicture } from './pictures.js'
import { temporaryFolder } from './temporary.js'
import { scrambledPasswordFile } from './vnc-password.js'
import { until } from './wait.js'
import { xwd } from './xwd.js'

/** Where a viewer connects, and the password where one is asked. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly password?: string | undefined
}

/** VNC's display numbers begin at this port (RFC 6143, 4). */
const firstPort = 5900

/** gtk-vnc without its window. It reads a password from a terminal only, so it gets one from script(1). */
export async function gvnccapture(t: TestContext, { host, port, password }: Target): Promise<Picture> {
  const file = join(temporaryFolder(t), 'gvnccapture.png')
  const args = [`${host}:${port - firstPort}`, file]
  if (password === undefined) await capture('gvnccapture', args)
  else await answerPassword(t, `gvnccapture ${args.join(' ')}`, password)
  return readPicture(file)
}

function answerPassword(t: TestContext, command: string, password: string): Promise<void> {
  const child = start(t, 'script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const said = listen(child.stdout)
  // What is typed before the prompt's echo is off is thrown away: it is typed again until the prompt has gone.
  const typist = setInterval(() => {
    if (said.text.endsWith('Password: ')) child.stdin!.write(`${password}\n`)
  }, 50)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => {
      clearInterval(typist)
      if (status === 0) resolve()
      else reject(new Error(`${command} ended with ${status}: ${said.text}`))
    })
  })
}

/** Speaks protocol 3.3 only, and writes JPEG only. */
export async function vncsnapshot(t: TestContext, { host, port, password }: Target): Promise<Picture> {
  const file = join(temporaryFolder(t), 'vncsnapshot.jpg')
  const secret = password === undefined ? [] : ['-passwd', scrambledPasswordFile(t, password)]
  await capture('vncsnapshot', ['-quiet', '-allowblank', ...secret, `${host}::${port}`, file])
  return readPicture(file)
}

/** TigerVNC's viewer in a window of an X server, told to lose nothing. */
export class TigerVncViewer {
  /** Its id, for xdotool. */
  readonly window: string
  readonly #display: string

  /**
   * @param display of an X server with room for the whole picture
   * @param remoteResize it wishes for the size that its window has
   */
  static async start(
    t: TestContext,
    display: string,
    target: Target,
    { remoteResize = false } = {},
  ): Promise<TigerVncViewer> {
    const { host, port, password } = target
    const secret = password === undefined ? [] : ['-passwd', scrambledPasswordFile(t, password)]
    // An empty -MenuKey keeps a hint about that key from being laid over the picture.
    const lossless = ['-AutoSelect=0', '-FullColor=1', '-PreferredEncoding=ZRLE', '-NoJPEG=1', '-MenuKey=']
    const options = [
      '-display',
      display,
      '-Shared=1',
      `-RemoteResize=${remoteResize ? 1 : 0}`,
      ...lossless,
      ...secret,
    ]
    const env = { ...process.env, HOME: temporaryFolder(t) }
    const stdio = ['ignore', 'ignore', 'pipe'] as const
    const viewer = start(t, 'xtigervncviewer', [...options, `${host}::${port}`], { env, stdio: [...stdio] })
    const said = listen(viewer.stderr)
    const window = await until(
      async () => {
        if (viewer.exitCode !== null) throw new Error(`xtigervncviewer ended: ${said.text}`)
        return findWindow(display, ' - TigerVNC"')
      },
      () => `xtigervncviewer shows no window: ${said.text}`,
    )
    return new TigerVncViewer(display, window)
  }

  private constructor(display: string, window: string) {
    this.#display = display
    this.window = window
  }

  picture(): Promise<Picture> {
    return xwd(this.#display, this.window)
  }

  /** Drags its window to a size. */
  async resize(width: number, height: number): Promise<void> {
    const env = { ...process.env, DISPLAY: this.#display }
    await capture('xdotool', ['windowsize', this.window, `${width}`, `${height}`], env)
  }

  /** What a person does at its window, in the words of xdotool(1): "key a", "mousemove 10 20 click 1". */
  async type(...commands: string[]): Promise<void> {
    const env = { ...process.env, DISPLAY: this.#display }
    await capture('xdotool', ['windowfocus', '--sync', this.window, ...commands], env)
  }

  /** The picture as soon as it is the expected one, or the last one when that takes too long. */
  async settle(expected: Picture, withinMs = 10_000): Promise<Picture> {
    let last = await this.picture()
    const ask = async () => {
      last = await this.picture()
      return isSamePicture(last, expected) ? last : undefined
    }
    return until(ask, () => 'another picture', withinMs).catch(() => last)
  }
}

/** The id of the window whose title has `part`, from a listing as of xwininfo(1). */
async function findWindow(display: string, part: string): Promise<string | undefined> {
  const tree = (await capture('xwininfo', ['-display', display, '-root', '-tree'])).toString()
  return /^\s+(0x[0-9a-f]+)/.exec(tree.split('\n').find((line) => line.includes(part)) ?? '')?.[1]
}
