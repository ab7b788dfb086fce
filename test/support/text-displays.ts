import type { TestContext } from 'node:test'
import { TextDisplay } from '../../src/console/text-display.js'
import type { PixelFormatName } from '../../src/pixels/format.js'
import { Surface } from '../../src/surface/surface.js'
import { SurfaceScreen } from './surface-screen.js'

/** A text display on a surface of its own. */
export class TestDisplay {
  readonly screen: SurfaceScreen
  readonly display: TextDisplay
  /** What the terminal answered. */
  replies = ''

  static async create(
    t: TestContext | undefined,
    { columns = 20, rows = 6, format = 'xrgb8888' as PixelFormatName, scrollback = 50 } = {},
  ): Promise<TestDisplay> {
    // Some pixels that belong to no cell.
    const surface = await Surface.create({ width: columns * 8 + 3, height: rows * 16 + 5, format })
    const made = new TestDisplay(surface, scrollback)
    t?.after(() => made.close())
    return made
  }

  private constructor(surface: Surface, scrollback: number) {
    this.screen = new SurfaceScreen(surface)
    this.display = new TextDisplay({
      screen: this.screen,
      scrollback,
      fps: 1000,
      reply: (text) => {
        this.replies += text
      },
    })
  }

  /** Writes what a program would, and draws what came of it, one frame. @returns the ops of that frame */
  async show(output: string | Uint8Array) {
    const { display, screen } = this
    display.flush()
    screen.ops = []
    await display.write(typeof output === 'string' ? Buffer.from(output) : output)
    await display.settled()
    display.changed()
    display.flush()
    return screen.ops
  }

  /** The picture as of a display that is drawn from nothing. */
  async repainted(): Promise<Uint8Array> {
    const { screen, display } = this
    const kept = screen.pixels()
    // Junk, which a repaint overwrites.
    screen.surface.pixels.fill(0x5a)
    screen.surface.harvest()
    display.repaint()
    display.flush()
    const repainted = screen.pixels()
    screen.surface.pixels.set(kept)
    screen.surface.harvest()
    return repainted
  }

  async close(): Promise<void> {
    this.display.close()
    await this.screen.surface.close()
  }
}
