import { type Device, formatAddress } from '../../src/index.js'
import { tell, writeJson } from './output.js'

/** Says where to look, once viewers and other commands can connect. */
export async function tellReady(device: Device, json: boolean, password: string | undefined): Promise<void> {
  const { name, vnc } = device
  const { mechanism: tracker, reason: trackerReason } = device.surface.trackerChoice
  if (json) {
    await writeJson({
      event: 'ready',
      name,
      vnc: vnc ?? null,
      password: password ?? null,
      tracker,
      trackerReason,
      pid: process.pid,
    })
    return
  }
  tell(`umfb: ${name} is ready, tracked by ${tracker}`)
  if (trackerReason) tell(`  tracker   ${trackerReason} (see "umfb doctor")`)
  if (vnc) tell(`  VNC       ${formatAddress(vnc)}${password ? `  password ${password}` : ''}`)
  tell(`  snapshot  umfb snapshot ${name} FILE.png`)
}
