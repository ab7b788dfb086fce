/**
 * Every error that umfb throws on purpose: one class a kind, each with a stable `code` that programs may test.
 * A message says what was expected, what was received, and what to do. docs/errors.md lists the same codes.
 */

/** What each stable code means, in one line. docs/errors.md is held to this table by a test. */
export const errorCodes = {
  UMFB_INVALID_ARGUMENT: 'A value is outside of what the call accepts.',
  UMFB_USAGE: 'The command line was used wrongly.',
  UMFB_CLOSED: 'The object was closed before the call.',
  UMFB_SYSTEM: 'A system call failed in a way that umfb cannot work around.',
  UMFB_ADDON: 'The native addon is missing or was built for something else.',
  UMFB_TRACKER_UNAVAILABLE: 'The tracker that was asked for by name cannot work here.',
  UMFB_GUEST_PROGRAM: 'The guest program cannot be started with a framebuffer.',
  UMFB_DEVICE_NOT_FOUND: 'No running device has that name.',
  UMFB_DEVICE_NAME_TAKEN: 'A running device already has that name.',
  UMFB_ADDRESS: 'A network address cannot be listened on.',
  UMFB_PASSWORD_FILE: 'The password file cannot be used.',
  UMFB_OUTPUT: 'The output file cannot be written.',
  UMFB_CANNOT_TYPE: 'The keyboard layout has no keys for a character of the text.',
  UMFB_INPUT_STALLED: 'The guest takes no input.',
  UMFB_TIMEOUT: 'What was waited for did not come in time.',
  UMFB_NO_TEXT: 'The device has no text: it is no console.',
  UMFB_PROTOCOL: 'A peer sent what its protocol does not allow.',
} as const

export type ErrorCode = keyof typeof errorCodes

/** The base of all errors of this package. */
export class UmfbError extends Error {
  /** Stable: programs may test it. The message may change, this does not. */
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** Builds the class of one code, so that a new kind of error is one line below and one in the table. */
function errorClass(code: ErrorCode) {
  return class extends UmfbError {
    constructor(message: string, options?: ErrorOptions) {
      super(code, message, options)
    }
  }
}

export class InvalidArgumentError extends errorClass('UMFB_INVALID_ARGUMENT') {}
export class UsageError extends errorClass('UMFB_USAGE') {}
export class ClosedError extends errorClass('UMFB_CLOSED') {}
export class SystemError extends errorClass('UMFB_SYSTEM') {
  /** What the system call said: 'EPERM', 'ENOENT', … Undefined where no single call failed. */
  get systemCode(): string | undefined {
    return (this.cause as NodeJS.ErrnoException | undefined)?.code
  }
}
export class AddonError extends errorClass('UMFB_ADDON') {}
export class TrackerUnavailableError extends errorClass('UMFB_TRACKER_UNAVAILABLE') {}
export class GuestProgramError extends errorClass('UMFB_GUEST_PROGRAM') {}
export class DeviceNotFoundError extends errorClass('UMFB_DEVICE_NOT_FOUND') {}
export class DeviceNameTakenError extends errorClass('UMFB_DEVICE_NAME_TAKEN') {}
export class AddressError extends errorClass('UMFB_ADDRESS') {}
export class PasswordFileError extends errorClass('UMFB_PASSWORD_FILE') {}
export class OutputError extends errorClass('UMFB_OUTPUT') {}
export class CannotTypeError extends errorClass('UMFB_CANNOT_TYPE') {}
export class InputStalledError extends errorClass('UMFB_INPUT_STALLED') {}
export class TimeoutError extends errorClass('UMFB_TIMEOUT') {}
export class NoTextError extends errorClass('UMFB_NO_TEXT') {}
export class ProtocolError extends errorClass('UMFB_PROTOCOL') {}
