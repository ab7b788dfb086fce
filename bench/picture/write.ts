import { writeFile } from 'node:fs/promises'
import type { TrackingReport } from '../tracking/session.js'

interface PictureFiles {
  readonly svg?: string | undefined
  readonly png?: string | undefined
}

/** Pixels of the PNG for one of the SVG. */
const pngScale = 2
const svgDpi = 72

/** Writes the picture where it is wanted. */
export async function writePicture(report: TrackingReport, { svg, png }: PictureFiles): Promise<void> {
  if (svg === undefined && png === undefined) return
  const { drawPicture } = await import('./picture.js')
  const picture = drawPicture(report)
  if (picture === undefined) {
    process.stderr.write('bench: there is nothing to draw yet, and no picture\n')
    return
  }
  if (svg !== undefined) await writeFile(svg, picture)
  if (png !== undefined) {
    const { default: sharp } = await import('sharp')
    await sharp(Buffer.from(picture), { density: svgDpi * pngScale })
      .png()
      .toFile(png)
  }
}
