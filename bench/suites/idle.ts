/** Nobody moves: what a running device costs while its guest and its viewer are silent. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as elapse } from 'node:timers/promises'
import { cpuMs, type Figure } from '../harness.js'

const seconds = 10

/**
 * A viewer that asks for one picture and then for changes, and reads whatever comes. RFC 6143: version 3.8, security type
 * None, shared, Raw only.
 */
async function silentViewer(port: number) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'readable')
  const request = (incremental: number) => Buffer.from([3, incremental, 0, 0, 0, 0, 0x10, 0, 0x10, 0])
  socket.write('RFB 003.008\n')
  socket.write(Buffer.from([1]))
  socket.write(Buffer.from([1]))
  socket.write(request(0))
  socket.write(request(1))
  socket.resume()
  return socket
}

async function withDevice(body: (pid: number) => Promise<number>): Promise<number> {
  const args = [
    'dist/tools/umfb.js',
    'run',
    '--json',
    '--no-password',
    '--',
    'build/Release/umfb-bench-stores',
  ]
  const device = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(device.stdout)[Symbol.asyncIterator]()
  const ready = JSON.parse((await lines.next()).value as string)
  const viewer = await silentViewer(ready.vnc.port)
  try {
    // The back-off has to have come to its end.
    await elapse(3000)
    return await body(device.pid as number)
  } finally {
    viewer.destroy()
    device.stdin.end()
    await once(device, 'exit')
  }
}

export async function idle(): Promise<Figure[]> {
  const busyMs = await withDevice(async (pid) => {
    const before = cpuMs(pid)
    await elapse(seconds * 1000)
    return cpuMs(pid) - before
  })
  return [
    {
      name: 'idle device, idle viewer: share of a core',
      value: busyMs / (seconds * 10),
      unit: '%',
      target: { atMost: 0.5 },
      note: `over ${seconds} s`,
    },
  ]
}
