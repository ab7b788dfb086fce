import { type DeviceStatus, formatAddress, listDevices } from '../../src/index.js'
import { parse, positionals } from './arguments.js'
import type { Command } from './command.js'
import { formatTable, tell, writeJson, writeOut } from './output.js'

const help = `usage: umfb ls [--json]

Lists the devices of this user that run on this machine.

  --json   one JSON object a device and line: all that the device says of itself
`

/** A mapping that is compared where faults were wanted costs time: it is not hidden. */
function trackerOf({ tracker, tracking }: DeviceStatus): string {
  const { mechanism } = tracker
  const { compared } = tracking
  return compared > 0 && mechanism !== 'compare' ? `${mechanism}, ${compared} compared` : mechanism
}

function row(device: DeviceStatus): string[] {
  const { name, width, height, format, blankLevel, guest, viewers, vnc } = device
  return [
    name,
    `${width}x${height} ${format}${blankLevel > 0 ? ', blank' : ''}`,
    trackerOf(device),
    guest ? `${guest.program} (${guest.pid})` : '-',
    String(viewers),
    vnc ? formatAddress(vnc) : '-',
  ]
}

async function run(args: string[]): Promise<number> {
  const { values, positionals: rest } = parse(args, { json: { type: 'boolean', default: false } })
  positionals(rest)
  const devices = await listDevices()
  if (values.json) {
    for (const device of devices) await writeJson(device)
  } else if (devices.length === 0) {
    tell('umfb: no device is running')
  } else {
    const title = ['NAME', 'SIZE', 'TRACKER', 'GUEST', 'VIEWERS', 'VNC']
    await writeOut(formatTable([title, ...devices.map(row)]))
  }
  return 0
}

export const command: Command = { help, run }
