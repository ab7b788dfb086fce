import { writeFile } from 'node:fs/promises'
import { OutputError } from '../../src/index.js'
import type { TrackingReport } from '../tracking/session.js'

export interface PictureFiles {
  readonly svg?: string | undefined
  readonly png?: string | undefined
}

/** Pixels of the PNG for one of the SVG. */
const pngScale = 2
const svgDpi = 72

const isWanted = ({ svg, png }: PictureFiles) => svg !== undefined || png !== undefined

/**
 * d3-scale is a dependency of the repository, not of the package: to be asked before the trials, not after them.
 * @throws OutputError where a picture is wanted and cannot be drawn
 */
export async function requirePicture(files: PictureFiles): Promise<void> {
  if (!isWanted(files)) return
  try {
    await import('d3-scale')
  } catch (error) {
    throw new OutputError(
      'the picture needs the package d3-scale, which is not installed. Run "npm install d3-scale", or leave out --svg, --png and --out.',
      { cause: error },
    )
  }
}

/** Writes the picture where it is wanted. @returns false where there is nothing to show yet */
export async function writePicture(report: TrackingReport, files: PictureFiles): Promise<boolean> {
  if (!isWanted(files)) return true
  const { drawPicture } = await import('./picture.js')
  const picture = drawPicture(report)
  if (picture === undefined) return false
  if (files.svg !== undefined) await writeFile(files.svg, picture)
  if (files.png !== undefined) {
    const { default: sharp } = await import('sharp')
    await sharp(Buffer.from(picture), { density: svgDpi * pngScale })
      .png()
      .toFile(files.png)
  }
  return true
}
