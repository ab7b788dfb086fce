import { writeFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { compile } from './compile.js'
import { asXrgb8888, type Picture, testPicture } from './pictures.js'

/** How test/e2e/native/fbdev-guest.c ends after its second picture. */
export type Ending = 'exit' | 'crash' | 'kill' | 'wait' | 'hang' | 'stop' | 'orphan' | 'background'

/** A plain fbdev program for 800x600 at 32 bits a pixel: a picture, a line of input, another picture, an end. */
export interface FbdevGuest {
  readonly first: Picture
  /** Another colour in every pixel. */
  readonly second: Picture
  /** The command that draws them. */
  command(ending: Ending): string[]
}

/** Builds the program, where every user can run it. */
export async function fbdevGuest(t: TestContext): Promise<FbdevGuest> {
  const program = await compile(t, 'fbdev-guest')
  const folder = dirname(program)
  await chmod(folder, 0o755)
  const { width, height, rgb } = await testPicture(800, 600)
  const pictures = [
    { width, height, rgb },
    { width, height, rgb: rgb.map((value) => 255 - value) },
  ] as const
  const files = pictures.map((picture, index) => {
    const file = join(folder, `picture-${index}`)
    writeFileSync(file, asXrgb8888(picture))
    return file
  })
  const [first, second] = pictures
  return { first, second, command: (ending) => [program, ...files, ending] }
}
