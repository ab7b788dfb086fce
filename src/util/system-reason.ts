import { getSystemErrorMap } from 'node:util'

/**
 * Why a system call failed, in words alone ("no such file or directory"): Node's own messages repeat the call and the
 * path, which the sentence around this has said already. The message of an error that is no system call's.
 */
export function systemReason(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException
  if (errno === undefined) return message
  // Node gives negative numbers, the addon the kernel's own.
  const [, reason = message] = getSystemErrorMap().get(-Math.abs(errno)) ?? []
  return reason
}
