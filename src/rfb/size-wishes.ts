import type { Rect } from '../geometry/rect.js'
import type { ModeAnswer } from '../surface/mode-wishes.js'
import type { ClientMessage } from './client-messages.js'
import type { Display } from './display.js'
import { resizeStatuses } from './protocol.js'
import type { ResizeStatus } from './size-news.js'
import type { UpdateLoop } from './update-loop.js'

type SetDesktopSize = ClientMessage & { readonly type: 'setDesktopSize' }

/** undefined: a newer wish of somebody's is answered instead. */
const statusOf: Readonly<Record<ModeAnswer['outcome'], ResizeStatus | undefined>> = {
  set: resizeStatuses.ok,
  prohibited: resizeStatuses.prohibited,
  refused: resizeStatuses.prohibited,
  timeout: resizeStatuses.prohibited,
  'too-large': resizeStatuses.outOfResources,
  replaced: undefined,
}

/** There is one screen, and it is all of the framebuffer. */
function isLayout({ width, height, screens }: SetDesktopSize): boolean {
  const [screen] = screens
  return width > 0 && height > 0 && screens.length === 1 && isAll(screen!, width, height)
}

function isAll({ x1, y1, x2, y2 }: Rect, width: number, height: number): boolean {
  return x1 === 0 && y1 === 0 && x2 === width && y2 === height
}

/** One viewer's wishes for another size of the framebuffer. The guest decides. */
export class SizeWishes {
  readonly #display: Display
  readonly #viewOnly: boolean
  readonly #updates: UpdateLoop
  readonly #closed = new AbortController()

  constructor(display: Display, viewOnly: boolean, updates: UpdateLoop) {
    this.#display = display
    this.#viewOnly = viewOnly
    this.#updates = updates
  }

  take(message: SetDesktopSize): void {
    const { width, height } = message
    if (this.#viewOnly) this.#updates.answerResize(resizeStatuses.prohibited)
    else if (!isLayout(message)) this.#updates.answerResize(resizeStatuses.invalidLayout)
    else void this.#wish({ width, height })
  }

  /** The viewer is gone: it wishes for nothing. Idempotent. */
  close(): void {
    this.#closed.abort(new Error('the viewer is gone'))
  }

  async #wish(size: { readonly width: number; readonly height: number }): Promise<void> {
    const { signal } = this.#closed
    let status: ResizeStatus | undefined
    try {
      status = statusOf[(await this.#display.requestMode(size, { signal, by: this.#updates })).outcome]
    } catch {
      if (signal.aborted) return
      // No mode is so large.
      status = resizeStatuses.outOfResources
    }
    if (status !== undefined) this.#updates.answerResize(status)
  }
}
