/**
 * The control protocol: how other processes of the same user see into a device. One unix stream socket a device,
 * NAME.sock in the runtime directory, mode 0600: who may open it may see the picture and type.
 *
 * A request is one line of JSON:      {"id":1,"method":"pixels","params":{"rect":[0,0,64,32]}}
 * An answer is one line of JSON:      {"id":1,"result":{…}}
 * with raw bytes right behind it:     {"id":1,"result":{…},"bytes":8192} and then 8192 bytes
 * or a failure:                       {"id":1,"error":{"code":"UMFB_INVALID_ARGUMENT","message":"…"}}
 *
 * Answers come in the order of the requests. `id` is the client's own, and may be left out. A line that is no request
 * is answered with an error; a line that is too long ends the connection.
 */

import type { ErrorCode } from '../errors.js'
import type { StrokeOptions } from '../input/strokes.js'
import type { TypeOptions } from '../input/typist.js'
import type { PixelFormatName } from '../pixels/format.js'
import type { BlankLevel } from '../surface/appearance.js'
import type { Frame } from '../surface/sink.js'
import type { SurfaceStats } from '../surface/surface.js'
import type { TrackerChoice } from '../surface/tracker-choice.js'

/** A text to be typed is the longest. */
export const maxRequestBytes = 131_072
export const maxAnswerBytes = 65536

/** The method "status". */
export interface DeviceStatus {
  readonly name: string
  /** Of the process that the device lives in. */
  readonly pid: number
  readonly width: number
  readonly height: number
  readonly format: PixelFormatName
  /** FB_BLANK_UNBLANK (0) to FB_BLANK_POWERDOWN (4) of linux/fb.h: from 1 on viewers and snapshots see black. */
  readonly blankLevel: BlankLevel
  readonly tracker: TrackerChoice
  /** How its mappings are tracked, the host's own among them: see TrackerStatus in src/native/binding.ts. */
  readonly tracking: SurfaceStats['tracking']
  /** Who draws: a program, or undefined where nobody has been started. */
  readonly guest?: { readonly program: string; readonly pid: number }
  /** Where viewers connect; undefined where there is no RFB server. */
  readonly vnc?: { readonly host: string; readonly port: number }
  readonly viewers: number
  /** Frames with damage, so far. */
  readonly frames: number
}

/**
 * The result of the method "pixels", whose params may hold `rect`: x, y, width, height; default: all. Its bytes are the
 * rect's pixels, taken after a fresh harvest, rows without padding.
 */
export interface PixelsResult {
  readonly width: number
  readonly height: number
  readonly format: PixelFormatName
  /** 256 × 3 bytes in base64, of an indexed format. */
  readonly palette?: string
}

/**
 * The params of the method "type". Its result is empty, and comes when the last key is on its way to the guest. The text is
 * typed to its end also where the client leaves: one that ended its side alone cannot be told from one that is gone.
 */
export interface TypeParams extends StrokeOptions {
  readonly text: string
  readonly intervalMs?: number
}

/**
 * The params of the method "text", in this order: waits for the pattern, a regular expression with the flags m and u, and then
 * until the text has not changed for stableMs; both together for timeoutMs at most.
 */
export interface TextParams {
  readonly pattern?: string
  readonly stableMs?: number
  /** Default: no limit. */
  readonly timeoutMs?: number
}

/** The result of the method "text": the screen's lines, without blanks at their ends. */
export interface TextResult {
  readonly text: string
}

/** What the server needs of a device. */
export interface ControlledDevice {
  status(): DeviceStatus
  /** Harvests at once. The pixels are valid until the next turn of the event loop. */
  snapshot(): Pick<Frame, 'mode' | 'pixels' | 'palette'>
  type(text: string, options: TypeOptions): Promise<void>
  /** @param signal the client has gone. @throws NoTextError, TimeoutError */
  text(params: TextParams, signal?: AbortSignal): Promise<string>
}

export interface Answer {
  readonly id?: unknown
  readonly result?: object
  readonly bytes?: number
  readonly error?: { readonly code: ErrorCode; readonly message: string }
}
