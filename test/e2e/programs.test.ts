/**
 * What this holds: unmodified fbdev programs, as Debian has them, draw what they should on a /dev/fb0 of their own, and
 * real viewers show it. A picture of exactly the screen's size is drawn 1:1, so that each pixel is known.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { asRgb565, type Picture, testPicture, writePng } from '../support/pictures.js'
import { skipWithout } from '../support/programs.js'
import { assertSeenAlike, viewerPrograms } from '../support/seen-alike.js'
import { temporaryFolder } from '../support/temporary.js'
import { UmfbProcess } from '../support/umfb-process.js'
import { startXvfb } from '../support/x-server.js'

const [width, height] = [800, 600]

interface Drawing {
  readonly name: string
  readonly program: string
  readonly format: string
  /** What it is told to show. */
  readonly args: (files: { png: string; raw565: string }) => readonly string[]
}

/** One frame again and again, at its time: ffmpeg would end after the last one. */
const ffmpegLoop = ['-nostdin', '-loglevel', 'error', '-re', '-stream_loop', '-1']

const drawings: readonly Drawing[] = [
  {
    name: 'fbi',
    program: 'fbi',
    format: 'xrgb8888',
    args: ({ png }) => ['-d', '/dev/fb0', '-noverbose', '-nocomments', png],
  },
  {
    name: 'fim',
    program: 'fim',
    format: 'xrgb8888',
    args: ({ png }) => ['-d', '/dev/fb0', '-q', png],
  },
  {
    name: 'mplayer -vo fbdev2',
    program: 'mplayer',
    format: 'xrgb8888',
    args: ({ png }) => [
      '-really-quiet',
      '-nosound',
      '-vo',
      'fbdev2',
      '-fps',
      '5',
      '-loop',
      '0',
      `mf://${png}`,
    ],
  },
  {
    name: 'ffmpeg -f fbdev, 32 bits a pixel',
    program: 'ffmpeg',
    format: 'xrgb8888',
    args: ({ png }) => [
      ...ffmpegLoop,
      '-f',
      'image2',
      '-i',
      png,
      '-pix_fmt',
      'bgra',
      '-f',
      'fbdev',
      '/dev/fb0',
    ],
  },
  {
    name: 'ffmpeg -f fbdev, 16 bits a pixel',
    program: 'ffmpeg',
    format: 'rgb565',
    args: ({ raw565 }) => {
      const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb565le', '-s', `${width}x${height}`, '-r', '5']
      return [...ffmpegLoop, ...raw, '-i', raw565, '-pix_fmt', 'rgb565le', '-f', 'fbdev', '/dev/fb0']
    },
  },
]

test('unmodified programs, seen by real viewers', { skip: skipWithout(...viewerPrograms) }, async (t) => {
  const display = await startXvfb(t)
  const folder = temporaryFolder(t)
  const picture = await testPicture(width, height)
  const { bytes, shown } = asRgb565(picture)
  const files = { png: join(folder, 'picture.png'), raw565: join(folder, 'picture.rgb565') }
  await writePng(files.png, picture)
  writeFileSync(files.raw565, bytes)
  const expected: Record<string, Picture> = { xrgb8888: picture, rgb565: shown }

  for (const { name, program, format, args } of drawings) {
    await t.test(name, { skip: skipWithout(program) }, async (t) => {
      const options = ['--size', `${width}x${height}`, '--format', format]
      const umfb = await UmfbProcess.run(t, [program, ...args(files)], { options })
      await umfb.shows(expected[format]!)
      await assertSeenAlike(t, umfb, display, expected[format]!)
      await umfb.end()
      umfb.assertNothingLeft()
    })
  }
})
