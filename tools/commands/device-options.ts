import {
  type Address,
  type DeviceOptions,
  isLoopback,
  isPixelFormatName,
  type PixelFormatName,
  parseAddress,
  pixelFormatNames,
  randomPassword,
  readPasswordFile,
  resolveHost,
  type TrackerName,
  UsageError,
} from '../../src/index.js'
import { parseNumber, parseSize } from './arguments.js'
import { tell } from './output.js'

/** Options of every subcommand that runs a device, for parse(). */
export const deviceOptions = {
  name: { type: 'string' },
  size: { type: 'string', default: '1024x768' },
  format: { type: 'string', default: 'xrgb8888' },
  vnc: { type: 'string', default: '127.0.0.1:0' },
  'password-file': { type: 'string' },
  'no-password': { type: 'boolean', default: false },
  'view-only': { type: 'boolean', default: false },
  memory: { type: 'string' },
  tracker: { type: 'string', default: 'auto' },
  fps: { type: 'string', default: '60' },
  json: { type: 'boolean', default: false },
} as const

export const deviceOptionsHelp = `  --name NAME            the device's name (umfb-PID); its control socket is NAME.sock in the runtime directory
  --size WxH             pixels (1024x768)
  --format FORMAT        of pixels (xrgb8888): ${pixelFormatNames.slice(0, 6).join(', ')},
                         ${pixelFormatNames.slice(6).join(', ')}
  --vnc HOST:PORT|off    where viewers connect (127.0.0.1:0); port 0 picks a free one
  --password-file FILE   its first line is asked of every viewer; without it, a password is made for this run
  --no-password          nothing is asked of a viewer; on a loopback address only
  --view-only            no viewer's input reaches the guest
  --memory MIB           device memory, which the largest mode has to fit into (64; "run": two screens of 32 bits)
  --tracker NAME         how stores are found (auto); see "umfb doctor"
  --fps N                most frames a second to any sink (60)
  --json                 one JSON object a line on standard output instead of text, the first when it is ready
`

/** What parse() makes of the options above. */
export interface DeviceValues {
  name?: string | undefined
  size: string
  format: string
  vnc: string
  'password-file'?: string | undefined
  'no-password': boolean
  'view-only': boolean
  memory?: string | undefined
  tracker: string
  fps: string
  json: boolean
}

/** The options of a device, with what the user has to be told of them. */
export interface InterpretedOptions {
  readonly device: DeviceOptions
  /** To be shown: made for this run, or undefined where the user knows it, or none is asked. */
  readonly madePassword: string | undefined
}

/**
 * @throws UsageError values that cannot be meant
 * @throws PasswordFileError
 */
export async function interpret(values: DeviceValues): Promise<InterpretedOptions> {
  const { vnc: address, format } = values
  if (!isPixelFormatName(format)) {
    throw new UsageError(`--format: expected one of ${pixelFormatNames.join(', ')}, received ${format}`)
  }
  const vnc = address === 'off' ? undefined : parseAddress(address)
  const { password, made } = await choosePassword(values, vnc)
  return {
    device: {
      ...(values.name !== undefined && { name: values.name }),
      ...parseSize(values.size),
      format: format as PixelFormatName,
      tracker: values.tracker as TrackerName,
      fps: parseNumber('--fps', values.fps),
      ...(values.memory !== undefined && {
        capacityBytes: Math.round(parseNumber('--memory', values.memory) * 2 ** 20),
      }),
      ...(vnc && { vnc: { ...vnc, password, viewOnly: values['view-only'] } }),
    },
    madePassword: made ? password : undefined,
  }
}

async function choosePassword(values: DeviceValues, vnc: Address | undefined) {
  const file = values['password-file']
  if (values['no-password']) {
    if (file !== undefined) throw new UsageError('expected --no-password or --password-file, received both')
    if (vnc && !isLoopback(await resolveHost(vnc.host))) {
      throw new UsageError(
        `--no-password: expected a loopback address, received ${vnc.host}, where anybody could watch and type. ` +
          'Use --password-file, or a password that is made for this run.',
      )
    }
    return { password: undefined, made: false }
  }
  if (file === undefined) return { password: vnc && randomPassword(), made: true }
  const { password, warnings } = await readPasswordFile(file)
  for (const warning of warnings) tell(`umfb: ${warning}`)
  return { password, made: false }
}
