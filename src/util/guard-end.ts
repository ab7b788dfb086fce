import { constants } from 'node:os'
import { GuestProgramError } from '../errors.js'
import { systemReason } from './system-reason.js'

/** How a guest's program ended. */
export interface ProcessExit {
  /** null where a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** As a shell says it: the code, or 128 + the signal's number. */
  readonly status: number
}

const signalNames = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals]),
)

/**
 * @param said umfb-guard's line
 * @param guardSignal what ended the guard, if it said nothing
 * @throws GuestProgramError where the program could not be started after all
 */
export function interpretGuardEnd(said: string, program: string, guardSignal: NodeJS.Signals): ProcessExit {
  const [kind, word] = said.trim().split(' ')
  const number = Number(word)
  if (kind === 'exit') return { code: number, signal: null, status: number }
  if (kind === 'signal') return { code: null, signal: signalNames.get(number) ?? null, status: 128 + number }
  if (kind === 'exec') {
    const reason = systemReason({ errno: number, message: `errno ${number}` })
    throw new GuestProgramError(`${program} cannot be started: ${reason}`)
  }
  // The guard was killed, and the program with it, or before it was started.
  return { code: null, signal: guardSignal, status: 128 + constants.signals[guardSignal] }
}
