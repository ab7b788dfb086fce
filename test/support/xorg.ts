import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { temporaryFolder } from './temporary.js'
import { UmfbProcess } from './umfb-process.js'
import { until } from './wait.js'

/** No other graphics, and no device of the machine that the test runs on. */
const configuration = `
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoAddGPU" "false"
  Option "AutoBindGPU" "false"
EndSection
Section "Device"
  Identifier "umfb"
  Driver "fbdev"
  Option "fbdev" "/dev/fb0"
EndSection
Section "Screen"
  Identifier "screen"
  Device "umfb"
EndSection
`

export interface Xorg {
  readonly umfb: UmfbProcess
  /** As ":7". */
  readonly display: string
  /** What the server says of itself. */
  readonly log: () => string
}

/** `umfb run` of an X server on its fbdev driver, when clients can connect. @param sections more of its configuration */
export async function startXorg(t: TestContext, sections = '', options = ''): Promise<Xorg> {
  const folder = temporaryFolder(t)
  const [config, log, number] = ['xorg.conf', 'log', 'display'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(config, configuration + sections)
  writeFileSync(number, '')
  // The shell opens the file that the server tells its display's number through, when clients can connect.
  const common = `-config ${config} -logfile ${log} -displayfd 9 -noreset -sharevts -novtswitch -nolisten tcp`
  const umfb = await UmfbProcess.run(t, ['sh', '-c', `exec Xorg ${common} ${options} 9>${number}`])
  const told = () => /^(\d+)\n/.exec(readFileSync(number, 'utf8'))?.[1]
  const display = `:${await until(told, () => `Xorg does not start: ${readLog(log)}${umfb.stderr.text}`)}`
  return { umfb, display, log: () => readLog(log) }
}

function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
