import { type Device, DeviceServer, formatAddress } from '../../src/index.js'
import { parse, positionals } from './arguments.js'
import type { Command } from './command.js'
import { deviceOptions, deviceOptionsHelp, interpret } from './device-options.js'
import { tell, writeJson } from './output.js'
import { EndingSignals } from './signals.js'

const help = `usage: umfb serve [OPTIONS] SOCKET

Waits for frontends that connect to the unix socket SOCKET: with libumfb, or by the device protocol (docs/protocol.md).
Each gets a device of its own, NAME-1, NAME-2 and so on, for as long as it stays; further scanouts of one are NAME-1-s1
and so on. SIGINT and SIGTERM end it.

With a --vnc port other than 0, the first device has that port, the second the next one. --size and --format are for
frontends that have no wish of their own.

${deviceOptionsHelp}`

async function run(args: string[]): Promise<number> {
  const { values, positionals: rest } = parse(args, deviceOptions)
  const [path] = positionals(rest, 'SOCKET') as [string]
  const { device, madePassword } = await interpret(values)
  const name = device.name ?? `umfb-${process.pid}`

  using signals = new EndingSignals()
  await using server = await DeviceServer.listen({ path, device: { ...device, name } })
  const report = async (event: object, text: string) => (values.json ? writeJson(event) : tell(text))
  const where = ({ vnc }: Device) => (vnc ? ` on ${formatAddress(vnc)}` : '')
  server.on('device', (each, { program }) => {
    const event = { event: 'device', name: each.name, program, vnc: each.vnc ?? null }
    report(event, `umfb: ${each.name}: ${program}${where(each)}`)
  })
  server.on('gone', ({ name }) => report({ event: 'gone', name }, `umfb: ${name}: gone`))

  const ready = { event: 'ready', name, socket: path, password: madePassword ?? null, pid: process.pid }
  const passwordText = madePassword ? `; viewers' password is ${madePassword}` : ''
  await report(ready, `umfb: ${name} waits on ${path}${passwordText}`)
  await signals.received
  return 0
}

export const command: Command = { help, run }
