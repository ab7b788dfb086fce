import type { TestContext } from 'node:test'
import { assertSamePicture, assertSimilarPicture } from './compare.js'
import type { Picture } from './pictures.js'
import type { UmfbProcess } from './umfb-process.js'
import { gvnccapture, type Target, TigerVncViewer, vncsnapshot } from './viewers.js'

/** The programs that assertSeenAlike() needs, besides the one that draws. */
export const viewerPrograms = [
  'Xvfb',
  'xwd',
  'xwininfo',
  'gvnccapture',
  'xtigervncviewer',
  'vncsnapshot',
  'script',
]

/** Errors of JPEG at its highest quality, without subsampling: of rounding alone. Measured: 0.05 and 2. */
const bestJpeg = { mean: 0.25, max: 4 }

/**
 * Every way to look at the device gives the expected picture: `umfb snapshot`, gtk-vnc and TigerVNC pixel for pixel,
 * vncsnapshot as near as JPEG comes.
 *
 * @param display of an X server for TigerVNC's window
 * @param target default: with the password that umfb made
 */
export async function assertSeenAlike(
  t: TestContext,
  umfb: UmfbProcess,
  display: string,
  expected: Picture,
  target?: Target,
): Promise<void> {
  target ??= await umfb.target()
  assertSamePicture(await umfb.snapshot(), expected, 'umfb snapshot')
  assertSamePicture(await gvnccapture(t, target), expected, 'gvnccapture')
  const viewer = await TigerVncViewer.start(t, display, target)
  assertSamePicture(await viewer.settle(expected), expected, 'xtigervncviewer')
  assertSimilarPicture(await vncsnapshot(t, target), expected, bestJpeg, 'vncsnapshot')
}
